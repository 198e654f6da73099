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
        if (await reports.ReadPartAsync(admission.Day, admission.Id, 0, cancel) is not { } first)
            return Refusals.Incomplete;
        if (!SizeClass.IsSealedSize(sizeInBytes, SealedForm.Stanzas(first.Span), out var plaintext))
            return Refusals.NotSealed;
        if (plaintext == SizeClass.SmallestInBytes)
            return Refusals.NotAText;
        var outcome = await reports.CommitAsync(admission.Day, admission.Id, parts, sizeInBytes, cancel);
        if (outcome == CommitOutcome.Committed)
            upload.Committed(sizeInBytes);
        return StoreRefusals.Of(outcome);
    }
}
