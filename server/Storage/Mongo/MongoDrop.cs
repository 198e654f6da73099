using MongoDB.Bson;
using MongoDB.Driver;

namespace SecureDrop.Server.Storage.Mongo;

/// <summary>
/// The database of one drop. Everything is written with <c>w: majority, j: true</c>: what was acknowledged outlives the loss of the
/// primary. The driver is given no logger and no tracing, for both know commands, and commands hold ids and times.
/// </summary>
public sealed class MongoDrop : IDisposable
{
    private readonly MongoClient _client;
    private readonly long _floorInBytes;

    private MongoDrop(MongoClient client, IMongoDatabase database, long floorInBytes) => (_client, Database, _floorInBytes) = (client, database, floorInBytes);

    internal IMongoDatabase Database { get; }

    internal IMongoCollection<BsonDocument> Reports => Database.GetCollection<BsonDocument>(MongoSchema.Reports);
    internal IMongoCollection<BsonDocument> Parts => Database.GetCollection<BsonDocument>(MongoSchema.Parts);
    internal IMongoCollection<BsonDocument> Days => Database.GetCollection<BsonDocument>(MongoSchema.Days);
    internal IMongoCollection<BsonDocument> Slots => Database.GetCollection<BsonDocument>(MongoSchema.Slots);
    internal IMongoCollection<BsonDocument> Copies => Database.GetCollection<BsonDocument>(MongoSchema.Copies);
    internal IMongoCollection<BsonDocument> Batches => Database.GetCollection<BsonDocument>(MongoSchema.Batches);
    internal IMongoCollection<BsonDocument> DeadDropDays => Database.GetCollection<BsonDocument>(MongoSchema.DeadDropDays);
    internal IMongoCollection<BsonDocument> CopyDays => Database.GetCollection<BsonDocument>(MongoSchema.CopyDays);
    internal IMongoCollection<BsonDocument> State => Database.GetCollection<BsonDocument>(MongoSchema.State);
    internal IMongoCollection<BsonDocument> RosterParts => Database.GetCollection<BsonDocument>(MongoSchema.RosterParts);
    internal IMongoCollection<BsonDocument> DayKeys => Database.GetCollection<BsonDocument>(MongoSchema.DayKeys);
    internal IMongoCollection<BsonDocument> Sessions => Database.GetCollection<BsonDocument>(MongoSchema.Sessions);
    internal IMongoCollection<BsonDocument> EarlyEnds => Database.GetCollection<BsonDocument>(MongoSchema.EarlyEnds);

    /// <summary>Connects, and makes the collections and indexes that are missing.</summary>
    /// <exception cref="StoreException">The database does not answer now, refuses, is too old, or was made by a newer server.</exception>
    public static Task<MongoDrop> OpenAsync(MongoConnection connection, CancellationToken cancel) => ConnectAsync(connection, async drop =>
    {
        await MongoSchema.PrepareAsync(drop.Database, cancel);
        return drop;
    });

    /// <summary>Whether a server has ever made its collections here. Looks, and makes nothing.</summary>
    /// <exception cref="StoreException">The database does not answer now, or refuses.</exception>
    public static Task<bool> IsThereAsync(MongoConnection connection, CancellationToken cancel) => ConnectAsync(connection, async drop =>
    {
        using (drop)
            return await MongoSchema.IsThereAsync(drop.Database, cancel);
    });

    private static async Task<T> ConnectAsync<T>(MongoConnection connection, Func<MongoDrop, Task<T>> work)
    {
        MongoClient? client = null;
        try
        {
            var settings = Settings(connection);
            client = new MongoClient(settings);
            var database = client.GetDatabase(connection.Database, new MongoDatabaseSettings
            {
                ReadConcern = ReadConcern.Majority,
                ReadPreference = ReadPreference.Primary,
                WriteConcern = WriteConcern.WMajority.With(journal: true, wTimeout: settings.SocketTimeout / 2),
            });
            return await work(new MongoDrop(client, database, connection.FreeSpaceFloorInBytes));
        }
        catch (Exception e)
        {
            client?.Dispose();
            if (e.IsAway())
                throw MongoFaults.Away(e);
            if (e is MongoException or ArgumentException or FormatException or NotSupportedException)
                throw Refused(connection, e);
            throw;
        }
    }

    /// <summary>
    /// What may be stored before the floor is reached, on the fullest shard; unbounded where the database does not say. A MongoDB whose disk
    /// is full stops, so nobody is to find out by trying.
    /// </summary>
    internal async Task<long> FreeInBytesAsync(CancellationToken cancel) =>
        FreeInBytes(await Database.RunCommandAsync<BsonDocument>(new BsonDocument("dbStats", 1), ReadPreference.Primary, cancel), _floorInBytes);

    /// <summary>The same, from an answer of <c>dbStats</c>.</summary>
    internal static long FreeInBytes(BsonDocument stats, long floorInBytes)
    {
        var disks = stats.TryGetValue("raw", out var shards) ? shards.AsBsonDocument.Values.Select(shard => shard.AsBsonDocument) : [stats];
        return disks.Where(disk => disk.GetValue("fsTotalSize", 0).ToDouble() > 0)
            .Select(disk => Math.Max(0, (long)(disk["fsTotalSize"].ToDouble() - disk["fsUsedSize"].ToDouble()) - floorInBytes))
            .DefaultIfEmpty(long.MaxValue).Min();
    }

    public void Dispose() => _client.Dispose();

    // The driver's own words name hosts and users, and some of its versions the connection string.
    private static StoreException Refused(MongoConnection connection, Exception e) => new(e is MongoAuthenticationException
        ? "MongoDB does not let this server in: the user, the password or the authSource in SecureDrop:Mongo:ConnectionString is wrong."
        : $"MongoDB refuses to keep this drop ({(e as MongoCommandException)?.CodeName ?? e.GetType().Name}). It must be MongoDB 5.3 or newer, a replica set or a sharded "
          + $"cluster, and the user in SecureDrop:Mongo:ConnectionString must have the role readWrite on the database {connection.Database}.", e);

    internal static MongoClientSettings Settings(MongoConnection connection)
    {
        var settings = MongoClientSettings.FromConnectionString(connection.ConnectionString);
        settings.RetryWrites = true;
        settings.RetryReads = true;
        // A shorter time in the connection string is the administrator's; a longer one would keep sources waiting.
        settings.ConnectTimeout = Shorter(settings.ConnectTimeout, MongoConnection.ConnectPatience);
        settings.ServerSelectionTimeout = Shorter(settings.ServerSelectionTimeout, MongoConnection.ElectionPatience);
        settings.SocketTimeout = Shorter(settings.SocketTimeout, MongoConnection.Patience);
        settings.WaitQueueTimeout = Shorter(settings.WaitQueueTimeout, MongoConnection.Patience);
        settings.MaxConnectionPoolSize = MongoConnection.MostConnections;
        settings.LoggingSettings = null;
        settings.TracingOptions = new MongoDB.Driver.Core.Configuration.TracingOptions { Disabled = true };
        // Told to the database at every connection and kept in its log.
        settings.ApplicationName = null;
        return settings;
    }

    /// <summary>Of a time that is set (0: none) and one that is ours.</summary>
    private static TimeSpan Shorter(TimeSpan set, TimeSpan ours) => set > TimeSpan.Zero && set < ours ? set : ours;
}
