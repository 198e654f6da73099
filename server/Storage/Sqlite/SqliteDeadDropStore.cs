using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>
/// Dead drops in a file a day, copies in another: they end on different days. Copies of a running day wait beside the batches,
/// in tables of their own.
/// </summary>
public sealed class SqliteDeadDropStore : IDeadDropStore, IAsyncDisposable
{
    internal const string SlotsKind = "dead-drop";
    internal const string CopiesKind = "copies";

    // Every visit reads them all, the longest that are kept (31 days) and the running one: opening 30 files takes half a second.
    private const int DeadDropsKeptOpen = 34;

    private readonly DataFolder _folder;
    private readonly FreeSpace _space;
    private readonly FileCache<SqliteFile> _slots;
    private readonly FileCache<SqliteFile> _copies;

    // A published day does not change, and every visit asks for all of them: counting again would open 30 files each time.
    private readonly ConcurrentDictionary<DateOnly, DeadDropDay> _publishedDays = new();
    private readonly ConcurrentDictionary<DateOnly, int> _publishedCopies = new();

    public SqliteDeadDropStore(DataFolder folder, long freeSpaceFloorInBytes)
    {
        _folder = folder;
        _space = new FreeSpace(folder, freeSpaceFloorInBytes);
        _slots = new FileCache<SqliteFile>(day => SqliteFile.Open(_folder.DayFile(SlotsKind, day), DeadDropTables.Slots, KeepLittle), DeadDropsKeptOpen);
        _copies = new FileCache<SqliteFile>(day => SqliteFile.Open(_folder.DayFile(CopiesKind, day), DeadDropTables.Copies));
        foreach (var (kind, schema) in new[] { (SlotsKind, DeadDropTables.Slots), (CopiesKind, DeadDropTables.Copies) })
        {
            foreach (var day in folder.Days(kind))
                SqliteFile.Check(_folder.DayFile(kind, day), schema);
        }
    }

    public Task<int> BeginDayAsync(DateOnly day, int shardBits, CancellationToken cancel) =>
        _slots.UseAsync(day, file => file.WriteAsync(connection => DeadDropTables.Begin(connection, shardBits), CancellationToken.None), cancel);

    public async Task<BatchOutcome> StoreBatchAsync(
        DateOnly day,
        ReadOnlyMemory<byte> owner,
        IReadOnlyList<DeadDropEntry> entries,
        IReadOnlyList<ReadOnlyMemory<byte>> copies,
        CancellationToken cancel)
    {
        if (!HasSlots(day))
            return BatchOutcome.DayClosed;
        if (!_space.IsLeft())
            return BatchOutcome.Full;
        try
        {
            return await _slots.UseAsync(day, file => file.WriteAsync(
                connection => DeadDropTables.StoreBatch(connection, owner.ToArray(), entries, copies), CancellationToken.None), cancel);
        }
        catch (SlotInUseException)
        {
            return BatchOutcome.Conflict;
        }
        catch (StoreException e) when (e.IsFull)
        {
            return BatchOutcome.Full;
        }
    }

    public async Task<IReadOnlyList<DeadDropDay>> ListAsync(CancellationToken cancel)
    {
        var days = new List<DeadDropDay>();
        foreach (var day in _folder.Days(SlotsKind))
        {
            if (!_publishedDays.TryGetValue(day, out var summary))
            {
                summary = await SummaryAsync(day, cancel);
                if (summary is { IsPublished: true, Problem: null })
                    _publishedDays[day] = summary;
            }
            if (summary is not null)
                days.Add(summary);
        }
        return days;
    }

    public Task<IReadOnlyList<ReadOnlyMemory<byte>>> ReadSlotsAsync(
        DateOnly day, int shard, ReadOnlyMemory<byte>? after, int limit, CancellationToken cancel) =>
        ReadSlotsFileAsync<IReadOnlyList<ReadOnlyMemory<byte>>>(
            day, [], connection => DeadDropTables.ReadSlots(connection, shard, after?.ToArray(), limit), cancel);

    public async Task PublishAsync(DateOnly day, CancellationToken cancel)
    {
        if (!HasSlots(day) || !await ReadSlotsFileAsync(day, false, connection => !DeadDropTables.IsPublished(connection), cancel))
            return;
        // From here on no batch is taken; then the copies go to their file, then the batches are forgotten. A crash between two
        // of these steps leaves the day unpublished, and the steps are taken again.
        await WriteSlotsAsync(day, DeadDropTables.Close, cancel);
        var copies = await ReadSlotsFileAsync(day, [], connection => DeadDropTables.ReadWaitingCopies(connection, null, int.MaxValue), cancel);
        if (copies.Count > 0)
            await _copies.UseAsync(day, file => file.WriteAsync(connection => DeadDropTables.AddCopies(connection, copies), CancellationToken.None), cancel);
        await _slots.ReplaceAsync(day, () => SqliteFaults.Naming(_folder.DayFile(SlotsKind, day), () => Rewrite(day)), cancel);
    }

    public async Task EndDeadDropAsync(DateOnly day, CancellationToken cancel)
    {
        await _slots.ReplaceAsync(day, () => DataFolder.Remove(_folder.DayFile(SlotsKind, day)), cancel);
        _publishedDays.TryRemove(day, out _);
    }

    public async Task<IReadOnlyDictionary<DateOnly, int>> CountCopiesAsync(CancellationToken cancel)
    {
        var counts = new SortedDictionary<DateOnly, int>();
        foreach (var day in _folder.Days(CopiesKind).Union(_folder.Days(SlotsKind)))
        {
            if (!_publishedCopies.TryGetValue(day, out var count))
                count = await CountCopiesAsync(day, cancel);
            if (count != 0)
                counts[day] = Math.Max(0, count);
        }
        return counts;
    }

    public async Task<IReadOnlyList<StoredCopy>> ReadCopiesAsync(DateOnly day, StoredId? after, int limit, CancellationToken cancel)
    {
        var waiting = await ReadSlotsFileAsync(day, [], connection => DeadDropTables.ReadWaitingCopies(connection, after, limit), cancel);
        return waiting.Count > 0 ? waiting : await ReadCopiesFileAsync(day, [], connection => DeadDropTables.ReadCopies(connection, after, limit), cancel);
    }

    public async Task EndCopiesAsync(DateOnly day, CancellationToken cancel)
    {
        await _copies.ReplaceAsync(day, () => DataFolder.Remove(_folder.DayFile(CopiesKind, day)), cancel);
        _publishedCopies.TryRemove(day, out _);
    }

    public async ValueTask DisposeAsync()
    {
        await _slots.DisposeAsync();
        await _copies.DisposeAsync();
    }

    // What is read once from beginning to end needs no room for pages; of 34 files it would be 70 MB.
    private static void KeepLittle(SqliteConnection connection) => connection.Run("PRAGMA cache_size=-256");

    private void Rewrite(DateOnly day)
    {
        var (file, unfinished) = (_folder.DayFile(SlotsKind, day), _folder.DayFile(SlotsKind, day) + DataFolder.Unfinished);
        if (!File.Exists(file))
            return;
        bool isBegun;
        using (var source = SqliteFile.Connect(file))
        {
            isBegun = DeadDropTables.IsBegun(source);
            if (DeadDropTables.IsPublished(source))
                return;
            if (isBegun)
                DeadDropTables.Publish(source, unfinished);
        }
        if (isBegun)
            File.Move(unfinished, file, overwrite: true);
        else
            DataFolder.Remove(file); // Ended meanwhile, and a read made an empty one in its place.
        DataFolder.Remove(unfinished);
    }

    /// <returns>Their number; −1 where it cannot be read: the day is to be there, so that it ends.</returns>
    private async Task<int> CountCopiesAsync(DateOnly day, CancellationToken cancel)
    {
        try
        {
            // All copies of a day come to their file in one transaction: a number other than 0 is the last.
            var count = await ReadCopiesFileAsync(day, 0, DeadDropTables.CountCopies, cancel);
            if (count > 0)
                _publishedCopies[day] = count;
            else if (!_publishedDays.ContainsKey(day))
                count = await ReadSlotsFileAsync(day, 0, DeadDropTables.CountWaitingCopies, cancel);
            return count;
        }
        catch (StoreException e) when (!e.IsFull)
        {
            return -1;
        }
    }

    private async Task<DeadDropDay?> SummaryAsync(DateOnly day, CancellationToken cancel)
    {
        try
        {
            return await ReadSlotsFileAsync(day, null, connection => DeadDropTables.Summary(connection, day), cancel);
        }
        catch (StoreException e) when (!e.IsFull)
        {
            // One day's file must not take the others' replies from every source. It stays in the list: whoever fetches it learns that it
            // cannot be had, where a gap would look as if nobody had answered.
            return new DeadDropDay(day, 0, true, [0], e.Message);
        }
    }

    private bool HasSlots(DateOnly day) => File.Exists(_folder.DayFile(SlotsKind, day));

    private Task<int> WriteSlotsAsync(DateOnly day, Func<SqliteConnection, int> write, CancellationToken cancel) =>
        _slots.UseAsync(day, file => file.WriteAsync(write, CancellationToken.None), cancel);

    private Task<T> ReadSlotsFileAsync<T>(DateOnly day, T nothing, Func<SqliteConnection, T> read, CancellationToken cancel) =>
        HasSlots(day) ? _slots.UseAsync(day, file => file.ReadAsync(read, cancel), cancel) : Task.FromResult(nothing);

    private Task<T> ReadCopiesFileAsync<T>(DateOnly day, T nothing, Func<SqliteConnection, T> read, CancellationToken cancel) =>
        File.Exists(_folder.DayFile(CopiesKind, day))
            ? _copies.UseAsync(day, file => file.ReadAsync(read, cancel), cancel)
            : Task.FromResult(nothing);
}
