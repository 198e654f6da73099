using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Crypto.Json;
using SecureDrop.Server.Days;
using SecureDrop.Server.Options;
using SecureDrop.Server.Rosters;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.ReviewerApi;

internal static class GetStatus
{
    public static async Task<Ok<StatusAnswer>> HandleAsync(
        DayKeyRing keys, DayKeeper keeper, RosterDesk rosters, IDeadDropStore deadDrops, ServerOptions options, CancellationToken cancel)
    {
        await keeper.TryTurnAsync(cancel);
        var today = keys.Today;
        var running = (await deadDrops.ListAsync(cancel)).FirstOrDefault(day => day.Day == today);
        return TypedResults.Ok(new StatusAnswer(
            Day.Write(today), await rosters.ReadAsync(cancel) is not null, options.DeadDrop.PublishAtOnce,
            running?.ShardBits ?? 0, [.. Warnings(keeper, options)]));
    }

    private static IEnumerable<string> Warnings(DayKeeper keeper, ServerOptions options)
    {
        if (options.DeadDrop.PublishAtOnce)
            yield return "Replies are published at once, so whoever polls sees when reviewers work: for demonstrations only.";
        if (keeper.DaysWaitingToEnd > 0)
            yield return $"{keeper.DaysWaitingToEnd} days are due to end and end one an hour; if that is a surprise, the server's clock has jumped ahead: correct it now.";
        if (keeper.IsClockBehind)
            yield return "The server's clock stands before a day that it has seen: correct it.";
    }
}
