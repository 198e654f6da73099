using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.SourceApi;

internal static class PutReport
{
    public static async Task<Results<NoContent, Refusal>> HandleAsync(
        string id, HttpRequest request, Upload upload, IReportStore reports, CancellationToken cancel)
    {
        var refusal = await upload.TakeAsync(request, id, block: 0, MediaType.Octets, SealedForm.LargestTextInBytes, async (admission, body) =>
            SealedForm.IsText(body.Span)
                ? StoreRefusals.Of(await reports.StoreTextAsync(admission.Day, admission.Id, body, cancel))
                : Refusals.NotSealed, cancel);
        return refusal is null ? TypedResults.NoContent() : refusal;
    }
}
