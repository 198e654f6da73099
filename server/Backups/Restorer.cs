using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Backups;

/// <summary>What was put back.</summary>
/// <param name="Days">So many files of days, those that were there from an earlier try included.</param>
/// <param name="Ended">Files of days that have ended since the backup was made, and stay ended.</param>
internal sealed record Restored(int Days, IReadOnlyList<BackupFile> Ended);

/// <summary>
/// Puts a backup into a store that has no drop. Days come first, each whole or not at all, and the roster last: before it, nobody can log in or
/// send anything. So what was interrupted is done again from the beginning: a day that is there already is compared with the backup, as is each
/// day that was just put back, and nothing that is in the store is ever changed or removed.
/// </summary>
internal sealed class Restorer(ServerStores stores, RetentionOptions retention, TimeProvider time)
{
    private readonly IRestoreStore _restores = stores.Restores ?? throw new ArgumentException("These stores cannot be restored into.", nameof(stores));

    /// <exception cref="BackupException">There is a drop already, or part of another one.</exception>
    /// <exception cref="StoreException">The store does not take it.</exception>
    public async Task<Restored> RestoreAsync(CheckedBackup backup, CancellationToken cancel)
    {
        var days = backup.Files.Where(entry => entry.File.Day is not null).ToList();
        var there = await RequireNoOtherDropAsync([.. days.Select(entry => entry.File)], cancel);
        var ended = days.Where(entry => HasEnded(entry.File, backup.Ends)).Select(entry => entry.File).ToList();
        var wanted = days.Where(entry => !ended.Contains(entry.File)).ToList();
        await RequireRoomAsync(wanted.Where(entry => !there.Contains(entry.File)).Sum(entry => entry.SizeInBytes), cancel);
        foreach (var entry in wanted)
        {
            if (!there.Contains(entry.File))
                await PutBackAsync(backup, entry, cancel);
            await RequireSameAsync(entry, cancel);
        }
        foreach (var (day, endsOn) in backup.Ends.Where(end => wanted.Exists(entry => entry.File.Day == end.Key)))
            await stores.Days.EndEarlyAsync(day, endsOn, cancel);
        if (await stores.Rosters.ReplaceAsync(0, backup.Document, cancel) != RosterOutcome.Stored)
            throw new BackupException("A roster was published while the backup was put back, so a server is running on this store. Stop it, and put the backup into an empty store.");
        // Nobody else sets this drop up.
        await stores.Rosters.WriteSetupTokenHashAsync(null, cancel);
        await stores.Days.BlurTimesAsync(time.GetUtcNow(), cancel);
        return new Restored(wanted.Count, ended);
    }

    /// <returns>Files whose days are there, from a restore that was interrupted.</returns>
    private async Task<HashSet<BackupFile>> RequireNoOtherDropAsync(HashSet<BackupFile> known, CancellationToken cancel)
    {
        if (await stores.Rosters.ReadAsync(cancel) is not null)
            throw new BackupException("There is a drop here already, and nothing is overwritten: put the backup into an empty folder or database.");
        var reports = (await stores.Reports.ListDaysAsync(cancel)).Select(day => new BackupFile(BackupContent.Reports, day.Day));
        var deadDrops = (await stores.DeadDrops.ListAsync(cancel)).Select(day => new BackupFile(BackupContent.DeadDrop, day.Day));
        var copies = (await stores.DeadDrops.CountCopiesAsync(cancel)).Select(day => new BackupFile(BackupContent.Copies, day.Key));
        var there = reports.Concat(deadDrops).Concat(copies).ToHashSet();
        // Open days and keys are a running drop's, whose roster was lost.
        if (!there.IsSubsetOf(known) || (await stores.Reports.ListOpenDaysAsync(cancel)).Count > 0 || (await stores.Days.ListKeyDaysAsync(cancel)).Count > 0)
            throw new BackupException("There are days of another drop, or of a later day of this one, here already, and nothing is overwritten: put the backup into an empty folder or database.");
        return there;
    }

    /// <summary>What has ended since is not brought back, not even until the server looks: that it is gone was promised.</summary>
    private bool HasEnded(BackupFile file, IReadOnlyDictionary<DateOnly, DateOnly> ends)
    {
        var (day, today) = (file.Day!.Value, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        return file.Content == BackupContent.DeadDrop
            ? day.AddDays(retention.DeadDropDays) < today
            : day.AddDays(retention.ReportDays) < today || (ends.TryGetValue(day, out var endsOn) && endsOn <= today);
    }

    private async Task RequireRoomAsync(long neededInBytes, CancellationToken cancel)
    {
        // Of a day of which there is nothing: it is the room that is asked for.
        var free = (await stores.Reports.MeasureAsync(DateOnly.MinValue, cancel)).FreeInBytes;
        if (neededInBytes > free)
            throw new StoreException($"The store has room for {Math.Max(0, free) >> 20} MiB above what is to stay free (SecureDrop:Drop:FreeSpaceFloorInMebibytes), and the backup has {(neededInBytes >> 20) + 1} MiB; make room, and run this again.", isFull: true);
    }

    private async Task PutBackAsync(CheckedBackup backup, ManifestEntry entry, CancellationToken cancel)
    {
        await using var file = backup.Read(entry);
        var (reader, day) = (new RecordReader(file, entry.SizeInBytes), entry.File.Day!.Value);
        try
        {
            switch (entry.File.Content)
            {
                case BackupContent.Copies:
                    await _restores.RestoreCopiesAsync(day, CopyRecords.ReadAsync(reader, cancel), cancel);
                    break;
                case BackupContent.DeadDrop:
                    var bits = await SlotRecords.ReadShardBitsAsync(reader, cancel);
                    await _restores.RestoreDeadDropAsync(day, bits, SlotRecords.ReadAsync(reader, bits, cancel), cancel);
                    break;
                default:
                    await _restores.RestoreReportsAsync(day, ReportRecords.ReadAsync(reader, cancel), cancel);
                    break;
            }
        }
        catch (BackupFormatException e)
        {
            throw new BackupException($"{backup.PathOf(entry)} was changed while the backup was put back; look at who else writes there, and begin again with an empty folder or database.", e);
        }
    }

    /// <summary>The store writes the day as a backup would have it: the same bytes, or something else is there.</summary>
    private async Task RequireSameAsync(ManifestEntry entry, CancellationToken cancel)
    {
        using var sink = new DigestSink();
        await new BackupMaker(stores, time).WriteDayAsync(entry.File, sink, cancel);
        if (sink.Problem is { } problem)
            throw new StoreException(problem);
        if (sink.Entry != entry)
            throw new BackupException($"The store holds something else as {entry.File.Name} than the backup does: put the backup into an empty folder or database.");
    }
}
