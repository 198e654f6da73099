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

    private MongoDrop(MongoClient client, IMongoDatabase database)
    {
        _client = client;
        Database = database;
    }

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
    internal IMongoCollection<BsonDocument> DayKeys => Database.GetCollection<BsonDocument>(MongoSchema.DayKeys);
    internal IMongoCollection<BsonDocument> EarlyEnds => Database.GetCollection<BsonDocument>(MongoSchema.EarlyEnds);

    /// <summary>Connects, and makes the collections and indexes that are missing.</summary>
    /// <exception cref="StoreException">The database cannot be reached, is too old, or was made by a newer server.</exception>
    public static async Task<MongoDrop> OpenAsync(MongoOptions options, CancellationToken cancel)
    {
        MongoClient? client = null;
        try
        {
            client = new MongoClient(Settings(options));
            var database = client.GetDatabase(options.Database, new MongoDatabaseSettings
            {
                ReadConcern = ReadConcern.Majority,
                ReadPreference = ReadPreference.Primary,
                WriteConcern = WriteConcern.WMajority.With(journal: true, wTimeout: MongoOptions.Patience),
            });
            await MongoSchema.PrepareAsync(database, cancel);
            return new MongoDrop(client, database);
        }
        catch (Exception e) when (e is MongoException or TimeoutException or ArgumentException or FormatException)
        {
            client?.Dispose();
            // The driver's own words name hosts and, in some versions, the whole connection string.
            throw new StoreException(
                $"MongoDB cannot be used ({e.GetType().Name}). Check SecureDrop:Mongo:ConnectionString, that the database {options.Database} may be written "
                + "by the user named there, and that the server is MongoDB 5.3 or newer and a replica set or a sharded cluster.", e);
        }
    }

    /// <summary>Whether the database answers.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        try
        {
            await Database.RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1), ReadPreference.Primary, cancel);
            return true;
        }
        catch (Exception e) when (e is MongoException or TimeoutException)
        {
            return false;
        }
    }

    public void Dispose() => _client.Dispose();

    private static MongoClientSettings Settings(MongoOptions options)
    {
        var settings = MongoClientSettings.FromConnectionString(options.ConnectionString);
        settings.RetryWrites = true;
        settings.RetryReads = true;
        settings.ConnectTimeout = TimeSpan.FromSeconds(5);
        settings.ServerSelectionTimeout = TimeSpan.FromSeconds(10);
        settings.SocketTimeout = MongoOptions.Patience;
        settings.WaitQueueTimeout = MongoOptions.Patience;
        settings.MaxConnectionPoolSize = 64;
        settings.LoggingSettings = null;
        settings.TracingOptions = new MongoDB.Driver.Core.Configuration.TracingOptions { Disabled = true };
        // Told to the database at every connection and kept in its log.
        settings.ApplicationName = null;
        return settings;
    }
}
