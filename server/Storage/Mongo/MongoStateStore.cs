using MongoDB.Bson;
using MongoDB.Driver;

namespace SecureDrop.Server.Storage.Mongo;

/// <summary>What is not a day's own: roster, setup token hash, day keys, and when days end.</summary>
public sealed class MongoStateStore(MongoDrop drop) : IRosterStore, IDayStore
{
    private const string RosterId = "roster";
    private const string SetupId = "setup";
    private const int SecondsAnHour = 3600;

    public async Task<RosterDocument?> ReadAsync(CancellationToken cancel) =>
        await ReadAsync(drop.State, RosterId, cancel) is { } found ? new RosterDocument(found["v"].ToInt64(), found["a"].AsByteArray) : null;

    public async Task<RosterOutcome> ReplaceAsync(long expectedRevision, ReadOnlyMemory<byte> answer, CancellationToken cancel)
    {
        var next = new BsonDocument { { "v", expectedRevision + 1 }, { "a", answer.Binary() } };
        var isStored = expectedRevision == 0
            ? await drop.State.TryInsertAsync(new BsonDocument("_id", RosterId).AddRange(next), cancel)
            : (await drop.State.UpdateOneAsync(new BsonDocument { { "_id", RosterId }, { "v", expectedRevision } }, new BsonDocument("$set", next), cancellationToken: cancel)).MatchedCount == 1;
        return isStored ? RosterOutcome.Stored : RosterOutcome.Conflict;
    }

    public async Task<ReadOnlyMemory<byte>?> ReadSetupTokenHashAsync(CancellationToken cancel) =>
        await ReadAsync(drop.State, SetupId, cancel) is { } found ? (ReadOnlyMemory<byte>?)found["h"].AsByteArray : null;

    public Task WriteSetupTokenHashAsync(ReadOnlyMemory<byte>? hash, CancellationToken cancel) => hash is { } bytes
        ? drop.State.ReplaceOneAsync(MongoExtensions.ById(SetupId), new BsonDocument { { "_id", SetupId }, { "h", bytes.Binary() } }, new ReplaceOptions { IsUpsert = true }, cancel)
        : drop.State.DeleteOneAsync(MongoExtensions.ById(SetupId), cancel);

    public async Task<byte[]> ReadOrCreateKeyAsync(DateOnly day, ReadOnlyMemory<byte> candidate, CancellationToken cancel) =>
        (await drop.DayKeys.ReadOrMakeAsync(day.DayNumber, new BsonDocument("k", candidate.Binary()), cancel))["k"].AsByteArray;

    public async Task<byte[]?> ReadKeyAsync(DateOnly day, CancellationToken cancel) =>
        (await ReadAsync(drop.DayKeys, day.DayNumber, cancel))?["k"].AsByteArray;

    public async Task<IReadOnlyList<DateOnly>> ListKeyDaysAsync(CancellationToken cancel) =>
        [.. (await drop.DayKeys.Find(FilterDefinition<BsonDocument>.Empty).Sort(new BsonDocument("_id", 1)).Project(new BsonDocument("_id", 1)).ToListAsync(cancel))
            .Select(found => found["_id"].Day())];

    public Task DestroyKeyAsync(DateOnly day, CancellationToken cancel) => drop.DayKeys.DeleteOneAsync(MongoExtensions.ById(day.DayNumber), cancel);

    public async Task<DateOnly> EndEarlyAsync(DateOnly day, DateOnly endsOn, CancellationToken cancel) =>
        (await drop.EarlyEnds.ReadOrMakeAsync(day.DayNumber, new BsonDocument("e", endsOn.DayNumber), cancel))["e"].Day();

    public async Task<IReadOnlyDictionary<DateOnly, DateOnly>> ListEarlyEndsAsync(CancellationToken cancel) =>
        (await drop.EarlyEnds.Find(FilterDefinition<BsonDocument>.Empty).ToListAsync(cancel)).ToDictionary(found => found["_id"].Day(), found => found["e"].Day());

    public Task ForgetEarlyEndAsync(DateOnly day, CancellationToken cancel) => drop.EarlyEnds.DeleteOneAsync(MongoExtensions.ById(day.DayNumber), cancel);

    public async Task<bool> TryClaimEndAsync(DayEnd kind, DateTimeOffset now, CancellationToken cancel)
    {
        var hour = now.ToUnixTimeSeconds() / SecondsAnHour;
        var id = "end:" + kind;
        if (await ReadAsync(drop.State, id, cancel) is not { } last)
            return await drop.State.TryInsertAsync(new BsonDocument { { "_id", id }, { "h", hour } }, cancel);
        if (last["h"] == hour)
            return false;
        // Over the hour that was read: of two servers that claim at once, one finds it changed.
        var claimed = await drop.State.UpdateOneAsync(new BsonDocument { { "_id", id }, { "h", last["h"] } },
            new BsonDocument("$set", new BsonDocument("h", hour)), cancellationToken: cancel);
        // A clock that was set back must not stop days from ending until it has caught up; it waits one hour.
        return claimed.ModifiedCount == 1 && last["h"] < hour;
    }

    private static Task<BsonDocument?> ReadAsync(IMongoCollection<BsonDocument> collection, BsonValue id, CancellationToken cancel) =>
        collection.Find(MongoExtensions.ById(id)).FirstOrDefaultAsync(cancel)!;
}
