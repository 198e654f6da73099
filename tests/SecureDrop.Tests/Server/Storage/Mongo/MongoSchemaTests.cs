using System.Net;
using System.Security.Cryptography;
using MongoDB.Bson;
using MongoDB.Driver;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Storage;
using SecureDrop.Server.Storage.Mongo;
using Xunit;

namespace SecureDrop.Tests.Server.Storage.Mongo;

/// <summary>What lies in the database: made once by however many servers, in no order of arrival, without a time.</summary>
public sealed class MongoSchemaTests(MongoServer server) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private MongoConnection _connection = null!;
    private MongoClient _client = null!;

    private IMongoDatabase Database => _client.GetDatabase(_connection.Database);

    public async ValueTask InitializeAsync()
    {
        _connection = await server.NewDatabaseAsync();
        _client = new MongoClient(_connection.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is null)
            return;
        await MongoServer.DropAsync(_connection);
        _client.Dispose();
    }

    [Fact]
    public async Task Open_SeveralServersAtOnceAndAgain_MakeTheSameOnce()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => ServerStores.OpenMongoAsync(_connection, None))));
        var before = await IndexesAsync();
        foreach (var stores in all)
            await stores.DisposeAsync();
        await (await ServerStores.OpenMongoAsync(_connection, None)).DisposeAsync();
        Assert.Equal(before, await IndexesAsync());
        Assert.Equal(5, before.Count(index => index.Split(' ') is not [_, "_id"]));
    }

    [Fact]
    public async Task Collections_EachIsClustered()
    {
        await (await ServerStores.OpenMongoAsync(_connection, None)).DisposeAsync();
        var collections = await (await Database.ListCollectionsAsync()).ToListAsync();
        Assert.True(collections.Count >= 12);
        Assert.All(collections, collection => Assert.True(collection["options"].AsBsonDocument.Contains("clusteredIndex"), $"{collection["name"]} numbers its documents in order of arrival"));
    }

    [Fact]
    public async Task Open_CollectionThatNumbersItsDocuments_Refused()
    {
        await Database.CreateCollectionAsync("parts");
        var refusal = await Assert.ThrowsAsync<StoreException>(() => ServerStores.OpenMongoAsync(_connection, None));
        Assert.StartsWith($"The collection parts of the database {_connection.Database} is not clustered", refusal.Message);
    }

    [Fact]
    public async Task Documents_AfterVisitsAndRepliesAndTheEndOfADay_HoldNoTimeAndNoObjectId()
    {
        await using var drop = await RunningDrop.SetUpAsync(stores: await MongoServer.OpenAsync(_connection));
        for (var n = 0; n < 3; n++)
            Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text()));
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutLargeAsync(SealedBytes.Large()));
        await PostAsync(drop);
        await drop.AdvanceAsync(TimeSpan.FromDays(1));
        await PostAsync(drop);
        var seen = new Dictionary<string, int>();
        foreach (var name in await (await Database.ListCollectionNamesAsync()).ToListAsync())
        {
            foreach (var document in await Database.GetCollection<BsonDocument>(name).Find(FilterDefinition<BsonDocument>.Empty).ToListAsync())
            {
                seen[name] = seen.GetValueOrDefault(name) + 1;
                foreach (var (path, value) in Values(document, name))
                {
                    // Days, sizes, revisions, hours of ends; no number in the range of a time of day in seconds or milliseconds.
                    Assert.True(value.BsonType is BsonType.Int32 or BsonType.Int64 or BsonType.Binary or BsonType.String or BsonType.Boolean, $"{path} is {value.BsonType}");
                    Assert.True(!value.IsNumeric || value.ToInt64() < 10_000_000, $"{path} is {value}");
                }
            }
        }
        Assert.Superset(new HashSet<string> { "reports", "parts", "slots", "copies", "batches", "day_keys", "dead_drop_days", "days", "state", "roster_parts", "sessions" }, seen.Keys.ToHashSet());
        Assert.Equal(1, seen["batches"]);
    }

    [Fact]
    public async Task Reports_ReadAsTheyLie_ComeInOrderOfTheirIdsAndNotOfArrival()
    {
        await using var stores = await MongoServer.OpenAsync(_connection);
        var day = new DateOnly(2026, 11, 24);
        var arrived = new List<StoredId>();
        for (var n = 0; n < 20; n++)
        {
            arrived.Add(StoredId.FromBytes(RandomNumberGenerator.GetBytes(StoredId.SizeInBytes)));
            Assert.Equal(StoreOutcome.Stored, await stores.Reports.StoreTextAsync(day, arrived[^1], new byte[100], None));
            Assert.Equal(StoreOutcome.Stored, await stores.Reports.StorePartAsync(day, StoredId.FromBytes(RandomNumberGenerator.GetBytes(StoredId.SizeInBytes)), 0, new byte[100], None));
        }
        // One of the test's own: what the server made is judged only by a database that lays one as it should.
        await Database.CreateCollectionAsync("clustered", new CreateCollectionOptions<BsonDocument> { ClusteredIndex = new() { Key = new BsonDocument("_id", 1), Unique = true } });
        foreach (var id in arrived)
            await Database.GetCollection<BsonDocument>("clustered").InsertOneAsync(new BsonDocument("_id", new BsonBinaryData(id.ToBytes())));
        Assert.SkipWhen(
            (await AsTheyLieAsync("clustered")).SequenceEqual(arrived.Select(id => (BsonValue)new BsonBinaryData(id.ToBytes()))),
            "shown on a MongoDB only: this database reads a clustered collection in order of arrival (the stand-in does, see MongoProcess), so what the server asks for is all that is tested here");
        foreach (var name in new[] { "reports", "parts" })
        {
            var lie = await AsTheyLieAsync(name);
            Assert.True(lie.Count >= 20);
            Assert.Equal(lie.OrderBy(id => Convert.ToHexString(id.AsByteArray), StringComparer.Ordinal), lie);
        }
    }

    private async Task<List<BsonValue>> AsTheyLieAsync(string name) =>
        [.. (await Database.GetCollection<BsonDocument>(name).Find(FilterDefinition<BsonDocument>.Empty, new FindOptions { Hint = new BsonDocument("$natural", 1) })
            .Project(new BsonDocument("_id", 1)).ToListAsync()).Select(found => found["_id"])];

    private static async Task PostAsync(RunningDrop drop)
    {
        using var alice = await drop.LoggedInAsync(drop.DropKeys.Alice);
        using var batch = new ByteArrayContent(Crypto.Replies.DeadDropBatch.Write(Batches.New()));
        batch.Headers.ContentType = new("application/octet-stream");
        using var answer = await alice.PostAsync("/api/v1/dead-drop", batch);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private static IEnumerable<(string Path, BsonValue Value)> Values(BsonValue value, string path) => value switch
    {
        BsonDocument document => document.Elements.SelectMany(element => Values(element.Value, $"{path}.{element.Name}")),
        BsonArray array => array.SelectMany(item => Values(item, path + "[]")),
        _ => [(path, value)],
    };

    private async Task<List<string>> IndexesAsync()
    {
        var indexes = new List<string>();
        foreach (var name in await (await Database.ListCollectionNamesAsync()).ToListAsync())
        {
            indexes.AddRange((await (await Database.GetCollection<BsonDocument>(name).Indexes.ListAsync()).ToListAsync())
                .Select(index => $"{name} {string.Join(' ', index["key"].AsBsonDocument.Names)}"));
        }
        return [.. indexes.Order(StringComparer.Ordinal)];
    }
}
