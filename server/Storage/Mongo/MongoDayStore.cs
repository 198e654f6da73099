using MongoDB.Bson;
using MongoDB.Driver;

namespace SecureDrop.Server.Storage.Mongo;

/// <summary>
/// Day keys, and when days end. A key that is destroyed is in no collection any more; the database's own log (the oplog) has it until that is
/// overwritten; for how long, the deployment guide says.
/// </summary>
/// <remarks>
/// <c>day_keys</c>: <c>_id</c> day, <c>k</c>. <c>early_ends</c>: <c>_id</c> day, <c>e</c> when it ends. <c>state</c>: <c>_id</c> "end:" and the kind,
/// <c>h</c> the hour of the last end, <c>b</c> the hour of the last end by a clock that stands far before that; <c>_id</c> "look", <c>h</c> the hour
/// of the last look at a clock.
/// </remarks>
public sealed class MongoDayStore(MongoDrop drop) : IDayStore
{
    private const int SecondsAnHour = 3600;
    private const string Look = "look";

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

    /// <summary>
    /// A server whose clock is far ahead of the others' finds their look each time, and so ends nothing as long as one of them is there.
    /// </summary>
    public async Task LookAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var hour = Hour(now);
        var last = (await ReadAsync(drop.State, Look, cancel))?["h"].ToInt64();
        if (last == hour)
            return;
        if (last is null || hour - last > IDayStore.LongestPauseInHours)
        {
            foreach (var kind in Enum.GetValues<DayEnd>())
                await HoldAsync(End(kind), hour + IDayStore.HoldInHours, cancel);
        }
        await drop.State.UpdateOneAsync(MongoExtensions.ById(Look), new BsonDocument("$set", new BsonDocument("h", hour)), new UpdateOptions { IsUpsert = true }, cancel);
    }

    /// <summary>
    /// By two marks, so that of several servers neither one whose clock ran ahead nor those that are right reset what the others claimed: each
    /// side ends one a hour, and not one at every look.
    /// </summary>
    public async Task<bool> TryClaimEndAsync(DayEnd kind, DateTimeOffset now, CancellationToken cancel)
    {
        var (hour, id) = (Hour(now), End(kind));
        if (await ReadAsync(drop.State, id, cancel) is not { } last)
            return await drop.State.TryInsertAsync(new BsonDocument { { "_id", id }, { "h", hour } }, cancel);
        var newest = last["h"].ToInt64();
        if (hour > newest)
            return await MarkAsync(last, "h", hour, cancel);
        // Ahead by so much is a hold; by an hour, the other server's clock a second before or after ours.
        if (newest - hour <= IDayStore.HoldInHours)
            return false;
        // A clock that was set back must not stop days from ending until it has caught up; it waits one hour.
        if (!last.TryGetValue("b", out var behind) || behind.ToInt64() - hour > IDayStore.HoldInHours)
        {
            await MarkAsync(last, "b", hour, cancel);
            return false;
        }
        return hour > behind.ToInt64() && await MarkAsync(last, "b", hour, cancel);
    }

    /// <summary>Claims an hour that is to come, on the side on which this clock stands (see <see cref="TryClaimEndAsync"/>).</summary>
    private async Task HoldAsync(string id, long hour, CancellationToken cancel)
    {
        if (await ReadAsync(drop.State, id, cancel) is not { } last)
            await drop.State.TryInsertAsync(new BsonDocument { { "_id", id }, { "h", hour } }, cancel);
        else
            await MarkAsync(last, last["h"].ToInt64() > hour ? "b" : "h", hour, cancel);
    }

    private static long Hour(DateTimeOffset time) => time.ToUnixTimeSeconds() / SecondsAnHour;

    private static string End(DayEnd kind) => "end:" + kind;

    /// <summary>Over what was read: of two servers that claim at once, one finds it changed.</summary>
    private async Task<bool> MarkAsync(BsonDocument last, string mark, long hour, CancellationToken cancel) =>
        (await drop.State.UpdateOneAsync(
            new BsonDocument { { "_id", last["_id"] }, { mark, last.GetValue(mark, new BsonDocument("$exists", false)) } },
            new BsonDocument("$set", new BsonDocument(mark, hour)), cancellationToken: cancel)).ModifiedCount == 1;

    private static Task<BsonDocument?> ReadAsync(IMongoCollection<BsonDocument> collection, BsonValue id, CancellationToken cancel) =>
        collection.Find(MongoExtensions.ById(id)).FirstOrDefaultAsync(cancel)!;
}
