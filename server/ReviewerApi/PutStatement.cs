using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Server.Days;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Rosters;

namespace SecureDrop.Server.ReviewerApi;

/// <summary>Roster, recipient and successor: signed statements that carry their own authority.</summary>
internal static class PutStatement
{
    public static async Task<Results<NoContent, Refusal>> RosterAsync(
        HttpRequest request, RosterDesk rosters, DayKeeper keeper, RosterGate gate, TimeProvider time, CancellationToken cancel)
    {
        using var place = gate.TryEnter();
        if (place is null)
            return Refusals.Busy;
        return await TakeAsync(request, StatementBody.LargestRosterInBytes, time, async json =>
        {
            var token = json.Element.TryGetProperty("setupToken", out _) ? json.RequireTextOrNull("setupToken") : null;
            IReadOnlyList<SignedStatement> successors = json.Element.TryGetProperty("successors", out _)
                ? [.. json.RequireObjects("successors", DropKeyChain.MostSuccessors).Select(item => SignedStatement.Read(StatementPurpose.Successor, item))]
                : [];
            var refusal = await rosters.PublishRosterAsync(SignedStatement.Read(StatementPurpose.Roster, json), successors, token, cancel);
            if (refusal is null)
            {
                // The first roster begins the first dead drop.
                await keeper.TickAsync(cancel);
            }
            return refusal;
        }, cancel, place);
    }

    public static Task<Results<NoContent, Refusal>> RecipientAsync(
        HttpRequest request, RosterDesk rosters, TimeProvider time, CancellationToken cancel) =>
        TakeAsync(request, StatementBody.LargestInBytes, time, json => rosters.PublishRecipientAsync(SignedStatement.Read(StatementPurpose.Recipient, json), cancel), cancel);

    public static Task<Results<NoContent, Refusal>> SuccessorAsync(
        HttpRequest request, RosterDesk rosters, TimeProvider time, CancellationToken cancel) =>
        TakeAsync(request, StatementBody.LargestInBytes, time, json => rosters.PublishSuccessorAsync(SignedStatement.Read(StatementPurpose.Successor, json), cancel), cancel);

    private static async Task<Results<NoContent, Refusal>> TakeAsync(
        HttpRequest request, int mostInBytes, TimeProvider time, Func<StrictObject, Task<Refusal?>> take, CancellationToken cancel, Gate.Place? place = null)
    {
        var (json, refusal) = await StatementBody.ReadAsync(request, mostInBytes, time, cancel, place);
        try
        {
            refusal ??= await take(json);
        }
        catch (StrictJsonException e)
        {
            refusal = StatementBody.Wrong(e);
        }
        return refusal is null ? TypedResults.NoContent() : refusal;
    }
}
