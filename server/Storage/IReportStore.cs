namespace SecureDrop.Server.Storage;

/// <summary>A report that is committed.</summary>
/// <param name="Day">The UTC day its ticket was issued.</param>
/// <param name="Id">Its stored id.</param>
/// <param name="SizeInBytes">Its sealed length.</param>
/// <param name="Parts">The number of parts; 0 for a text, which is stored whole.</param>
public sealed record StoredReport(DateOnly Day, StoredId Id, long SizeInBytes, int Parts);

/// <summary>A report of the smallest class, whole.</summary>
public sealed record StoredText(StoredId Id, ReadOnlyMemory<byte> SealedBytes);

/// <summary>A day that holds committed reports: how many, and their sealed bytes together.</summary>
/// <param name="Day">The day.</param>
/// <param name="Reports">How many.</param>
/// <param name="SizeInBytes">Their sealed bytes together.</param>
/// <param name="Problem">Where what the store has of the day cannot be read: one sentence for whoever runs the server. The numbers are 0 then.</param>
public sealed record StoredDay(DateOnly Day, int Reports, long SizeInBytes, string? Problem = null);

/// <summary>
/// Sealed reports by day. A store keeps the id, the bytes and the day, and nothing else: no time, no order of arrival.
/// </summary>
/// <remarks>
/// Rules under concurrency, which every implementation keeps and the contract tests check, also between two servers on one
/// store:
/// <list type="bullet">
/// <item>Of several callers who store different bytes under one id (or part), exactly one gets <see cref="StoreOutcome.Stored"/>;
/// whoever brings the same bytes gets <see cref="StoreOutcome.AlreadyThere"/>, the others <see cref="StoreOutcome.Conflict"/>.
/// What is stored never changes.</item>
/// <item>An id is either a text or a report in parts, never both: the second kind is a <see cref="StoreOutcome.Conflict"/>.</item>
/// <item>A call that returns an outcome of success returns after the bytes are durable.</item>
/// <item>Once a call has returned, in whatever way, the bytes handed to it are the caller's again: a store copies what it keeps.</item>
/// <item>A report in parts is listed only after its commit, and then whole; a part that arrives after the commit is
/// <see cref="StoreOutcome.AlreadyThere"/> or <see cref="StoreOutcome.Conflict"/>.</item>
/// <item><see cref="CompleteDayAsync"/> and <see cref="EndDayAsync"/> may run beside anything: an upload is then stored before
/// it, or answered <see cref="StoreOutcome.DayClosed"/>. Both may be repeated.</item>
/// </list>
/// </remarks>
public interface IReportStore
{
    /// <summary>Most bytes of one part, and of one text.</summary>
    const int PartSizeInBytes = 1 << 20;

    /// <summary>
    /// Called when a day begins, and any number of times after: a store that keeps a file a day makes it now. Made by the first
    /// upload, its birth would tell when that came.
    /// </summary>
    Task BeginDayAsync(DateOnly day, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Stores a report of the smallest class; from here on it exists.</summary>
    Task<StoreOutcome> StoreTextAsync(DateOnly day, StoredId id, ReadOnlyMemory<byte> sealedBytes, CancellationToken cancel);

    /// <summary>Stores part <paramref name="part"/> (from 0) of a larger report.</summary>
    Task<StoreOutcome> StorePartAsync(DateOnly day, StoredId id, int part, ReadOnlyMemory<byte> sealedBytes, CancellationToken cancel);

    /// <summary>The parts that have arrived, ascending; <c>[0]</c> for a text, empty for an unknown id.</summary>
    Task<IReadOnlyList<int>> ListPartsAsync(DateOnly day, StoredId id, CancellationToken cancel);

    /// <summary>One part, committed or not (part 0 of a text is the text), or null.</summary>
    Task<ReadOnlyMemory<byte>?> ReadPartAsync(DateOnly day, StoredId id, int part, CancellationToken cancel);

    /// <summary>As <see cref="ReadPartAsync"/>, into a buffer of at least <see cref="PartSizeInBytes"/> that is used again for the next part.</summary>
    /// <returns>The part's length, or null.</returns>
    async Task<int?> ReadPartIntoAsync(DateOnly day, StoredId id, int part, Memory<byte> buffer, CancellationToken cancel)
    {
        var bytes = await ReadPartAsync(day, id, part, cancel);
        bytes?.CopyTo(buffer);
        return bytes?.Length;
    }

    /// <summary>
    /// Makes a report of parts 0 to <paramref name="parts"/> − 1, of <paramref name="sizeInBytes"/> together; each but the last
    /// is exactly <see cref="PartSizeInBytes"/>.
    /// </summary>
    Task<CommitOutcome> CommitAsync(DateOnly day, StoredId id, int parts, long sizeInBytes, CancellationToken cancel);

    /// <summary>How much of a day there is, and how much room is left.</summary>
    Task<StoreUse> MeasureAsync(DateOnly day, CancellationToken cancel);

    /// <summary>The days on which something is stored, ascending.</summary>
    Task<IReadOnlyList<StoredDay>> ListDaysAsync(CancellationToken cancel);

    /// <summary>Committed reports of a day after <paramref name="after"/> (null: from the start), in order of id.</summary>
    Task<IReadOnlyList<StoredReport>> ListReportsAsync(DateOnly day, StoredId? after, int limit, CancellationToken cancel);

    /// <summary>Texts of a day after <paramref name="after"/> (null: from the start), in order of id.</summary>
    Task<IReadOnlyList<StoredText>> ReadTextsAsync(DateOnly day, StoredId? after, int limit, CancellationToken cancel);

    /// <summary>A committed report of any day, or null.</summary>
    Task<StoredReport?> FindAsync(StoredId id, CancellationToken cancel);

    /// <summary>The days that still take uploads, ascending.</summary>
    Task<IReadOnlyList<DateOnly>> ListOpenDaysAsync(CancellationToken cancel);

    /// <summary>
    /// The day takes nothing more: parts that were never committed go, and whatever the layout could tell of the order of
    /// arrival goes with them.
    /// </summary>
    Task CompleteDayAsync(DateOnly day, CancellationToken cancel);

    /// <summary>Everything of the day goes, for good.</summary>
    Task EndDayAsync(DateOnly day, CancellationToken cancel);
}
