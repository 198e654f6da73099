using SecureDrop.Server.Privacy;

namespace SecureDrop.Server.Health;

/// <summary>What may be missing, for whoever runs the server: what it is and what to do.</summary>
internal static class HealthRefusals
{
    /// <summary>The next look is in a minute.</summary>
    public const int RetrySeconds = 60;

    public static Refusal Starting => Of("The server has not looked at its store yet; ask again in a minute.");
    public static Refusal Hangs => Of("The server has not looked at its store for minutes; if that lasts, start it again.");
    public static Refusal StoreAway => Of("The store does not answer; the log says why, and it is asked again until it does.");
    public static Refusal StoreFault => Of("The store has a fault; the log says which.");
    public static Refusal NoRoster => Of("There is no roster yet; publish one.");
    public static Refusal Expired => Of("The roster has expired, so the drop is closed to reports; publish a new one.");
    public static Refusal Nobody => Of("No reviewer has a key for today, so the drop is closed to reports; renew the reviewers' keys.");

    private static Refusal Of(string title) => new(StatusCodes.Status503ServiceUnavailable, title, RetrySeconds);
}
