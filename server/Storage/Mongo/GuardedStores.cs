using static SecureDrop.Server.Storage.Mongo.MongoFaults;

namespace SecureDrop.Server.Storage.Mongo;

/// <summary>A store of reports whose database may be away.</summary>
internal sealed class GuardedReportStore(IReportStore inner) : IReportStore
{
    public Task BeginDayAsync(DateOnly day, CancellationToken cancel) => GuardAsync(inner.BeginDayAsync(day, cancel));

    public Task<StoreOutcome> StoreTextAsync(DateOnly day, StoredId id, ReadOnlyMemory<byte> sealedBytes, CancellationToken cancel) =>
        GuardAsync(inner.StoreTextAsync(day, id, sealedBytes, cancel));

    public Task<StoreOutcome> StorePartAsync(DateOnly day, StoredId id, int part, ReadOnlyMemory<byte> sealedBytes, CancellationToken cancel) =>
        GuardAsync(inner.StorePartAsync(day, id, part, sealedBytes, cancel));

    public Task<IReadOnlyList<int>> ListPartsAsync(DateOnly day, StoredId id, CancellationToken cancel) => GuardAsync(inner.ListPartsAsync(day, id, cancel));

    public Task<ReadOnlyMemory<byte>?> ReadPartAsync(DateOnly day, StoredId id, int part, CancellationToken cancel) => GuardAsync(inner.ReadPartAsync(day, id, part, cancel));

    public Task<int?> ReadPartIntoAsync(DateOnly day, StoredId id, int part, Memory<byte> buffer, CancellationToken cancel) =>
        GuardAsync(inner.ReadPartIntoAsync(day, id, part, buffer, cancel));

    public Task<CommitOutcome> CommitAsync(DateOnly day, StoredId id, int parts, long sizeInBytes, CancellationToken cancel) =>
        GuardAsync(inner.CommitAsync(day, id, parts, sizeInBytes, cancel));

    public Task<StoreUse> MeasureAsync(DateOnly day, CancellationToken cancel) => GuardAsync(inner.MeasureAsync(day, cancel));

    public Task<IReadOnlyList<StoredDay>> ListDaysAsync(CancellationToken cancel) => GuardAsync(inner.ListDaysAsync(cancel));

    public Task<IReadOnlyList<StoredReport>> ListReportsAsync(DateOnly day, StoredId? after, int limit, CancellationToken cancel) =>
        GuardAsync(inner.ListReportsAsync(day, after, limit, cancel));

    public Task<IReadOnlyList<StoredText>> ReadTextsAsync(DateOnly day, StoredId? after, int limit, CancellationToken cancel) =>
        GuardAsync(inner.ReadTextsAsync(day, after, limit, cancel));

    public Task<StoredReport?> FindAsync(StoredId id, CancellationToken cancel) => GuardAsync(inner.FindAsync(id, cancel));

    public Task<IReadOnlyList<DateOnly>> ListOpenDaysAsync(CancellationToken cancel) => GuardAsync(inner.ListOpenDaysAsync(cancel));

    public Task CompleteDayAsync(DateOnly day, CancellationToken cancel) => GuardAsync(inner.CompleteDayAsync(day, cancel));

    public Task EndDayAsync(DateOnly day, CancellationToken cancel) => GuardAsync(inner.EndDayAsync(day, cancel));
}

/// <summary>A store of dead drops whose database may be away.</summary>
internal sealed class GuardedDeadDropStore(IDeadDropStore inner) : IDeadDropStore
{
    public Task<int> BeginDayAsync(DateOnly day, int shardBits, CancellationToken cancel) => GuardAsync(inner.BeginDayAsync(day, shardBits, cancel));

    public Task<BatchOutcome> StoreBatchAsync(
        DateOnly day, ReadOnlyMemory<byte> owner, IReadOnlyList<DeadDropEntry> entries, IReadOnlyList<ReadOnlyMemory<byte>> copies, CancellationToken cancel) =>
        GuardAsync(inner.StoreBatchAsync(day, owner, entries, copies, cancel));

    public Task<IReadOnlyList<DeadDropDay>> ListAsync(CancellationToken cancel) => GuardAsync(inner.ListAsync(cancel));

    public Task<IReadOnlyList<ReadOnlyMemory<byte>>> ReadSlotsAsync(DateOnly day, int shard, ReadOnlyMemory<byte>? after, int limit, CancellationToken cancel) =>
        GuardAsync(inner.ReadSlotsAsync(day, shard, after, limit, cancel));

    public Task PublishAsync(DateOnly day, CancellationToken cancel) => GuardAsync(inner.PublishAsync(day, cancel));

    public Task EndDeadDropAsync(DateOnly day, CancellationToken cancel) => GuardAsync(inner.EndDeadDropAsync(day, cancel));

    public Task<IReadOnlyDictionary<DateOnly, int>> CountCopiesAsync(CancellationToken cancel) => GuardAsync(inner.CountCopiesAsync(cancel));

    public Task<IReadOnlyList<StoredCopy>> ReadCopiesAsync(DateOnly day, StoredId? after, int limit, CancellationToken cancel) =>
        GuardAsync(inner.ReadCopiesAsync(day, after, limit, cancel));

    public Task EndCopiesAsync(DateOnly day, CancellationToken cancel) => GuardAsync(inner.EndCopiesAsync(day, cancel));
}

/// <summary>A store of the roster whose database may be away.</summary>
internal sealed class GuardedRosterStore(IRosterStore inner) : IRosterStore
{
    public Task<RosterDocument?> ReadAsync(CancellationToken cancel) => GuardAsync(inner.ReadAsync(cancel));

    public Task<RosterOutcome> ReplaceAsync(long expectedRevision, ReadOnlyMemory<byte> answer, CancellationToken cancel) =>
        GuardAsync(inner.ReplaceAsync(expectedRevision, answer, cancel));

    public Task<ReadOnlyMemory<byte>?> ReadSetupTokenHashAsync(CancellationToken cancel) => GuardAsync(inner.ReadSetupTokenHashAsync(cancel));

    public Task WriteSetupTokenHashAsync(ReadOnlyMemory<byte>? hash, CancellationToken cancel) => GuardAsync(inner.WriteSetupTokenHashAsync(hash, cancel));
}

/// <summary>A store of day keys whose database may be away.</summary>
internal sealed class GuardedDayStore(IDayStore inner) : IDayStore
{
    public Task<byte[]> ReadOrCreateKeyAsync(DateOnly day, ReadOnlyMemory<byte> candidate, CancellationToken cancel) => GuardAsync(inner.ReadOrCreateKeyAsync(day, candidate, cancel));

    public Task<byte[]?> ReadKeyAsync(DateOnly day, CancellationToken cancel) => GuardAsync(inner.ReadKeyAsync(day, cancel));

    public Task<IReadOnlyList<DateOnly>> ListKeyDaysAsync(CancellationToken cancel) => GuardAsync(inner.ListKeyDaysAsync(cancel));

    public Task DestroyKeyAsync(DateOnly day, CancellationToken cancel) => GuardAsync(inner.DestroyKeyAsync(day, cancel));

    public Task<DateOnly> EndEarlyAsync(DateOnly day, DateOnly endsOn, CancellationToken cancel) => GuardAsync(inner.EndEarlyAsync(day, endsOn, cancel));

    public Task<IReadOnlyDictionary<DateOnly, DateOnly>> ListEarlyEndsAsync(CancellationToken cancel) => GuardAsync(inner.ListEarlyEndsAsync(cancel));

    public Task ForgetEarlyEndAsync(DateOnly day, CancellationToken cancel) => GuardAsync(inner.ForgetEarlyEndAsync(day, cancel));

    public Task BlurTimesAsync(DateTimeOffset now, CancellationToken cancel) => GuardAsync(inner.BlurTimesAsync(now, cancel));

    public Task LookAsync(DateTimeOffset now, CancellationToken cancel) => GuardAsync(inner.LookAsync(now, cancel));

    public Task<bool> TryClaimEndAsync(DayEnd kind, DateTimeOffset now, CancellationToken cancel) => GuardAsync(inner.TryClaimEndAsync(kind, now, cancel));
}

/// <summary>A store of logins whose database may be away.</summary>
internal sealed class GuardedSessionStore(ISessionStore inner) : ISessionStore
{
    public Task<bool> TryAddAsync(ReadOnlyMemory<byte> challenge, ReadOnlyMemory<byte> token, DateOnly lastDay, CancellationToken cancel) =>
        GuardAsync(inner.TryAddAsync(challenge, token, lastDay, cancel));

    public Task<ReadOnlyMemory<byte>?> FindAsync(ReadOnlyMemory<byte> challenge, CancellationToken cancel) => GuardAsync(inner.FindAsync(challenge, cancel));

    public Task ForgetAsync(DateOnly today, CancellationToken cancel) => GuardAsync(inner.ForgetAsync(today, cancel));
}
