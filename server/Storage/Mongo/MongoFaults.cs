using MongoDB.Driver;

namespace SecureDrop.Server.Storage.Mongo;

/// <summary>
/// Tells a database that is away for now (no primary, an election, a cut line, too slow) from one that refuses. The first becomes a <see
/// cref="StoreException"/> which says so and nothing else: the driver's words name hosts, and some of its versions the connection string.
/// </summary>
internal static class MongoFaults
{
    // https://github.com/mongodb/specifications, "retryable errors", and those of a time limit or a concern that cannot be met now.
    private static readonly HashSet<int> AwayCodes =
    [
        6, // HostUnreachable
        7, // HostNotFound
        50, // MaxTimeMSExpired
        64, // WriteConcernFailed (timed out)
        89, // NetworkTimeout
        91, // ShutdownInProgress
        100, // UnsatisfiableWriteConcern
        133, // FailedToSatisfyReadPreference
        134, // ReadConcernMajorityNotAvailableYet
        189, // PrimarySteppedDown
        202, // NetworkInterfaceExceededTimeLimit
        262, // ExceededTimeLimit
        9001, // SocketException
        10107, // NotWritablePrimary
        11600, // InterruptedAtShutdown
        11602, // InterruptedDueToReplStateChange
        13435, // NotPrimaryNoSecondaryOk
        13436, // NotPrimaryOrSecondary
    ];

    /// <summary>Whether the same may succeed when it is asked again in a while.</summary>
    public static bool IsAway(this Exception e) => e switch
    {
        TimeoutException => true,
        MongoAuthenticationException => false,
        MongoConnectionException or MongoConnectionPoolPausedException or MongoWaitQueueFullException or MongoExecutionTimeoutException => true,
        MongoNotPrimaryException or MongoNodeIsRecoveringException => true,
        // It went with the member that kept it.
        MongoCursorNotFoundException => true,
        MongoWriteException { WriteConcernError: { } concern } => AwayCodes.Contains(concern.Code),
        MongoBulkWriteException { WriteConcernError: { } concern } => AwayCodes.Contains(concern.Code),
        // The command succeeded and has no code: only what was to follow it did not come.
        MongoWriteConcernException { WriteConcernResult.Response: { } answer } =>
            answer.TryGetValue("writeConcernError", out var concern) && AwayCodes.Contains(concern["code"].ToInt32()),
        MongoCommandException command => AwayCodes.Contains(command.Code),
        _ => false,
    };

    /// <summary>What callers get in its place.</summary>
    public static StoreException Away(Exception e) => new($"MongoDB does not answer ({e.GetType().Name}).", e, isAway: true);

    /// <summary>A password that is changed while a server runs is away as well: it is said once, not with every visit.</summary>
    public static async Task GuardAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception e) when (e.IsAway() || e is MongoAuthenticationException)
        {
            throw Away(e);
        }
    }

    /// <inheritdoc cref="GuardAsync(Task)"/>
    public static async Task<T> GuardAsync<T>(Task<T> work)
    {
        try
        {
            return await work;
        }
        catch (Exception e) when (e.IsAway() || e is MongoAuthenticationException)
        {
            throw Away(e);
        }
    }
}
