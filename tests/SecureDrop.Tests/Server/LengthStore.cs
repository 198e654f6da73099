using System.Collections.Concurrent;
using SecureDrop.Server.Storage;

namespace SecureDrop.Tests.Server;

/// <summary>
/// A store that keeps of each part its length, and of part 0 the bytes as well, since a commit is judged by its header: reports of
/// gigabytes go through the whole server without gigabytes of disk. What it cannot do it says; no test may lean on it for more.
/// </summary>
internal sealed class LengthStore : IReportStore
{
    private readonly ConcurrentDictionary<(StoredId Id, int Part), (int SizeInBytes, byte[]? Bytes)> _parts = new();
    private readonly ConcurrentDictionary<StoredId, StoredReport> _reports = new();

    /// <summary>What it says of every day that it is asked to measure.</summary>
    public StoreUse Use { get; set; } = new(0, 0, long.MaxValue);

    /// <summary>The parts of one id under another as well, all but the last <paramref name="without"/>.</summary>
    public void Repeat(StoredId from, StoredId to, int without)
    {
        var parts = _parts.Where(part => part.Key.Id == from).ToList();
        foreach (var part in parts.Where(part => part.Key.Part < parts.Count - without))
            _parts[(to, part.Key.Part)] = part.Value;
    }

    public Task<StoreOutcome> StorePartAsync(DateOnly day, StoredId id, int part, ReadOnlyMemory<byte> sealedBytes, CancellationToken cancel) =>
        Task.FromResult(_parts.TryAdd((id, part), (sealedBytes.Length, part == 0 ? sealedBytes.ToArray() : null)) ? StoreOutcome.Stored
            : _parts[(id, part)].SizeInBytes == sealedBytes.Length ? StoreOutcome.AlreadyThere : StoreOutcome.Conflict);

    public Task<IReadOnlyList<int>> ListPartsAsync(DateOnly day, StoredId id, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<int>>([.. _parts.Keys.Where(part => part.Id == id).Select(part => part.Part).Order()]);

    public Task<ReadOnlyMemory<byte>?> ReadPartAsync(DateOnly day, StoredId id, int part, CancellationToken cancel) =>
        Task.FromResult(part == 0 && _parts.TryGetValue((id, 0), out var first) ? (ReadOnlyMemory<byte>?)first.Bytes : null);

    public Task<CommitOutcome> CommitAsync(DateOnly day, StoredId id, int parts, long sizeInBytes, CancellationToken cancel)
    {
        var lengths = _parts.Where(part => part.Key.Id == id).ToDictionary(part => part.Key.Part, part => part.Value.SizeInBytes);
        var addsUp = lengths.Count == parts && lengths.Values.Sum(length => (long)length) == sizeInBytes
            && Enumerable.Range(0, parts).All(n => lengths.TryGetValue(n, out var length) && (length == IReportStore.PartSizeInBytes || n == parts - 1));
        if (!addsUp)
            return Task.FromResult(CommitOutcome.Incomplete);
        var report = new StoredReport(day, id, sizeInBytes, parts);
        return Task.FromResult(_reports.TryAdd(id, report) ? CommitOutcome.Committed : _reports[id] == report ? CommitOutcome.AlreadyThere : CommitOutcome.Conflict);
    }

    public Task<StoreUse> MeasureAsync(DateOnly day, CancellationToken cancel) => Task.FromResult(Use);

    public Task<IReadOnlyList<StoredDay>> ListDaysAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<StoredDay>>(
        [.. _reports.Values.GroupBy(report => report.Day).Select(day => new StoredDay(day.Key, day.Count(), day.Sum(report => report.SizeInBytes)))]);

    public Task<IReadOnlyList<StoredReport>> ListReportsAsync(DateOnly day, StoredId? after, int limit, CancellationToken cancel) => Task.FromResult<IReadOnlyList<StoredReport>>(
        [.. _reports.Values.Where(report => report.Day == day && !(report.Id <= after)).OrderBy(report => report.Id).Take(limit)]);

    public Task<IReadOnlyList<DateOnly>> ListOpenDaysAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<DateOnly>>([]);

    public Task<StoreOutcome> StoreTextAsync(DateOnly day, StoredId id, ReadOnlyMemory<byte> sealedBytes, CancellationToken cancel) => throw new NotSupportedException();
    public Task<IReadOnlyList<StoredText>> ReadTextsAsync(DateOnly day, StoredId? after, int limit, CancellationToken cancel) => throw new NotSupportedException();
    public Task<StoredReport?> FindAsync(StoredId id, CancellationToken cancel) => throw new NotSupportedException();
    public Task CompleteDayAsync(DateOnly day, CancellationToken cancel) => throw new NotSupportedException();
    public Task EndDayAsync(DateOnly day, CancellationToken cancel) => throw new NotSupportedException();
}
