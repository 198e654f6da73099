using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Server.Health;
using SecureDrop.Server.Privacy;

namespace SecureDrop.Server.ReviewerApi;

/// <summary>For whoever runs the server, not for reviewers: it is on their listener because sources need not know it.</summary>
internal static class GetHealth
{
    public static Ok<HealthAnswer> Live() => TypedResults.Ok(new HealthAnswer("live"));

    public static Results<Ok<HealthAnswer>, Refusal> Ready(Readiness readiness) =>
        readiness.Missing is { } missing ? missing : TypedResults.Ok(new HealthAnswer("ready"));
}
