using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.ReviewerApi;

internal static class GetReports
{
    private const int MostAtATime = 10_000;

    public static async Task<Results<Ok<IReadOnlyList<ReportAnswer>>, Refusal>> HandleAsync(
        string day, HttpRequest request, IReportStore reports, CancellationToken cancel)
    {
        if (!ListQuery.TryParse(day, request, out var date, out var after))
            return Refusals.Malformed;
        IReadOnlyList<ReportAnswer> answer = [.. (await reports.ListReportsAsync(date, after, MostAtATime, cancel))
            .Select(report => new ReportAnswer(report.Id.ToString(), report.SizeInBytes))];
        return TypedResults.Ok(answer);
    }
}
