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
        var refusal = await upload.TextAsync(request, id, async (admission, body) =>
        {
            if (!SealedForm.IsText(body.Span))
                return Refusals.NotSealed;
            var outcome = await reports.StoreTextAsync(admission.Day, admission.Id, body, cancel);
            if (outcome == StoreOutcome.Stored)
                upload.StoredText(admission.Day, body.Length);
            return StoreRefusals.Of(outcome);
        }, cancel);
        return refusal is null ? TypedResults.NoContent() : refusal;
    }
}
