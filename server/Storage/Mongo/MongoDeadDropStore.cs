using System.Collections.Concurrent;
using MongoDB.Bson;
using MongoDB.Driver;
using State = SecureDrop.Server.Storage.Mongo.MongoDeadDropDays.State;

namespace SecureDrop.Server.Storage.Mongo;

/// <summary>
/// Dead drops. While a day runs, each reviewer's batch is one document (<see cref="MongoBatch"/>); when it is published, slots and copies go
/// to collections of their own, each in an order of its own chance, and the batches with their owners are removed (<see
/// cref="MongoDeadDropDays"/>).
/// </summary>
/// <remarks>
/// <c>slots</c>: <c>_id</c> day ‖ shard ‖ r, <c>c</c>. <c>copies</c>: <c>_id</c> random, <c>d</c>, <c>c</c>. <c>copy_days</c>: <c>_id</c> day,
/// <c>n</c> copies.
/// </remarks>
public sealed class MongoDeadDropStore(MongoDrop drop) : IDeadDropStore
{
    // Two batches of one owner at once, and a day that turns: more often than this in a row there is no reason to try again.
    private const int Attempts = 4;

    private static readonly byte[] First = new byte[DeadDropEntry.OrderSizeInBytes];
    private static readonly byte[] Last = [.. Enumerable.Repeat((byte)0xff, DeadDropEntry.OrderSizeInBytes)];

    private readonly MongoDeadDropDays _days = new(drop);

    // A published day does not change, and every visit asks for all of them.
    private readonly ConcurrentDictionary<DateOnly, DeadDropDay> _published = new();

    public async Task<int> BeginDayAsync(DateOnly day, int shardBits, CancellationToken cancel) =>
        MongoDeadDropDays.ShardBitsOf(await _days.BeginAsync(day, shardBits, cancel));

    public async Task<BatchOutcome> StoreBatchAsync(
        DateOnly day,
        ReadOnlyMemory<byte> owner,
        IReadOnlyList<DeadDropEntry> entries,
        IReadOnlyList<ReadOnlyMemory<byte>> copies,
        CancellationToken cancel)
    {
        if (await _days.ReadAsync(day, cancel) is not { } begun || MongoDeadDropDays.StateOf(begun) != State.Running)
            return BatchOutcome.DayClosed;
        if (entries.Any(entry => entry.Shard >> MongoDeadDropDays.ShardBitsOf(begun) != 0))
            return BatchOutcome.ShardBeyondWidth;
        if (entries.DistinctBy(entry => (entry.Shard, Convert.ToHexString(entry.Slot.Span[..DeadDropEntry.OrderSizeInBytes]))).Count() != entries.Count)
            return BatchOutcome.Conflict;
        var batch = MongoBatch.Of(day, owner, entries, copies);
        try
        {
            var outcome = await ReplaceAsync(batch, cancel);
            var now = await _days.ReadAsync(day, cancel);
            if (now is not null && MongoDeadDropDays.StateOf(now) == State.Running)
                return outcome;
            // Closed meanwhile: it is in the published day whole or not at all. Where that is decided without it, it is to leave no owner
            // behind: whoever removed the batches may have done so before it came.
            if (now is null || MongoDeadDropDays.StateOf(now) >= State.Closed)
                await drop.Batches.DeleteOneAsync(Changeable(batch["_id"]), CancellationToken.None);
            return BatchOutcome.DayClosed;
        }
        catch (MongoException e) when (e.IsFull())
        {
            return BatchOutcome.Full;
        }
    }

    public async Task<IReadOnlyList<DeadDropDay>> ListAsync(CancellationToken cancel)
    {
        var days = new List<DeadDropDay>();
        foreach (var found in await _days.ListAsync(FilterDefinition<BsonDocument>.Empty, cancel))
        {
            var day = found["_id"].Day();
            if (!_published.TryGetValue(day, out var summary))
            {
                // Ended by another server between these two reads.
                if (await _days.SizesAsync(day, found, cancel) is not { } sizes)
                    continue;
                summary = new DeadDropDay(day, MongoDeadDropDays.ShardBitsOf(found), MongoDeadDropDays.StateOf(found) == State.Published, sizes);
                if (summary.IsPublished)
                    _published[day] = summary;
            }
            days.Add(summary);
        }
        foreach (var ended in _published.Keys.Except(days.Select(day => day.Day)))
            _published.TryRemove(ended, out _);
        return days;
    }

    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> ReadSlotsAsync(
        DateOnly day, int shard, ReadOnlyMemory<byte>? after, int limit, CancellationToken cancel)
    {
        if (await _days.ReadAsync(day, cancel) is not { } found)
            return [];
        var range = new BsonDocument
        {
            { after is null ? "$gte" : "$gt", MongoBatch.SlotKey(day, shard, (after ?? First).Span) }, { "$lte", MongoBatch.SlotKey(day, shard, Last) },
        };
        var slots = MongoDeadDropDays.StateOf(found) < State.Filled
            ? await OfBatchesAsync(MongoDeadDropDays.BatchesOf(day, found), "s", "k", range, limit, cancel)
            : await drop.Slots.Find(new BsonDocument("_id", range)).Sort(new BsonDocument("_id", 1)).Limit(limit).ToListAsync(cancel);
        return [.. slots.Select(slot => (ReadOnlyMemory<byte>)slot["c"].AsByteArray)];
    }

    public Task PublishAsync(DateOnly day, CancellationToken cancel) => _days.PublishAsync(day, cancel);

    public async Task EndDeadDropAsync(DateOnly day, CancellationToken cancel)
    {
        await _days.EndAsync(day, cancel);
        _published.TryRemove(day, out _);
    }

    public async Task<IReadOnlyDictionary<DateOnly, int>> CountCopiesAsync(CancellationToken cancel)
    {
        var counts = new SortedDictionary<DateOnly, int>();
        foreach (var running in await _days.ListAsync(new BsonDocument("s", new BsonDocument("$lt", (int)State.Filled)), cancel))
        {
            var day = running["_id"].Day();
            if ((await _days.HeadsAsync(MongoDeadDropDays.BatchesOf(day, running), cancel)).Sum(batch => batch["n"].ToInt32()) is > 0 and var waiting)
                counts[day] = waiting;
        }
        foreach (var found in await drop.CopyDays.Find(FilterDefinition<BsonDocument>.Empty).ToListAsync(cancel))
            counts[found["_id"].Day()] = found["n"].ToInt32();
        return counts;
    }

    public async Task<IReadOnlyList<StoredCopy>> ReadCopiesAsync(DateOnly day, StoredId? after, int limit, CancellationToken cancel)
    {
        if (await _days.ReadAsync(day, cancel) is { } found && MongoDeadDropDays.StateOf(found) < State.Filled)
        {
            var range = after is { } last ? new BsonDocument("$gt", last.Binary()) : null;
            return [.. (await OfBatchesAsync(MongoDeadDropDays.BatchesOf(day, found), "p", "i", range, limit, cancel))
                .Select(copy => new StoredCopy(copy["i"].StoredId(), copy["c"].AsByteArray))];
        }
        return [.. (await drop.Copies.Find(MongoExtensions.After(MongoExtensions.OfDay(day), after?.Binary()), new FindOptions { Hint = MongoSchema.CopiesByDay })
            .Sort(new BsonDocument("_id", 1)).Limit(limit).ToListAsync(cancel)).Select(copy => new StoredCopy(copy["_id"].StoredId(), copy["c"].AsByteArray))];
    }

    public async Task EndCopiesAsync(DateOnly day, CancellationToken cancel)
    {
        await drop.Copies.RemoveAsync(MongoExtensions.OfDay(day), cancel);
        await drop.CopyDays.DeleteOneAsync(MongoExtensions.ById(day.DayNumber), cancel);
    }

    private async Task<BatchOutcome> ReplaceAsync(BsonDocument batch, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var before = await drop.Batches.Find(MongoExtensions.ById(batch["_id"])).FirstOrDefaultAsync(cancel);
            if (before is not null && MongoBatch.IsSame(before, batch))
                return BatchOutcome.AlreadyThere;
            if (before is not null && before.Contains("f"))
                return BatchOutcome.DayClosed;
            try
            {
                var replaced = await drop.Batches.ReplaceOneAsync(Changeable(batch["_id"]), batch, new ReplaceOptions { IsUpsert = true }, cancel);
                return replaced.MatchedCount == 0 ? BatchOutcome.Stored : BatchOutcome.Replaced;
            }
            catch (MongoException e) when (e.IsDuplicate())
            {
                // A slot of somebody else; or the owner's own document, made or frozen since it was read.
                var keys = new BsonDocument { { "_id", new BsonDocument("$ne", batch["_id"]) }, { "s.k", new BsonDocument("$in", new BsonArray(batch["s"].AsBsonArray.Select(slot => slot["k"]))) } };
                if (await drop.Batches.Find(keys).Project(new BsonDocument("_id", 1)).AnyAsync(cancel))
                    return BatchOutcome.Conflict;
            }
        }
        return BatchOutcome.Conflict;
    }

    /// <summary>One list of some batches, in order of its key: the database sorts and cuts, so that a page costs a page of memory here.</summary>
    private async Task<List<BsonDocument>> OfBatchesAsync(BsonDocument batches, string list, string key, BsonDocument? range, int limit, CancellationToken cancel)
    {
        List<BsonDocument> stages = [new("$match", batches), new("$project", new BsonDocument(list, 1)), new("$unwind", "$" + list)];
        if (range is not null)
            stages.Add(new("$match", new BsonDocument($"{list}.{key}", range)));
        stages.AddRange([new("$sort", new BsonDocument($"{list}.{key}", 1)), new("$limit", limit), new("$replaceRoot", new BsonDocument("newRoot", "$" + list))]);
        return await drop.Batches.Aggregate(PipelineDefinition<BsonDocument, BsonDocument>.Create(stages), cancellationToken: cancel).ToListAsync(cancel);
    }

    private static FilterDefinition<BsonDocument> Changeable(BsonValue id) => new BsonDocument { { "_id", id }, { "f", new BsonDocument("$exists", false) } };
}
