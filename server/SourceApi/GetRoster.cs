using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Rosters;

namespace SecureDrop.Server.SourceApi;

internal static class GetRoster
{
    public static async Task<Results<FileContentHttpResult, Refusal>> HandleAsync(RosterDesk rosters, CancellationToken cancel) =>
        await rosters.ReadAsync(cancel) is { } drop
            ? TypedResults.Bytes(drop.Answer, "application/json")
            : Refusals.NotSetUp;
}
