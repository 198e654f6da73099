using System.Security.Cryptography;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Backups;

/// <summary>
/// Puts a backup into a store that is empty, of either kind. The roster comes last: without one a drop takes and shows nothing, so what
/// was broken off before is never taken for a drop.
/// </summary>
internal sealed class RestoreRun(BackupContents backup, ServerStores stores, CancellationToken cancel)
{
    private const int AtOnce = 32;
    private const int BatchSizeInBytes = 8 << 20;

    public static async Task<BackupResult> FromAsync(ServerOptions options, string path, TimeProvider time, ServerLog log, CancellationToken cancel)
    {
        var backup = BackupContents.Open(path, options);
        await using var stores = await ServerStores.OpenAsync(options, log, time, cancel);
        await new RestoreRun(backup, stores, cancel).StoreAsync();
        return new BackupResult(backup.Files.Count, backup.Files.Sum(file => file.File.Bytes), []);
    }

    private async Task StoreAsync()
    {
        await RequireEmptyAsync();
        foreach (var day in backup.Files.Where(file => file.Name.Part is BackupPart.Texts or BackupPart.Report).GroupBy(file => file.Name.Day).OrderBy(day => day.Key))
        {
            await stores.Reports.BeginDayAsync(day.Key, cancel);
            foreach (var (name, _) in day)
                await (name.Part == BackupPart.Texts ? TextsAsync(name) : ReportAsync(name));
            await stores.Reports.CompleteDayAsync(day.Key, cancel);
        }
        foreach (var day in backup.Files.Where(file => file.Name.Part is BackupPart.Slots or BackupPart.Copies).GroupBy(file => file.Name.Day).OrderBy(day => day.Key))
            await DeadDropAsync(day.Key, [.. day.Select(file => file.Name)]);
        foreach (var (day, endsOn) in backup.EarlyEnds())
            await stores.Days.EndEarlyAsync(day, endsOn, cancel);
        Require(await stores.Rosters.ReplaceAsync(0, backup.ReadAll(new(BackupPart.Roster)), cancel) == RosterOutcome.Stored, false);
        await stores.Rosters.WriteSetupTokenHashAsync(null, cancel);
    }

    private async Task RequireEmptyAsync()
    {
        if (await stores.Rosters.ReadAsync(cancel) is not null)
            throw new BackupException("There is a drop here already, which is not overwritten: restore into an empty folder, or an empty database.");
        if ((await stores.Reports.ListDaysAsync(cancel)).Count > 0 || (await stores.DeadDrops.ListAsync(cancel)).Count > 0
            || (await stores.DeadDrops.CountCopiesAsync(cancel)).Count > 0 || (await stores.Days.ListEarlyEndsAsync(cancel)).Count > 0)
            throw new BackupException("Something is stored here already, perhaps by a restore that was broken off: remove the folder, or the database, and begin again.");
    }

    private async Task TextsAsync(BackupName name)
    {
        await using var file = backup.OpenRead(name);
        await Parallel.ForEachAsync(BackupRecord.Read(file, StoredId.SizeInBytes, int.MaxValue),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (text, _) =>
            {
                var outcome = await stores.Reports.StoreTextAsync(name.Day, StoredId.FromBytes(text.Key), text.Bytes, cancel);
                Require(outcome == StoreOutcome.Stored, outcome == StoreOutcome.Full);
            });
    }

    private async Task ReportAsync(BackupName name)
    {
        await using var file = backup.OpenRead(name);
        var (buffer, part) = (new byte[IReportStore.PartSizeInBytes], 0);
        for (int length; (length = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel)) > 0; part++)
        {
            var stored = await stores.Reports.StorePartAsync(name.Day, name.Report, part, buffer.AsMemory(0, length), cancel);
            Require(stored == StoreOutcome.Stored, stored == StoreOutcome.Full);
        }
        var outcome = await stores.Reports.CommitAsync(name.Day, name.Report, part, file.Length, cancel);
        Require(outcome == CommitOutcome.Committed, outcome == CommitOutcome.Full);
    }

    /// <summary>In batches of nobody's: whose they were is long forgotten. A day whose dead drop has ended keeps its copies.</summary>
    private async Task DeadDropAsync(DateOnly day, IReadOnlyList<BackupName> names)
    {
        var hasSlots = names.Any(name => name.Part == BackupPart.Slots);
        if (hasSlots)
        {
            var name = names.First(each => each.Part == BackupPart.Slots);
            await using var file = backup.OpenRead(name);
            var (bits, entries) = BackupContents.Slots(name, file);
            await stores.DeadDrops.BeginDayAsync(day, bits, cancel);
            foreach (var some in Batches(entries, entry => entry.Slot.Length))
                await BatchAsync(day, some, []);
        }
        else
            await stores.DeadDrops.BeginDayAsync(day, 0, cancel);
        foreach (var name in names.Where(each => each.Part == BackupPart.Copies))
        {
            await using var file = backup.OpenRead(name);
            foreach (var some in Batches(BackupRecord.Read(file, StoredId.SizeInBytes, int.MaxValue), copy => copy.Bytes.Length))
                await BatchAsync(day, [], [.. some.Select(copy => (ReadOnlyMemory<byte>)copy.Bytes)]);
        }
        await stores.DeadDrops.PublishAsync(day, cancel);
        if (!hasSlots)
            await stores.DeadDrops.EndDeadDropAsync(day, cancel);
    }

    private async Task BatchAsync(DateOnly day, IReadOnlyList<DeadDropEntry> entries, IReadOnlyList<ReadOnlyMemory<byte>> copies)
    {
        var outcome = await stores.DeadDrops.StoreBatchAsync(day, RandomNumberGenerator.GetBytes(32), entries, copies, cancel);
        Require(outcome == BatchOutcome.Stored, outcome == BatchOutcome.Full);
    }

    private static IEnumerable<List<T>> Batches<T>(IEnumerable<T> items, Func<T, int> sizeInBytes)
    {
        var (batch, size) = (new List<T>(), 0);
        foreach (var item in items)
        {
            batch.Add(item);
            size += sizeInBytes(item);
            if (size < BatchSizeInBytes)
                continue;
            yield return batch;
            (batch, size) = ([], 0);
        }
        if (batch.Count > 0)
            yield return batch;
    }

    private static void Require(bool isStored, bool isFull)
    {
        if (!isStored)
        {
            throw new BackupException(isFull
                ? "The disk is full: not all of the backup was restored. Make room, remove the folder (or the database), and begin again."
                : "Something else writes to this store: not all of the backup was restored. Stop what uses it, remove the folder (or the database), and begin again.");
        }
    }
}
