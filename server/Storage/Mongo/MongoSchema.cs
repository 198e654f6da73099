using MongoDB.Bson;
using MongoDB.Driver;

namespace SecureDrop.Server.Storage.Mongo;

/// <summary>
/// Collections and indexes. All that hold reports, slots or copies are <em>clustered</em> (MongoDB 5.3): a normal collection numbers its
/// documents in order of arrival, a clustered one lies in order of <c>_id</c> and has no such number; and no <c>_id</c> is an ObjectId,
/// which holds the second, the process and the order. Every index ends in <c>_id</c>, so entries of one day lie in order of chance too.
/// </summary>
internal static class MongoSchema
{
    public const int Version = 1;

    public const string Reports = "reports";
    public const string Parts = "parts";
    public const string Days = "days";
    public const string Slots = "slots";
    public const string Copies = "copies";
    public const string Batches = "batches";
    public const string DeadDropDays = "dead_drop_days";
    public const string CopyDays = "copy_days";
    public const string State = "state";
    public const string RosterParts = "roster_parts";
    public const string DayKeys = "day_keys";
    public const string EarlyEnds = "early_ends";
    public const string Sessions = "sessions";

    /// <summary>What grows with the drop, and may be spread over shards by <c>_id</c>. Not batches: no two may hold one slot, wherever they lie.</summary>
    public static readonly string[] Sharded = [Reports, Parts, Slots, Copies];

    /// <summary>All collections.</summary>
    public static readonly string[] Clustered = [Reports, Parts, Days, Slots, Copies, Batches, DeadDropDays, CopyDays, State, RosterParts, DayKeys, EarlyEnds, Sessions];
    private const int NamespaceExists = 48;
    private const string VersionId = "version";

    /// <summary>By day, covering what a list shows: no sealed byte is read to list, to count or to judge a commit.</summary>
    public static readonly BsonDocument ReportsByDay = new() { { "d", 1 }, { "_id", 1 }, { "k", 1 }, { "b", 1 }, { "n", 1 } };
    public static readonly BsonDocument PartsByDay = new() { { "d", 1 }, { "_id", 1 }, { "b", 1 } };
    public static readonly BsonDocument CopiesByDay = new() { { "d", 1 }, { "_id", 1 } };
    public static readonly BsonDocument BatchesByDay = new() { { "d", 1 }, { "_id", 1 }, { "n", 1 }, { "h", 1 } };
    private static readonly BsonDocument SlotOfBatch = new() { { "s.k", 1 } };

    /// <summary>Idempotent, and safe beside another server that does the same.</summary>
    /// <exception cref="StoreException">A newer server made this database, or another program a collection of it.</exception>
    public static async Task PrepareAsync(IMongoDatabase database, CancellationToken cancel)
    {
        // The version first: of a newer server's database nothing is touched.
        await CreateAsync(database, State, cancel);
        var found = await database.GetCollection<BsonDocument>(State).ReadOrMakeAsync(VersionId, new BsonDocument("v", Version), cancel);
        if (found["v"].ToInt32() > Version)
        {
            throw new StoreException(
                $"The database {database.DatabaseNamespace.DatabaseName} was made by a newer version of this server (store version {found["v"]}, this one knows {Version}). Install that version again, or name another database; nothing was changed.");
        }
        foreach (var name in Clustered)
            await CreateAsync(database, name, cancel);
        await RequireClusteredAsync(database, cancel);
        await IndexAsync(database, Reports, ReportsByDay, isUnique: false, cancel);
        await IndexAsync(database, Parts, PartsByDay, isUnique: false, cancel);
        await IndexAsync(database, Copies, CopiesByDay, isUnique: false, cancel);
        await IndexAsync(database, Batches, BatchesByDay, isUnique: false, cancel);
        // No r twice in a day and shard: whoever copied another's would push that slot off the edge of a page.
        await IndexAsync(database, Batches, SlotOfBatch, isUnique: true, cancel);
    }

    /// <summary>Whether this was done before.</summary>
    public static Task<bool> IsThereAsync(IMongoDatabase database, CancellationToken cancel) =>
        database.GetCollection<BsonDocument>(State).Find(MongoExtensions.ById(VersionId)).AnyAsync(cancel);

    private static async Task CreateAsync(IMongoDatabase database, string name, CancellationToken cancel)
    {
        try
        {
            await database.CreateCollectionAsync(name, new CreateCollectionOptions<BsonDocument>
            {
                ClusteredIndex = new ClusteredIndexOptions<BsonDocument> { Key = new BsonDocument("_id", 1), Unique = true },
            }, cancel);
        }
        catch (MongoCommandException e) when (e.Code == NamespaceExists)
        {
            // Made at an earlier start, or by another server just now.
        }
    }

    /// <summary>One that was made by hand, or by a tool that restores, would from now on number what arrives.</summary>
    private static async Task RequireClusteredAsync(IMongoDatabase database, CancellationToken cancel)
    {
        using var found = await database.ListCollectionsAsync(cancellationToken: cancel);
        var other = (await found.ToListAsync(cancel)).FirstOrDefault(collection =>
            Clustered.Contains(collection["name"].AsString) && !collection["options"].AsBsonDocument.Contains("clusteredIndex"));
        if (other is not null)
        {
            throw new StoreException(
                $"The collection {other["name"]} of the database {database.DatabaseNamespace.DatabaseName} is not clustered: MongoDB would number what is stored in order of arrival. Name an empty database, in which this server makes its collections itself.");
        }
    }

    private static Task<string> IndexAsync(IMongoDatabase database, string collection, BsonDocument keys, bool isUnique, CancellationToken cancel) =>
        database.GetCollection<BsonDocument>(collection).Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(keys, new CreateIndexOptions { Unique = isUnique }), cancellationToken: cancel);
}
