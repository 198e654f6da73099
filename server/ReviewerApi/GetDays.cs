using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Crypto.Json;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.ReviewerApi;

internal static class GetDays
{
    public static async Task<Ok<IReadOnlyList<DayAnswer>>> HandleAsync(
        IReportStore reports, IDeadDropStore deadDrops, IDayStore days, CancellationToken cancel)
    {
        var stored = (await reports.ListDaysAsync(cancel)).Where(day => day.Problem is null).ToDictionary(day => day.Day);
        var copies = await deadDrops.CountCopiesAsync(cancel);
        var early = await days.ListEarlyEndsAsync(cancel);
        IReadOnlyList<DayAnswer> answer = [.. stored.Keys.Union(copies.Keys).Order().Select(day => new DayAnswer(
            Day.Write(day),
            stored.TryGetValue(day, out var summary) ? summary.Reports : 0,
            summary?.SizeInBytes ?? 0,
            copies.GetValueOrDefault(day),
            early.TryGetValue(day, out var endsOn) ? Day.Write(endsOn) : null))];
        return TypedResults.Ok(answer);
    }
}
