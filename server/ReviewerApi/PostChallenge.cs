using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Server.Privacy;

namespace SecureDrop.Server.ReviewerApi;

internal static class PostChallenge
{
    public static Results<Ok<ChallengeAnswer>, Refusal> Handle(Sessions sessions) =>
        sessions.Challenge() is { } challenge ? TypedResults.Ok(new ChallengeAnswer(challenge)) : Refusals.Busy;
}
