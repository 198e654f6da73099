namespace SecureDrop.Server.Storage;

/// <summary>One slot as posted: its shard and its bytes, which begin with the 16 bytes <c>r</c>.</summary>
public sealed record DeadDropEntry(int Shard, ReadOnlyMemory<byte> Slot)
{
    /// <summary>Length of <c>r</c>, by which slots are ordered.</summary>
    public const int OrderSizeInBytes = 16;
}

/// <summary>A day's dead drop: its width, whether it will change no more, and the bytes of each of its 2^ShardBits shards.</summary>
/// <param name="Day">The day.</param>
/// <param name="ShardBits">Its width.</param>
/// <param name="IsPublished">Whether it will change no more.</param>
/// <param name="SizesInBytes">The bytes of each shard.</param>
/// <param name="Problem">Where what the store has of the day cannot be read: one sentence for whoever runs the server.</param>
public sealed record DeadDropDay(DateOnly Day, int ShardBits, bool IsPublished, IReadOnlyList<long> SizesInBytes, string? Problem = null);

/// <summary>A sealed copy of a reply, under a random id that says nothing of its slot.</summary>
public sealed record StoredCopy(StoredId Id, ReadOnlyMemory<byte> SealedBytes);

/// <summary>Replies: slots for everyone, copies for reviewers.</summary>
/// <remarks>
/// Rules that every implementation keeps:
/// <list type="bullet">
/// <item>A day keeps the width it was begun with, whoever begins it again.</item>
/// <item>A batch replaces its owner's earlier one as a whole: nobody reads half of each. Of two batches of one owner at once,
/// the one stored last stands.</item>
/// <item>Once <see cref="StoreBatchAsync"/> has returned, in whatever way, the bytes handed to it are the caller's again: a store
/// copies what it keeps.</item>
/// <item>Slots and copies of a batch are stored apart, each in an order of its own chance, so that nobody who holds the store
/// can pair them.</item>
/// <item><see cref="PublishAsync"/> forgets whose batch was whose and may be repeated; a batch at the same moment is in it
/// whole, or is answered <see cref="BatchOutcome.DayClosed"/>.</item>
/// </list>
/// </remarks>
public interface IDeadDropStore
{
    /// <summary>Begins a day with 2^<paramref name="shardBits"/> shards, unless it is begun; returns the width it has.</summary>
    Task<int> BeginDayAsync(DateOnly day, int shardBits, CancellationToken cancel);

    /// <summary>Stores the batch of one reviewer, who is known by <paramref name="owner"/> until the day is published.</summary>
    Task<BatchOutcome> StoreBatchAsync(
        DateOnly day,
        ReadOnlyMemory<byte> owner,
        IReadOnlyList<DeadDropEntry> entries,
        IReadOnlyList<ReadOnlyMemory<byte>> copies,
        CancellationToken cancel);

    /// <summary>Every day that was begun and has not ended, ascending, published or not.</summary>
    Task<IReadOnlyList<DeadDropDay>> ListAsync(CancellationToken cancel);

    /// <summary>Slots of one shard in order of <c>r</c>, after <paramref name="after"/> (null: from the start).</summary>
    Task<IReadOnlyList<ReadOnlyMemory<byte>>> ReadSlotsAsync(
        DateOnly day, int shard, ReadOnlyMemory<byte>? after, int limit, CancellationToken cancel);

    /// <summary>The dead drop never changes again.</summary>
    Task PublishAsync(DateOnly day, CancellationToken cancel);

    /// <summary>The slots of the day go; its copies stay.</summary>
    Task EndDeadDropAsync(DateOnly day, CancellationToken cancel);

    /// <summary>Days with copies and their number, ascending.</summary>
    Task<IReadOnlyDictionary<DateOnly, int>> CountCopiesAsync(CancellationToken cancel);

    /// <summary>Copies of a day in order of id, after <paramref name="after"/> (null: from the start).</summary>
    Task<IReadOnlyList<StoredCopy>> ReadCopiesAsync(DateOnly day, StoredId? after, int limit, CancellationToken cancel);

    /// <summary>The copies of the day go.</summary>
    Task EndCopiesAsync(DateOnly day, CancellationToken cancel);
}
