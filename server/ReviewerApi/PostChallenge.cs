using Microsoft.AspNetCore.Http.HttpResults;

namespace SecureDrop.Server.ReviewerApi;

internal static class PostChallenge
{
    public static async Task<Ok<ChallengeAnswer>> HandleAsync(Sessions sessions, CancellationToken cancel) =>
        TypedResults.Ok(new ChallengeAnswer(await sessions.ChallengeAsync(cancel)));
}
