using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>
/// Reports in a file a day. The end of a day is the removal of its file. Large parts lie in order of arrival until their day
/// is complete; texts never do (see <see cref="ShuffledCells"/>).
/// </summary>
public sealed class SqliteReportStore : IReportStore, IAsyncDisposable
{
    internal const string Kind = "reports";

    private readonly DataFolder _folder;
    private readonly FreeSpace _space;
    private readonly FileCache<ReportDayFile> _files;

    // A complete day does not change, and counting it again would open every file of 90 days for each list.
    private readonly ConcurrentDictionary<DateOnly, StoredDay> _completeDays = new();

    public SqliteReportStore(DataFolder folder, long freeSpaceFloorInBytes)
    {
        _folder = folder;
        _space = new FreeSpace(folder, freeSpaceFloorInBytes);
        _files = new FileCache<ReportDayFile>(day => ReportDayFile.Open(_folder.DayFile(Kind, day)));
        foreach (var cells in folder.Cells(Kind))
            ReportDayFile.RequireList(cells);
        // A file of a newer version is refused now, not at some reviewer's request.
        foreach (var day in folder.Days(Kind))
        {
            var file = _folder.DayFile(Kind, day);
            // A kill left the cells of a day whose texts are in its file by now.
            if (SqliteFile.Check(file, ReportDaySchema.Open, ReportDaySchema.IsComplete))
                CellFile.RemoveOfComplete(file);
        }
    }

    public async Task BeginDayAsync(DateOnly day, CancellationToken cancel)
    {
        // Without room for it there is none for an upload either.
        if (_space.IsLeft())
            await _files.UseAsync(day, _ => Task.FromResult(true), cancel);
    }

    public Task<StoreOutcome> StoreTextAsync(DateOnly day, StoredId id, ReadOnlyMemory<byte> sealedBytes, CancellationToken cancel) =>
        WriteAsync(day, StoreOutcome.Full, file => ReportDayWrites.StoreText(file, id, sealedBytes.Span), cancel, sealedBytes.Length, new(id, sealedBytes.Length));

    public Task<StoreOutcome> StorePartAsync(
        DateOnly day, StoredId id, int part, ReadOnlyMemory<byte> sealedBytes, CancellationToken cancel) =>
        WriteAsync(day, StoreOutcome.Full, file => ReportDayWrites.StorePart(file, id, part, sealedBytes.Span), cancel, sealedBytes.Length);

    public Task<int?> ReadPartIntoAsync(DateOnly day, StoredId id, int part, Memory<byte> buffer, CancellationToken cancel) =>
        ReadAsync<int?>(day, null, file => ReportDayReads.PartInto(file, id, part, buffer.Span), cancel);

    public Task<CommitOutcome> CommitAsync(DateOnly day, StoredId id, int parts, long sizeInBytes, CancellationToken cancel) =>
        WriteAsync(day, CommitOutcome.Full, file => ReportDayWrites.Commit(file.Connection, id, parts, sizeInBytes), cancel);

    public Task<IReadOnlyList<int>> ListPartsAsync(DateOnly day, StoredId id, CancellationToken cancel) =>
        ReadAsync<IReadOnlyList<int>>(day, [], file => ReportDayReads.Parts(file.Connection, id), cancel);

    public Task<ReadOnlyMemory<byte>?> ReadPartAsync(DateOnly day, StoredId id, int part, CancellationToken cancel) =>
        ReadAsync<ReadOnlyMemory<byte>?>(day, null, file => ReportDayReads.Part(file, id, part), cancel);

    public async Task<StoreUse> MeasureAsync(DateOnly day, CancellationToken cancel) =>
        await ReadAsync(day, default(StoreUse), file => ReportDayReads.Use(file.Connection), cancel) with { FreeInBytes = _space.LeftInBytes };

    public async Task<IReadOnlyList<StoredDay>> ListDaysAsync(CancellationToken cancel)
    {
        var days = new List<StoredDay>();
        foreach (var day in _folder.Days(Kind))
        {
            if (!_completeDays.TryGetValue(day, out var summary))
                summary = await SummaryAsync(day, cancel);
            if (summary.Reports > 0 || summary.Problem is not null)
                days.Add(summary);
        }
        return days;
    }

    public Task<IReadOnlyList<StoredReport>> ListReportsAsync(DateOnly day, StoredId? after, int limit, CancellationToken cancel) =>
        ReadAsync(day, [], file => ReportDayReads.Reports(file.Connection, day, after, limit), cancel);

    public Task<IReadOnlyList<StoredText>> ReadTextsAsync(DateOnly day, StoredId? after, int limit, CancellationToken cancel) =>
        ReadAsync(day, [], file => ReportDayReads.Texts(file, after, limit), cancel);

    public async Task<StoredReport?> FindAsync(StoredId id, CancellationToken cancel)
    {
        StoreException? problem = null;
        foreach (var day in _folder.Days(Kind).Reverse())
        {
            try
            {
                if (await ReadAsync(day, null, file => ReportDayReads.Find(file.Connection, day, id), cancel) is { } report)
                    return report;
            }
            catch (StoreException e) when (!e.IsFull)
            {
                // It may be in another day; if not, nobody can say that it is nowhere.
                problem = e;
            }
        }
        return problem is null ? null : throw problem;
    }

    public async Task<IReadOnlyList<DateOnly>> ListOpenDaysAsync(CancellationToken cancel)
    {
        var open = new List<DateOnly>();
        foreach (var day in _folder.Days(Kind).Where(day => !_completeDays.ContainsKey(day)))
        {
            try
            {
                if (!await ReadAsync(day, true, file => file.IsComplete, cancel))
                    open.Add(day);
            }
            catch (StoreException e) when (!e.IsFull)
            {
                // Nothing can be completed in it. That it is damaged, the list of days says.
            }
        }
        return open;
    }

    public async Task CompleteDayAsync(DateOnly day, CancellationToken cancel)
    {
        await _files.ReplaceAsync(day, () => SqliteFaults.Naming(_folder.DayFile(Kind, day), () => Complete(day)), cancel);
        await RemoveEmptyAsync(day, cancel);
    }

    public async Task EndDayAsync(DateOnly day, CancellationToken cancel)
    {
        await RemoveAsync(day, cancel);
        await RemoveEmptyAsync(day, cancel);
    }

    public ValueTask DisposeAsync() => _files.DisposeAsync();

    private void Complete(DateOnly day)
    {
        var file = _folder.DayFile(Kind, day);
        if (!File.Exists(file))
            return;
        if (TryRewrite(day, file))
        {
            File.Move(Unfinished(day), file, overwrite: true);
            DataFolder.Remove(Unfinished(day));
        }
        CellFile.RemoveOfComplete(file);
    }

    /// <returns>False when it is complete already.</returns>
    private bool TryRewrite(DateOnly day, string file)
    {
        using var connection = SqliteFile.Connect(file);
        using var cells = new CellFile(file);
        var source = new ReportDay(connection, cells);
        if (source.IsComplete)
            return false;
        ReportDaySchema.Prepare(source);
        ReportDayCompletion.Write(source, Unfinished(day));
        return true;
    }

    /// <summary>Complete days without a report are not listed, so nobody asks for their end: they go when a later day does something.</summary>
    private async Task RemoveEmptyAsync(DateOnly before, CancellationToken cancel)
    {
        foreach (var empty in _completeDays.Values.Where(complete => complete.Reports == 0 && complete.Day < before).Select(complete => complete.Day))
            await RemoveAsync(empty, cancel);
    }

    private async Task RemoveAsync(DateOnly day, CancellationToken cancel)
    {
        await _files.ReplaceAsync(day, () => DataFolder.Remove(_folder.DayFile(Kind, day)), cancel);
        _completeDays.TryRemove(day, out _);
    }

    private string Unfinished(DateOnly day) => _folder.DayFile(Kind, day) + DataFolder.Unfinished;

    private async Task<StoredDay> SummaryAsync(DateOnly day, CancellationToken cancel)
    {
        try
        {
            return await ReadAsync(day, new StoredDay(day, 0, 0), file =>
            {
                var counted = ReportDayReads.Summary(file.Connection, day);
                if (file.IsComplete)
                    _completeDays[day] = counted;
                return counted;
            }, cancel);
        }
        catch (StoreException e) when (!e.IsFull)
        {
            // One day's file must not take the others from the reviewers.
            return new StoredDay(day, 0, 0, e.Message);
        }
    }

    private Task<T> ReadAsync<T>(DateOnly day, T nothing, Func<ReportDay, T> read, CancellationToken cancel) =>
        File.Exists(_folder.DayFile(Kind, day))
            ? _files.UseAsync(day, file => file.ReadAsync(read, cancel), cancel)
            : Task.FromResult(nothing);

    private async Task<T> WriteAsync<T>(DateOnly day, T full, Func<ReportDay, T> write, CancellationToken cancel, int sizeInBytes = 0, Newcomer? newcomer = null)
    {
        if (!_space.IsLeft())
            return full;
        try
        {
            // Not cancelled once it is in the queue: the bytes may be on disk, and the answer must say so.
            return await _files.UseAsync(day, file => file.WriteAsync(write, CancellationToken.None, sizeInBytes, newcomer), cancel);
        }
        catch (StoreException e) when (e.IsFull)
        {
            return full;
        }
    }
}
