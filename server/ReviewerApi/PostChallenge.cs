using Microsoft.AspNetCore.Http.HttpResults;

namespace SecureDrop.Server.ReviewerApi;

internal static class PostChallenge
{
    public static Ok<ChallengeAnswer> Handle(Sessions sessions) => TypedResults.Ok(new ChallengeAnswer(sessions.Challenge()));
}
