using SecureDrop.Server.Storage;

namespace SecureDrop.Tests.Server.Backups;

/// <summary>A store of reports before another one, of which a test changes what it needs to.</summary>
internal abstract class ReportStoreProxy(IReportStore inner) : IReportStore
{
    public Task BeginDayAsync(DateOnly day, CancellationToken cancel) => inner.BeginDayAsync(day, cancel);

    public Task<StoreOutcome> StoreTextAsync(DateOnly day, StoredId id, ReadOnlyMemory<byte> sealedBytes, CancellationToken cancel) => inner.StoreTextAsync(day, id, sealedBytes, cancel);

    public Task<StoreOutcome> StorePartAsync(DateOnly day, StoredId id, int part, ReadOnlyMemory<byte> sealedBytes, CancellationToken cancel) => inner.StorePartAsync(day, id, part, sealedBytes, cancel);

    public Task<IReadOnlyList<int>> ListPartsAsync(DateOnly day, StoredId id, CancellationToken cancel) => inner.ListPartsAsync(day, id, cancel);

    public Task<ReadOnlyMemory<byte>?> ReadPartAsync(DateOnly day, StoredId id, int part, CancellationToken cancel) => inner.ReadPartAsync(day, id, part, cancel);

    public virtual Task<int?> ReadPartIntoAsync(DateOnly day, StoredId id, int part, Memory<byte> buffer, CancellationToken cancel) => inner.ReadPartIntoAsync(day, id, part, buffer, cancel);

    public Task<CommitOutcome> CommitAsync(DateOnly day, StoredId id, int parts, long sizeInBytes, CancellationToken cancel) => inner.CommitAsync(day, id, parts, sizeInBytes, cancel);

    public Task<StoreUse> MeasureAsync(DateOnly day, CancellationToken cancel) => inner.MeasureAsync(day, cancel);

    public Task<IReadOnlyList<StoredDay>> ListDaysAsync(CancellationToken cancel) => inner.ListDaysAsync(cancel);

    public Task<IReadOnlyList<StoredReport>> ListReportsAsync(DateOnly day, StoredId? after, int limit, CancellationToken cancel) => inner.ListReportsAsync(day, after, limit, cancel);

    public Task<IReadOnlyList<StoredText>> ReadTextsAsync(DateOnly day, StoredId? after, int limit, CancellationToken cancel) => inner.ReadTextsAsync(day, after, limit, cancel);

    public Task<StoredReport?> FindAsync(StoredId id, CancellationToken cancel) => inner.FindAsync(id, cancel);

    public Task<IReadOnlyList<DateOnly>> ListOpenDaysAsync(CancellationToken cancel) => inner.ListOpenDaysAsync(cancel);

    public Task CompleteDayAsync(DateOnly day, CancellationToken cancel) => inner.CompleteDayAsync(day, cancel);

    public Task EndDayAsync(DateOnly day, CancellationToken cancel) => inner.EndDayAsync(day, cancel);
}
