using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Rosters;

namespace SecureDrop.Server.ReviewerApi;

internal static class GetEarlier
{
    public static async Task<Results<FileContentHttpResult, Refusal>> HandleAsync(RosterDesk rosters, CancellationToken cancel) =>
        await rosters.ReadAsync(cancel) is { } drop
            ? TypedResults.Bytes(drop.Earlier, "application/json")
            : Refusals.NotSetUp;
}
