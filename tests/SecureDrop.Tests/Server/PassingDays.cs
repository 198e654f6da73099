using SecureDrop.Server.Storage;

namespace SecureDrop.Tests.Server;

/// <summary>
/// The days of a server whose time passes in leaps, where a test does not wait: to the store it is as if somebody had looked at the clock
/// each minute, unless looks are noted.
/// </summary>
internal sealed class PassingDays(IDayStore inner) : IDayStore
{
    /// <summary>Whether the store is told of each look.</summary>
    public bool AreNoted { get; set; }

    public Task<byte[]> ReadOrCreateKeyAsync(DateOnly day, ReadOnlyMemory<byte> candidate, CancellationToken cancel) => inner.ReadOrCreateKeyAsync(day, candidate, cancel);

    public Task<byte[]?> ReadKeyAsync(DateOnly day, CancellationToken cancel) => inner.ReadKeyAsync(day, cancel);

    public Task<IReadOnlyList<DateOnly>> ListKeyDaysAsync(CancellationToken cancel) => inner.ListKeyDaysAsync(cancel);

    public Task DestroyKeyAsync(DateOnly day, CancellationToken cancel) => inner.DestroyKeyAsync(day, cancel);

    public Task<DateOnly> EndEarlyAsync(DateOnly day, DateOnly endsOn, CancellationToken cancel) => inner.EndEarlyAsync(day, endsOn, cancel);

    public Task<IReadOnlyDictionary<DateOnly, DateOnly>> ListEarlyEndsAsync(CancellationToken cancel) => inner.ListEarlyEndsAsync(cancel);

    public Task ForgetEarlyEndAsync(DateOnly day, CancellationToken cancel) => inner.ForgetEarlyEndAsync(day, cancel);

    public Task BlurTimesAsync(DateTimeOffset now, CancellationToken cancel) => inner.BlurTimesAsync(now, cancel);

    public Task LookAsync(DateTimeOffset now, CancellationToken cancel) => AreNoted ? inner.LookAsync(now, cancel) : Task.CompletedTask;

    public Task<bool> TryClaimEndAsync(DayEnd kind, DateTimeOffset now, CancellationToken cancel) => inner.TryClaimEndAsync(kind, now, cancel);
}
