using SecureDrop.Server.Backups;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.Storage;
using Xunit;

namespace SecureDrop.Tests.Server.Backups;

/// <summary>A restore that fails in the middle of a day.</summary>
internal static class BrokenOff
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Puts back as many days more and then fails in the middle of the next.</summary>
    public static async Task RestoreAsync(LivedDrop lived, ServerStores stores, string backup, int whole)
    {
        var breaking = new ServerStores(stores.Reports, stores.DeadDrops, stores.Rosters, stores.Days, stores.Sessions) { Restores = new BreakingStore(stores.Restores!, whole) };
        var @checked = await CheckedBackup.OpenAsync(backup, null, lived.Drop.Today, None);
        await Assert.ThrowsAsync<InvalidDataException>(() => new Restorer(breaking, new RetentionOptions(), lived.Drop.Time).RestoreAsync(@checked, None));
    }

    /// <summary>Breaks off in the middle of one day more than it may, a copy and a slot and a report in.</summary>
    private sealed class BreakingStore(IRestoreStore inner, int whole) : IRestoreStore
    {
        private int _days;

        public Task RestoreReportsAsync(DateOnly day, IAsyncEnumerable<RestoredReport> reports, CancellationToken cancel) => inner.RestoreReportsAsync(day, Breaking(reports), cancel);

        public Task RestoreDeadDropAsync(DateOnly day, int shardBits, IAsyncEnumerable<DeadDropEntry> slots, CancellationToken cancel) => inner.RestoreDeadDropAsync(day, shardBits, Breaking(slots), cancel);

        public Task RestoreCopiesAsync(DateOnly day, IAsyncEnumerable<StoredCopy> copies, CancellationToken cancel) => inner.RestoreCopiesAsync(day, Breaking(copies), cancel);

        private async IAsyncEnumerable<T> Breaking<T>(IAsyncEnumerable<T> items)
        {
            var isLast = ++_days > whole;
            await foreach (var item in items)
            {
                yield return item;
                if (isLast)
                    throw new InvalidDataException();
            }
            if (isLast)
                throw new InvalidDataException();
        }
    }
}
