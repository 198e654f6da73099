using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Crypto.Json;
using SecureDrop.Server.Days;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.ReviewerApi;

internal static class DeleteDay
{
    /// <summary>Full days after a day before it can end early: no single reviewer makes reports vanish before the others have them.</summary>
    public const int GraceInDays = 7;

    public static async Task<Results<Ok<EndAnswer>, Refusal>> HandleAsync(
        string day, DayKeyRing keys, DayKeeper keeper, IReportStore reports, IDeadDropStore deadDrops, IDayStore days, CancellationToken cancel)
    {
        if (!Day.TryParse(day, out var date))
            return Refusals.Malformed;
        var isThere = (await reports.ListDaysAsync(cancel)).Any(stored => stored.Day == date)
            || (await deadDrops.CountCopiesAsync(cancel)).ContainsKey(date);
        if (!isThere)
            return Refusals.NotFound;
        var earliest = date.AddDays(GraceInDays + 1);
        var endsOn = await days.EndEarlyAsync(date, earliest > keys.Today ? earliest : keys.Today, cancel);
        await keeper.TickAsync(cancel);
        return TypedResults.Ok(new EndAnswer(Day.Write(date), Day.Write(endsOn)));
    }
}
