using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.ReviewerApi;

internal static class GetReport
{
    public static async Task<Results<FileStreamHttpResult, Refusal>> HandleAsync(string id, IReportStore reports, CancellationToken cancel)
    {
        if (!StoredId.TryParse(id, out var storedId))
            return Refusals.Malformed;
        return await reports.FindAsync(storedId, cancel) is { } report
            ? TypedResults.Stream(new ReportStream(reports, report), MediaType.Octets, enableRangeProcessing: true)
            : Refusals.NotFound;
    }
}
