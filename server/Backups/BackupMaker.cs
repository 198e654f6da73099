using SecureDrop.Server.Days;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Rosters;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Backups;

/// <summary>
/// Writes what a backup holds: of reports, copies and dead drops the days that will not change any more; the roster; and which of these days
/// end early. No day key, no login, no setup token, nothing that is not committed, and nothing of a day that still takes uploads: what two
/// backups of such a day differ by would be who came between them.
/// </summary>
/// <param name="stores">Of a server that may be at work on them.</param>
/// <param name="time">The clock.</param>
internal sealed class BackupMaker(ServerStores stores, TimeProvider time)
{
    /// <summary>Writes all of it, in order of name of the files.</summary>
    /// <exception cref="BackupException">There is no drop here.</exception>
    /// <exception cref="StoreException">The store as a whole cannot be read.</exception>
    public async Task WriteAsync(IBackupSink sink, CancellationToken cancel)
    {
        var document = await stores.Rosters.ReadAsync(cancel)
            ?? throw new BackupException("There is no drop here yet, and so nothing to back up: no roster was ever published.");
        var early = await stores.Days.ListEarlyEndsAsync(cancel);
        var (copies, deadDrops, reports) = (await CopiesAsync(cancel), await DeadDropsAsync(cancel), await ReportsAsync(cancel));
        foreach (var (day, count) in copies)
            await WriteCopiesAsync(day, count, sink, cancel);
        foreach (var day in deadDrops)
            await WriteDeadDropAsync(day, sink, cancel);
        var held = copies.Select(day => day.Day).Concat(reports.Select(day => day.Day)).ToHashSet();
        var ends = early.Where(end => held.Contains(end.Key)).ToList();
        if (ends.Count > 0)
            await WriteAsync(new(BackupContent.EarlyEnds), EarlyEnds.Write(ends), sink, cancel);
        foreach (var day in reports)
            await WriteReportsAsync(day, sink, cancel);
        await WriteAsync(new(BackupContent.Roster), DropDocument.Write(DropDocument.Read(document).State), sink, cancel);
    }

    /// <summary>Writes one day of what the store lists, whether a backup would hold it or not; nothing where it is not listed.</summary>
    public async Task WriteDayAsync(BackupFile file, IBackupSink sink, CancellationToken cancel)
    {
        switch (file.Content)
        {
            case BackupContent.Copies when (await stores.DeadDrops.CountCopiesAsync(cancel)).TryGetValue(file.Day!.Value, out var count):
                await WriteCopiesAsync(file.Day.Value, count, sink, cancel);
                break;
            case BackupContent.DeadDrop when (await stores.DeadDrops.ListAsync(cancel)).FirstOrDefault(day => day.Day == file.Day) is { } deadDrop:
                await WriteDeadDropAsync(deadDrop, sink, cancel);
                break;
            case BackupContent.Reports when (await stores.Reports.ListDaysAsync(cancel)).FirstOrDefault(day => day.Day == file.Day) is { } reports:
                await WriteReportsAsync(reports, sink, cancel);
                break;
        }
    }

    /// <summary>Whether reports of a day are in a backup that is made today, if the store calls the day complete.</summary>
    public static bool IsPast(DateOnly day, DateOnly today) => day < today && !DayKeyRing.Serves(day, today);

    private async Task<IReadOnlyList<StoredDay>> ReportsAsync(CancellationToken cancel)
    {
        // What is open first: a day that was not there yet is none that is past.
        var open = await stores.Reports.ListOpenDaysAsync(cancel);
        return [.. (await stores.Reports.ListDaysAsync(cancel)).Where(day => IsPast(day.Day, Today) && !open.Contains(day.Day))];
    }

    private async Task<IReadOnlyList<DeadDropDay>> DeadDropsAsync(CancellationToken cancel) =>
        [.. (await stores.DeadDrops.ListAsync(cancel)).Where(day => day.IsPublished && day.Day < Today)];

    private async Task<IReadOnlyList<(DateOnly Day, int Count)>> CopiesAsync(CancellationToken cancel)
    {
        var running = (await stores.DeadDrops.ListAsync(cancel)).Where(day => !day.IsPublished).Select(day => day.Day).ToHashSet();
        return [.. (await stores.DeadDrops.CountCopiesAsync(cancel)).Where(day => day.Key < Today && !running.Contains(day.Key)).Select(day => (day.Key, day.Value))];
    }

    private Task WriteReportsAsync(StoredDay day, IBackupSink sink, CancellationToken cancel) =>
        WriteDayAsync(new(BackupContent.Reports, day.Day), day.Problem, sink,
            async () => await ReportRecords.WriteAsync(stores.Reports, day.Day, sink, cancel) == (day.Reports, day.SizeInBytes),
            async () => (await stores.Reports.ListDaysAsync(cancel)).Any(stored => stored.Day == day.Day), cancel);

    private Task WriteDeadDropAsync(DeadDropDay day, IBackupSink sink, CancellationToken cancel) =>
        WriteDayAsync(new(BackupContent.DeadDrop, day.Day), day.Problem, sink,
            () => SlotRecords.WriteAsync(stores.DeadDrops, day, sink, cancel),
            async () => (await stores.DeadDrops.ListAsync(cancel)).Any(stored => stored.Day == day.Day), cancel);

    private Task WriteCopiesAsync(DateOnly day, int count, IBackupSink sink, CancellationToken cancel) =>
        WriteDayAsync(new(BackupContent.Copies, day), null, sink,
            // A store that cannot count them says that there are none, so that the day ends; to read them then says why.
            async () => await CopyRecords.WriteAsync(stores.DeadDrops, day, sink, cancel) == count && count > 0,
            async () => (await stores.DeadDrops.CountCopiesAsync(cancel)).ContainsKey(day), cancel);

    /// <summary>
    /// Days end while they are read: then they are not in the backup. One that goes on being listed and is not whole is damaged: it is left out
    /// and named, for a disk that fails is what a backup of all the others is for.
    /// </summary>
    private static async Task WriteDayAsync(
        BackupFile file, string? problem, IBackupSink sink, Func<Task<bool>> writeAll, Func<Task<bool>> isStillThere, CancellationToken cancel)
    {
        if (problem is null)
        {
            await sink.BeginAsync(file, cancel);
            var isWhole = false;
            try
            {
                isWhole = await writeAll();
                if (!isWhole && await isStillThere())
                    problem = "the store does not hand out all that it lists of this day";
            }
            catch (StoreException e) when (e is { IsAway: false, IsFull: false })
            {
                problem = e.Message;
            }
            await sink.EndAsync(isWhole, cancel);
        }
        if (problem is not null)
            await sink.LeaveOutAsync($"{file.Name} is not in the backup: {problem.TrimEnd('.')}.", cancel);
    }

    private static async Task WriteAsync(BackupFile file, byte[] bytes, IBackupSink sink, CancellationToken cancel)
    {
        await sink.BeginAsync(file, cancel);
        await sink.WriteAsync(bytes, cancel);
        await sink.EndAsync(isWhole: true, cancel);
    }

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
}
