using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.ReviewerApi;

internal static class GetTexts
{
    public static Task<Results<PushStreamHttpResult, Refusal>> HandleAsync(
        string day, HttpRequest request, IReportStore reports, CancellationToken cancel)
    {
        Results<PushStreamHttpResult, Refusal> result = ListQuery.TryParse(day, request, out var date, out var from)
            ? RecordStream.Of(from, async (after, limit) =>
                [.. (await reports.ReadTextsAsync(date, after, limit, cancel)).Select(text => (text.Id, text.SealedBytes))], cancel)
            : Refusals.Malformed;
        return Task.FromResult(result);
    }
}
