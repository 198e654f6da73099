using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Rosters;

namespace SecureDrop.Server.ReviewerApi;

internal static class PostSession
{
    public static async Task<Results<Ok<SessionAnswer>, Refusal>> HandleAsync(
        HttpRequest request, Sessions sessions, RosterDesk rosters, ReviewerOrigin origin, TimeProvider time, CancellationToken cancel)
    {
        var (json, refusal) = await StatementBody.ReadAsync(request, StatementBody.LargestInBytes, time, cancel);
        if (refusal is not null)
            return refusal;
        try
        {
            var signed = SignedStatement.Read(StatementPurpose.Session, json);
            return await JudgeAsync(signed, sessions, rosters, origin, cancel) is { } token
                ? TypedResults.Ok(new SessionAnswer(token))
                : Refusals.ChallengeRefused;
        }
        catch (StrictJsonException e)
        {
            return StatementBody.Wrong(e);
        }
        catch (RosterException)
        {
            return Refusals.ChallengeRefused;
        }
    }

    /// <returns>The token, or null.</returns>
    private static async Task<string?> JudgeAsync(
        SignedStatement signed, Sessions sessions, RosterDesk rosters, ReviewerOrigin origin, CancellationToken cancel)
    {
        var statement = SessionStatement.Parse(signed.Statement.Span);
        // An origin that is not ours: signed for another server, relayed to this one by whoever runs that.
        return string.Equals(statement.Origin, origin.Value, StringComparison.Ordinal)
            && await rosters.ReadAsync(cancel) is { } drop && drop.ReviewerOf(statement.SessionKey) is not null
            && signed.TryVerify(statement.SessionKey, out _)
                // Last: only a reviewer's signature uses a challenge up, so that strangers cannot fill the list of those used.
                ? await sessions.OpenAsync(statement.Challenge, statement.SessionKey, cancel)
                : null;
    }
}
