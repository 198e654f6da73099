using MongoDB.Bson;
using MongoDB.Driver;

namespace SecureDrop.Server.Storage.Mongo;

/// <summary>
/// The days of dead drops, and their publication: <c>dead_drop_days</c> has <c>_id</c> day, <c>w</c> shard bits, <c>s</c> <see cref="State"/>,
/// <c>o</c> while closed the batches that are in it, <c>z</c> from then on the bytes of each shard.
/// </summary>
/// <remarks>
/// Every server publishes, at the same moment; each may be stopped at any line. Each step is therefore either one that all may do (freeze,
/// copy, remove) or one document changed by whoever comes first, and which batches are in it is decided by one such document before the
/// first slot is copied: two servers that each read the batches for themselves could read them before and after one is replaced.
/// </remarks>
internal sealed class MongoDeadDropDays(MongoDrop drop)
{
    public enum State
    {
        /// <summary>Batches are taken.</summary>
        Running,

        /// <summary>None is taken any more; those that are there are being frozen.</summary>
        Closing,

        /// <summary>It is decided which are in it; slots and copies are on their way to their collections.</summary>
        Closed,

        /// <summary>They are all there; the batches, with their owners, are being removed.</summary>
        Filled,

        /// <summary>It never changes again.</summary>
        Published,
    }

    // 100 copies to 64 recipients are 11 MB: a message holds 48.
    private const int DocumentsAtOnce = 100;

    private static readonly BsonDocument WithoutSizes = new("z", 0);
    private static readonly BsonDocument Heads = new() { { "_id", 1 }, { "n", 1 }, { "h", 1 } };

    public static State StateOf(BsonDocument day) => (State)day["s"].ToInt32();

    public static int ShardBitsOf(BsonDocument day) => day["w"].ToInt32();

    public Task<BsonDocument> BeginAsync(DateOnly day, int shardBits, CancellationToken cancel) =>
        drop.DeadDropDays.ReadOrMakeAsync(day.DayNumber, new BsonDocument { { "w", shardBits }, { "s", (int)State.Running } }, cancel, WithoutSizes);

    /// <summary>The day without the bytes of its shards, of which there may be 65,536.</summary>
    public Task<BsonDocument?> ReadAsync(DateOnly day, CancellationToken cancel) =>
        drop.DeadDropDays.Find(MongoExtensions.ById(day.DayNumber)).Project(WithoutSizes).FirstOrDefaultAsync(cancel)!;

    public Task<List<BsonDocument>> ListAsync(FilterDefinition<BsonDocument> which, CancellationToken cancel) =>
        drop.DeadDropDays.Find(which).Sort(new BsonDocument("_id", 1)).Project(WithoutSizes).ToListAsync(cancel);

    /// <summary>The bytes of each shard; null where the day has been ended meanwhile.</summary>
    public async Task<long[]?> SizesAsync(DateOnly day, BsonDocument found, CancellationToken cancel)
    {
        if (StateOf(found) < State.Filled)
            return MongoBatch.Sizes(ShardBitsOf(found), await HeadsAsync(BatchesOf(day, found), cancel));
        var whole = await drop.DeadDropDays.Find(MongoExtensions.ById(day.DayNumber)).FirstOrDefaultAsync(cancel);
        return whole?["z"].AsBsonArray.Select(size => size.ToInt64()).ToArray();
    }

    /// <summary>What is in a day's dead drop as long as its slots have not been copied.</summary>
    public static BsonDocument BatchesOf(DateOnly day, BsonDocument found) =>
        found.TryGetValue("o", out var decided) ? new BsonDocument { { "d", day.DayNumber }, { "_id", new BsonDocument("$in", decided) } } : new BsonDocument("d", day.DayNumber);

    /// <summary>Counts of batches, from an index: no slot is read.</summary>
    public Task<List<BsonDocument>> HeadsAsync(BsonDocument batches, CancellationToken cancel) =>
        drop.Batches.Find(batches, new FindOptions { Hint = MongoSchema.BatchesByDay }).Project(Heads).ToListAsync(cancel);

    public async Task PublishAsync(DateOnly day, CancellationToken cancel)
    {
        while (await ReadAsync(day, cancel) is { } found && StateOf(found) != State.Published)
        {
            switch (StateOf(found))
            {
                case State.Running:
                    await ChangeAsync(day, State.Running, new BsonDocument("s", (int)State.Closing), cancel);
                    break;
                case State.Closing:
                    await DecideAsync(day, cancel);
                    break;
                case State.Closed:
                    await FillAsync(day, found, cancel);
                    break;
                default:
                    await drop.Batches.DeleteManyAsync(MongoExtensions.OfDay(day), cancel);
                    await ChangeAsync(day, State.Filled, new BsonDocument("s", (int)State.Published), cancel);
                    break;
            }
        }
        if (await ReadAsync(day, cancel) is null)
            await RemoveSlotsAsync(day, cancel);
        await RemoveStrayAsync(day, cancel);
    }

    /// <summary>A day that is published from the beginning: its slots are there already.</summary>
    public static Task RestoreAsync(MongoDrop drop, DateOnly day, int shardBits, long[] sizesInBytes, CancellationToken cancel) => drop.DeadDropDays.TryInsertAsync(
        new BsonDocument { { "_id", day.DayNumber }, { "w", shardBits }, { "s", (int)State.Published }, { "z", new BsonArray(sizesInBytes) } }, cancel);

    public async Task EndAsync(DateOnly day, CancellationToken cancel)
    {
        await RemoveSlotsAsync(day, cancel);
        await drop.Batches.DeleteManyAsync(MongoExtensions.OfDay(day), cancel);
        await drop.DeadDropDays.DeleteOneAsync(MongoExtensions.ById(day.DayNumber), cancel);
    }

    /// <summary>
    /// What is of no day: copies of a restore that was broken off and never finished, or of a day that ended while it was published; and a batch,
    /// with its owner, that came just as its day was published, through a server that was stopped before it took it back.
    /// </summary>
    private async Task RemoveStrayAsync(DateOnly published, CancellationToken cancel)
    {
        // In this order: copies of one that is filled between the two have their day by then.
        var filling = await ListAsync(new BsonDocument("s", new BsonDocument("$ne", (int)State.Published)), cancel);
        var days = await drop.CopyDays.Find(FilterDefinition<BsonDocument>.Empty).Project(new BsonDocument("_id", 1)).ToListAsync(cancel);
        await drop.Batches.DeleteManyAsync(MongoExtensions.OfDaysBefore(published.DayNumber, filling.Select(day => day["_id"])), cancel);
        await drop.Copies.RemoveAsync(MongoExtensions.OfDaysBefore(published.DayNumber, filling.Concat(days).Select(day => day["_id"])), cancel);
    }

    private async Task DecideAsync(DateOnly day, CancellationToken cancel)
    {
        await drop.Batches.UpdateManyAsync(MongoExtensions.OfDay(day), new BsonDocument("$set", new BsonDocument("f", true)), cancellationToken: cancel);
        var frozen = await drop.Batches.Find(new BsonDocument { { "d", day.DayNumber }, { "f", true } }).Project(new BsonDocument("_id", 1)).ToListAsync(cancel);
        await ChangeAsync(day, State.Closing, new BsonDocument { { "s", (int)State.Closed }, { "o", new BsonArray(frozen.Select(batch => batch["_id"])) } }, cancel);
    }

    private async Task FillAsync(DateOnly day, BsonDocument found, CancellationToken cancel)
    {
        var heads = await HeadsAsync(BatchesOf(day, found), cancel);
        foreach (var id in found["o"].AsBsonArray)
        {
            // Gone where another server has done all of this already; then it has also changed the state, and the change below is not made.
            // Or where the day is being ended, and whoever does that may be stopped: then this goes on, and does not wait for it.
            if (await drop.Batches.Find(MongoExtensions.ById(id)).FirstOrDefaultAsync(cancel) is not { } batch)
                continue;
            foreach (var slots in batch["s"].AsBsonArray.Chunk(DocumentsAtOnce))
                await drop.Slots.InsertMissingAsync(slots.Select(slot => new BsonDocument { { "_id", slot["k"] }, { "c", slot["c"] } }), cancel);
            foreach (var copies in batch["p"].AsBsonArray.Chunk(DocumentsAtOnce))
                await drop.Copies.InsertMissingAsync(copies.Select(copy => new BsonDocument { { "_id", copy["i"] }, { "d", day.DayNumber }, { "c", copy["c"] } }), cancel);
        }
        if (heads.Sum(batch => batch["n"].ToInt32()) is > 0 and var copiesOfTheDay)
            await drop.CopyDays.TryInsertAsync(new BsonDocument { { "_id", day.DayNumber }, { "n", copiesOfTheDay } }, cancel);
        await ChangeAsync(day, State.Closed, new BsonDocument { { "s", (int)State.Filled }, { "z", new BsonArray(MongoBatch.Sizes(ShardBitsOf(found), heads)) } }, cancel, forgetting: "o");
    }

    /// <summary>And of all days before it, where there is none any more: a server that was stopped while it published an ended day left some.</summary>
    private async Task RemoveSlotsAsync(DateOnly day, CancellationToken cancel)
    {
        var hasOlder = await drop.DeadDropDays.Find(new BsonDocument("_id", new BsonDocument("$lt", day.DayNumber))).Project(WithoutSizes).AnyAsync(cancel);
        var range = new BsonDocument("$lt", MongoBatch.SlotKey(day.AddDays(1), 0, []));
        if (hasOlder)
            range.Add("$gte", MongoBatch.SlotKey(day, 0, []));
        await drop.Slots.RemoveAsync(new BsonDocument("_id", range), cancel);
    }

    private Task<UpdateResult> ChangeAsync(DateOnly day, State from, BsonDocument to, CancellationToken cancel, string? forgetting = null)
    {
        var change = new BsonDocument("$set", to);
        if (forgetting is not null)
            change.Add("$unset", new BsonDocument(forgetting, ""));
        return drop.DeadDropDays.UpdateOneAsync(new BsonDocument { { "_id", day.DayNumber }, { "s", (int)from } }, change, cancellationToken: cancel);
    }
}
