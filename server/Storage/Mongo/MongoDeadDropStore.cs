using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using MongoDB.Bson;
using MongoDB.Driver;

namespace SecureDrop.Server.Storage.Mongo;

/// <summary>
/// Dead drops. While a day runs, each reviewer's batch is one document, replaced whole; when it is published, slots and copies go to
/// collections of their own, each in an order of its own chance, and the batches with their owners are removed.
/// </summary>
/// <remarks>
/// <c>dead_drop_days</c>: <c>_id</c> day, <c>w</c> shard bits, <c>s</c> <see cref="State"/>, <c>z</c> bytes of each shard once published.
/// <c>batches</c>: <c>_id</c> day ‖ owner, <c>d</c>, <c>s</c> slots <c>[{k: day ‖ shard ‖ r, c: bytes}]</c>, <c>p</c> copies
/// <c>[{i: id, c: bytes}]</c>. <c>slots</c>: <c>_id</c> day ‖ shard ‖ r, <c>c</c>. <c>copies</c>: <c>_id</c> random, <c>d</c>, <c>c</c>.
/// <c>copy_days</c>: <c>_id</c> day, <c>n</c> copies.
/// </remarks>
public sealed class MongoDeadDropStore(MongoDrop drop) : IDeadDropStore
{
    private enum State
    {
        /// <summary>Batches are taken.</summary>
        Running,

        /// <summary>None is taken any more; slots and copies are on their way to their collections.</summary>
        Closed,

        /// <summary>It never changes again.</summary>
        Published,
    }

    private const int SlotKeyInBytes = sizeof(int) + sizeof(ushort) + DeadDropEntry.OrderSizeInBytes;

    // A published day does not change, and every visit asks for all of them.
    private readonly ConcurrentDictionary<DateOnly, DeadDropDay> _publishedDays = new();

    public async Task<int> BeginDayAsync(DateOnly day, int shardBits, CancellationToken cancel) =>
        (await drop.DeadDropDays.ReadOrMakeAsync(day.DayNumber, new BsonDocument { { "w", shardBits }, { "s", (int)State.Running } }, cancel, WithoutSizes))["w"].ToInt32();

    public async Task<BatchOutcome> StoreBatchAsync(
        DateOnly day,
        ReadOnlyMemory<byte> owner,
        IReadOnlyList<DeadDropEntry> entries,
        IReadOnlyList<ReadOnlyMemory<byte>> copies,
        CancellationToken cancel)
    {
        if (await ReadDayAsync(day, cancel) is not { } begun || StateOf(begun) != State.Running)
            return BatchOutcome.DayClosed;
        if (entries.Any(entry => entry.Shard >> begun["w"].ToInt32() != 0))
            return BatchOutcome.ShardBeyondWidth;
        if (entries.DistinctBy(entry => (entry.Shard, Convert.ToHexString(entry.Slot.Span[..DeadDropEntry.OrderSizeInBytes]))).Count() != entries.Count)
            return BatchOutcome.Conflict;
        var batch = Batch(day, owner, entries, copies);
        try
        {
            var before = await drop.Batches.Find(MongoExtensions.ById(batch["_id"])).FirstOrDefaultAsync(cancel);
            if (before is not null && IsSame(before, batch))
                return BatchOutcome.AlreadyThere;
            await drop.Batches.ReplaceOneAsync(MongoExtensions.ById(batch["_id"]), batch, new ReplaceOptions { IsUpsert = true }, cancel);
            // Closed meanwhile: it is in the published day whole or not at all, and nobody is told that it is.
            return await ReadDayAsync(day, cancel) is { } now && StateOf(now) == State.Running
                ? before is null ? BatchOutcome.Stored : BatchOutcome.Replaced
                : BatchOutcome.DayClosed;
        }
        catch (MongoException e) when (e.IsDuplicate())
        {
            return BatchOutcome.Conflict;
        }
        catch (MongoException e) when (e.IsFull())
        {
            return BatchOutcome.Full;
        }
    }

    public async Task<IReadOnlyList<DeadDropDay>> ListAsync(CancellationToken cancel)
    {
        var days = new List<DeadDropDay>();
        foreach (var found in await drop.DeadDropDays.Find(FilterDefinition<BsonDocument>.Empty).Sort(new BsonDocument("_id", 1)).Project(WithoutSizes).ToListAsync(cancel))
        {
            var day = found["_id"].Day();
            if (!_publishedDays.TryGetValue(day, out var summary))
            {
                if (StateOf(found) == State.Published)
                {
                    // Ended by another server between these two reads.
                    if (await drop.DeadDropDays.Find(MongoExtensions.ById(day.DayNumber)).FirstOrDefaultAsync(cancel) is not { } whole)
                        continue;
                    summary = new DeadDropDay(day, found["w"].ToInt32(), true, [.. whole["z"].AsBsonArray.Select(size => size.ToInt64())]);
                    _publishedDays[day] = summary;
                }
                else
                    summary = new DeadDropDay(day, found["w"].ToInt32(), false, Sizes(found["w"].ToInt32(), await BatchesAsync(day, cancel)));
            }
            days.Add(summary);
        }
        return days;
    }

    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> ReadSlotsAsync(
        DateOnly day, int shard, ReadOnlyMemory<byte>? after, int limit, CancellationToken cancel)
    {
        if (await ReadDayAsync(day, cancel) is not { } begun)
            return [];
        var (first, last) = (SlotKey(day, shard, after is { } r ? r.Span : new byte[DeadDropEntry.OrderSizeInBytes]), SlotKey(day, shard, [.. Enumerable.Repeat((byte)0xff, DeadDropEntry.OrderSizeInBytes)]));
        if (StateOf(begun) != State.Published)
        {
            return [.. (await BatchesAsync(day, cancel)).SelectMany(batch => batch["s"].AsBsonArray)
                .Where(slot => slot["k"].CompareTo(first) >= (after is null ? 0 : 1) && slot["k"].CompareTo(last) <= 0)
                .OrderBy(slot => slot["k"]).Take(limit).Select(slot => (ReadOnlyMemory<byte>)slot["c"].AsByteArray)];
        }
        return [.. (await drop.Slots.Find(new BsonDocument("_id", new BsonDocument { { after is null ? "$gte" : "$gt", first }, { "$lte", last } }))
            .Sort(new BsonDocument("_id", 1)).Limit(limit).ToListAsync(cancel)).Select(slot => (ReadOnlyMemory<byte>)slot["c"].AsByteArray)];
    }

    public async Task PublishAsync(DateOnly day, CancellationToken cancel)
    {
        if (await ReadDayAsync(day, cancel) is not { } begun)
            return;
        if (StateOf(begun) != State.Published)
        {
            await SetStateAsync(day, State.Running, new BsonDocument("s", (int)State.Closed), cancel);
            // Whoever else publishes this day now reads the same: batches are removed only from a day that is published.
            var batches = await BatchesAsync(day, cancel);
            var slots = batches.SelectMany(batch => batch["s"].AsBsonArray).Select(slot => new BsonDocument { { "_id", slot["k"] }, { "c", slot["c"] } });
            foreach (var slot in slots.OrderBy(slot => slot["_id"]))
                await drop.Slots.TryInsertAsync(slot, cancel);
            var copies = batches.SelectMany(batch => batch["p"].AsBsonArray)
                .Select(copy => new BsonDocument { { "_id", copy["i"] }, { "d", day.DayNumber }, { "c", copy["c"] } }).OrderBy(copy => copy["_id"]).ToList();
            foreach (var copy in copies)
                await drop.Copies.TryInsertAsync(copy, cancel);
            if (copies.Count > 0)
                await drop.CopyDays.TryInsertAsync(new BsonDocument { { "_id", day.DayNumber }, { "n", copies.Count } }, cancel);
            await SetStateAsync(day, State.Closed, new BsonDocument { { "s", (int)State.Published }, { "z", new BsonArray(Sizes(begun["w"].ToInt32(), batches)) } }, cancel);
        }
        await drop.Batches.DeleteManyAsync(OfBatches(day), cancel);
    }

    public async Task EndDeadDropAsync(DateOnly day, CancellationToken cancel)
    {
        await drop.Slots.RemoveAsync(new BsonDocument("_id", new BsonDocument { { "$gte", SlotKey(day, 0, []) }, { "$lt", SlotKey(day.AddDays(1), 0, []) } }), cancel);
        await drop.Batches.DeleteManyAsync(OfBatches(day), cancel);
        await drop.DeadDropDays.DeleteOneAsync(MongoExtensions.ById(day.DayNumber), cancel);
        _publishedDays.TryRemove(day, out _);
    }

    public async Task<IReadOnlyDictionary<DateOnly, int>> CountCopiesAsync(CancellationToken cancel)
    {
        var counts = new SortedDictionary<DateOnly, int>();
        var running = await drop.DeadDropDays.Find(new BsonDocument("s", new BsonDocument("$ne", (int)State.Published))).Project(WithoutSizes).ToListAsync(cancel);
        foreach (var day in running.Select(found => found["_id"].Day()))
        {
            var waiting = (await BatchesAsync(day, cancel)).Sum(batch => batch["p"].AsBsonArray.Count);
            if (waiting > 0)
                counts[day] = waiting;
        }
        foreach (var found in await drop.CopyDays.Find(FilterDefinition<BsonDocument>.Empty).ToListAsync(cancel))
            counts[found["_id"].Day()] = found["n"].ToInt32();
        return counts;
    }

    public async Task<IReadOnlyList<StoredCopy>> ReadCopiesAsync(DateOnly day, StoredId? after, int limit, CancellationToken cancel)
    {
        if (await ReadDayAsync(day, cancel) is { } begun && StateOf(begun) != State.Published)
        {
            return [.. (await BatchesAsync(day, cancel)).SelectMany(batch => batch["p"].AsBsonArray)
                .Select(copy => new StoredCopy(copy["i"].StoredId(), copy["c"].AsByteArray))
                .Where(copy => after is null || copy.Id > after).OrderBy(copy => copy.Id).Take(limit)];
        }
        return [.. (await drop.Copies.Find(MongoExtensions.After(MongoExtensions.OfDay(day), after?.Binary()), new FindOptions { Hint = MongoSchema.CopiesByDay })
            .Sort(new BsonDocument("_id", 1)).Limit(limit).ToListAsync(cancel)).Select(copy => new StoredCopy(copy["_id"].StoredId(), copy["c"].AsByteArray))];
    }

    public async Task EndCopiesAsync(DateOnly day, CancellationToken cancel)
    {
        await drop.Copies.RemoveAsync(MongoExtensions.OfDay(day), cancel);
        await drop.CopyDays.DeleteOneAsync(MongoExtensions.ById(day.DayNumber), cancel);
    }

    private static BsonDocument WithoutSizes => new("z", 0);

    private static BsonDocument Batch(DateOnly day, ReadOnlyMemory<byte> owner, IReadOnlyList<DeadDropEntry> entries, IReadOnlyList<ReadOnlyMemory<byte>> copies)
    {
        var id = new byte[sizeof(int) + owner.Length];
        BinaryPrimitives.WriteInt32BigEndian(id, day.DayNumber);
        owner.Span.CopyTo(id.AsSpan(sizeof(int)));
        // Each list in an order of its own chance, or a slot and its copy could be told by their places.
        return new BsonDocument
        {
            { "_id", new BsonBinaryData(id) },
            { "d", day.DayNumber },
            {
                "s", new BsonArray(entries
                    .Select(entry => new BsonDocument { { "k", SlotKey(day, entry.Shard, entry.Slot.Span[..DeadDropEntry.OrderSizeInBytes]) }, { "c", entry.Slot.Binary() } })
                    .OrderBy(slot => slot["k"]))
            },
            {
                "p", new BsonArray(copies
                    .Select(copy => new BsonDocument { { "i", new BsonBinaryData(RandomNumberGenerator.GetBytes(StoredId.SizeInBytes)) }, { "c", copy.Binary() } })
                    .OrderBy(copy => copy["i"]))
            },
        };
    }

    // As sets: a digest of the whole batch, kept to compare with, would let a thief try which slot went with which copy.
    private static bool IsSame(BsonDocument before, BsonDocument now) =>
        before["s"].AsBsonArray.ToHashSet().SetEquals(now["s"].AsBsonArray)
        && before["p"].AsBsonArray.Select(copy => copy["c"]).ToHashSet().SetEquals(now["p"].AsBsonArray.Select(copy => copy["c"]));

    private static BsonBinaryData SlotKey(DateOnly day, int shard, ReadOnlySpan<byte> r)
    {
        var key = new byte[SlotKeyInBytes];
        BinaryPrimitives.WriteInt32BigEndian(key, day.DayNumber);
        BinaryPrimitives.WriteUInt16BigEndian(key.AsSpan(sizeof(int)), (ushort)shard);
        r.CopyTo(key.AsSpan(sizeof(int) + sizeof(ushort)));
        return new(key);
    }

    private static long[] Sizes(int shardBits, IEnumerable<BsonDocument> batches)
    {
        var sizes = new long[1 << shardBits];
        foreach (var slot in batches.SelectMany(batch => batch["s"].AsBsonArray))
            sizes[BinaryPrimitives.ReadUInt16BigEndian(slot["k"].AsByteArray.AsSpan(sizeof(int)))] += slot["c"].AsByteArray.Length;
        return sizes;
    }

    private Task<List<BsonDocument>> BatchesAsync(DateOnly day, CancellationToken cancel) => drop.Batches.Find(OfBatches(day)).ToListAsync(cancel);

    private static BsonDocument OfBatches(DateOnly day) => new("_id", new BsonDocument { { "$gte", BatchBound(day) }, { "$lt", BatchBound(day.AddDays(1)) } });

    private static BsonBinaryData BatchBound(DateOnly day)
    {
        var bound = new byte[sizeof(int) + SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt32BigEndian(bound, day.DayNumber);
        return new(bound);
    }

    private Task<BsonDocument?> ReadDayAsync(DateOnly day, CancellationToken cancel) =>
        drop.DeadDropDays.Find(MongoExtensions.ById(day.DayNumber)).Project(WithoutSizes).FirstOrDefaultAsync(cancel)!;

    private Task<UpdateResult> SetStateAsync(DateOnly day, State from, BsonDocument to, CancellationToken cancel) =>
        drop.DeadDropDays.UpdateOneAsync(new BsonDocument { { "_id", day.DayNumber }, { "s", (int)from } }, new BsonDocument("$set", to), cancellationToken: cancel);

    private static State StateOf(BsonDocument day) => (State)day["s"].ToInt32();
}
