using MongoDB.Bson;
using MongoDB.Driver;
using SecureDrop.Server.Storage.Mongo;
using Xunit;

namespace SecureDrop.Tests.Server.Storage.Mongo;

/// <summary>What is written once a minute to see whether it is kept.</summary>
public sealed class MongoWriteCheckTests(MongoServer server)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Write_BySeveralServersAtOnceAndAgain_IsOneDocumentThatChangesAndSaysNothing()
    {
        var connection = await server.NewDatabaseAsync();
        using var client = new MongoClient(connection.ConnectionString);
        var state = client.GetDatabase(connection.Database).GetCollection<BsonDocument>(MongoSchema.State);
        var stores = new[] { await MongoServer.OpenAsync(connection), await MongoServer.OpenAsync(connection) };
        HashSet<BsonValue> seen = [];
        for (var n = 0; n < 3; n++)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(m => stores[m % 2].Check!.WriteAsync(None)));
            var written = Assert.Single(await state.Find(new BsonDocument("_id", "check")).ToListAsync());
            Assert.Equal(["_id", "r"], written.Names);
            Assert.Equal(16, written["r"].AsByteArray.Length);
            Assert.True(seen.Add(written["r"]));
        }
        foreach (var store in stores)
            await store.DisposeAsync();
        await MongoServer.DropAsync(connection);
    }
}
