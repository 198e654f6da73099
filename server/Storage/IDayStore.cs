namespace SecureDrop.Server.Storage;

/// <summary>The three ways in which a day loses something; each happens at most once an hour.</summary>
public enum DayEnd
{
    /// <summary>The day key is destroyed and the day takes no more parts.</summary>
    Key,

    /// <summary>The dead drop of the day goes.</summary>
    DeadDrop,

    /// <summary>Reports and copies of the day go.</summary>
    Reports,
}

/// <summary>Day keys, and which day may end when.</summary>
/// <remarks>
/// Shared by all servers of a drop: of two that create a day's key at once, both get the one that was stored; of two that
/// claim the end of a day in one hour, one gets it. A destroyed key cannot be read again from anything this store wrote
/// itself; a database may keep a log of its own for a while, and then its store says so.
/// </remarks>
public interface IDayStore
{
    /// <summary>Length of a day key.</summary>
    const int KeySizeInBytes = 32;

    /// <summary>Hours between two looks at the clock after which nothing ends at once.</summary>
    const int LongestPauseInHours = 24;

    /// <summary>Hours in which nothing ends then: a day, so that the day on which a clock jumped is over before it is closed to reports.</summary>
    const int HoldInHours = 24;

    /// <summary>The day's key; where there is none, <paramref name="candidate"/> becomes it.</summary>
    Task<byte[]> ReadOrCreateKeyAsync(DateOnly day, ReadOnlyMemory<byte> candidate, CancellationToken cancel);

    /// <summary>The day's key, or null.</summary>
    Task<byte[]?> ReadKeyAsync(DateOnly day, CancellationToken cancel);

    /// <summary>The days that have a key, ascending.</summary>
    Task<IReadOnlyList<DateOnly>> ListKeyDaysAsync(CancellationToken cancel);

    /// <summary>Destroys the day's key.</summary>
    Task DestroyKeyAsync(DateOnly day, CancellationToken cancel);

    /// <summary>Notes that a reviewer asked for the day to end on <paramref name="endsOn"/>; an earlier wish stands.</summary>
    Task<DateOnly> EndEarlyAsync(DateOnly day, DateOnly endsOn, CancellationToken cancel);

    /// <summary>The days for which that was asked, and when they end.</summary>
    Task<IReadOnlyDictionary<DateOnly, DateOnly>> ListEarlyEndsAsync(CancellationToken cancel);

    /// <summary>Forgets the wish once the day has ended.</summary>
    Task ForgetEarlyEndAsync(DateOnly day, CancellationToken cancel);

    /// <summary>
    /// Called once a minute: where the store keeps files, their times say from here on that it was called, and no longer when
    /// somebody last came.
    /// </summary>
    Task BlurTimesAsync(DateTimeOffset now, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>
    /// Called at each look at the clock. Where that stands more than <see cref="LongestPauseInHours"/> after the last look of any server, or is
    /// the first one over this store, it may have jumped ahead: then <see cref="TryClaimEndAsync"/> gives nobody anything for
    /// <see cref="HoldInHours"/> at least, so that a clock can be set right before anything is lost by it.
    /// </summary>
    Task LookAsync(DateTimeOffset now, CancellationToken cancel);

    /// <summary>
    /// True for one caller in an hour and kind. A last end that lies further in the future than a hold (the clock was set back) is taken as now.
    /// </summary>
    Task<bool> TryClaimEndAsync(DayEnd kind, DateTimeOffset now, CancellationToken cancel);
}
