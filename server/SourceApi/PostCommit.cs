using System.Buffers;
using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Reports;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.SourceApi;

internal static class PostCommit
{
    public static async Task<Results<NoContent, Refusal>> HandleAsync(
        string id, HttpRequest request, Upload upload, IReportStore reports, CancellationToken cancel)
    {
        var refusal = await upload.CommitAsync(request, id, (admission, body) => CommitAsync(upload, admission, body, reports, cancel), cancel);
        return refusal is null ? TypedResults.NoContent() : refusal;
    }

    private static async Task<Refusal?> CommitAsync(
        Upload upload, Admission admission, ReadOnlyMemory<byte> body, IReportStore reports, CancellationToken cancel)
    {
        int parts;
        long sizeInBytes;
        try
        {
            var json = StrictJson.ParseObject(body.Span);
            parts = (int)json.RequireInteger("parts", 1, SealedForm.MostParts);
            sizeInBytes = json.RequireInteger("bytes", 1);
        }
        catch (StrictJsonException)
        {
            return Refusals.Malformed;
        }
        // Judged on the bytes that are there, not on what the client says of them; a stored part never changes.
        if (await StanzasAsync(admission, reports, cancel) is not { } stanzas)
            return Refusals.Incomplete;
        if (!SizeClass.IsSealedSize(sizeInBytes, stanzas, out var plaintext))
            return Refusals.NotSealed;
        if (plaintext == SizeClass.SmallestInBytes)
            return Refusals.NotAText;
        var outcome = await reports.CommitAsync(admission.Day, admission.Id, parts, sizeInBytes, cancel);
        if (outcome == CommitOutcome.Committed)
            upload.Committed(sizeInBytes);
        return StoreRefusals.Of(outcome);
    }

    /// <summary>Of the first part, if it is there; in a buffer that is used again, for a hundred uploads that end together would leave a hundred parts
    /// for the collector to find.</summary>
    private static async Task<int?> StanzasAsync(Admission admission, IReportStore reports, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(IReportStore.PartSizeInBytes);
        try
        {
            return await reports.ReadPartIntoAsync(admission.Day, admission.Id, 0, buffer, cancel) is { } length ? SealedForm.Stanzas(buffer.AsSpan(0, length)) : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }
}
