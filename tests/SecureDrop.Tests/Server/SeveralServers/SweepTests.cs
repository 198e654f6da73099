using System.Net;
using MongoDB.Bson;
using MongoDB.Driver;
using SecureDrop.Crypto.Replies;
using SecureDrop.Server.Hosting;
using SecureDrop.Tests.Server.Storage.Mongo;
using Xunit;

namespace SecureDrop.Tests.Server.SeveralServers;

/// <summary>Days that pass at three servers over one database, which all do at the same moment what is due.</summary>
public sealed class SweepTests(MongoServer database)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Days_PassAtThreeServersAtOnce_EachStepIsDoneOnce()
    {
        var connection = await database.NewDatabaseAsync();
        await using var first = await RunningDrop.SetUpAsync(stores: await ServerStores.OpenMongoAsync(connection, None));
        await using var second = await first.SecondAsync(await ServerStores.OpenMongoAsync(connection, None));
        await using var third = await first.SecondAsync(await ServerStores.OpenMongoAsync(connection, None));
        RunningDrop[] servers = [first, second, third];
        using var client = new MongoClient(connection.ConnectionString);
        var collections = client.GetDatabase(connection.Database);
        var day = first.Today;
        const int Days = 4;
        for (var n = 0; n < Days; n++)
        {
            Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(servers[n % 3].Source)).At(servers[(n + 1) % 3].Source).PutTextAsync(SealedBytes.Text()));
            Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(servers[n % 3].Source)).PutPartAsync(1, new byte[10]));
            await PostAsync(servers[(n + 2) % 3], first.DropKeys.Alice);
            await PostAsync(servers[n % 3], first.DropKeys.Bob);
            await AdvanceAsync(servers, TimeSpan.FromDays(1));
            foreach (var server in servers)
            {
                // All find the same, the ended day whole and the new one begun, without an owner left of the ended one.
                var known = await server.Stores.DeadDrops.ListAsync(None);
                Assert.Equal(Enumerable.Range(0, n + 2).Select(m => (day.AddDays(m), m <= n)), known.Select(entry => (entry.Day, entry.IsPublished)));
                Assert.Equal(16L * DeadDropSlot.SizeInBytes, known[n].SizesInBytes[0]);
                Assert.Equal(16 * DeadDropSlot.SizeInBytes, (await server.Source.GetByteArrayAsync($"/api/v1/dead-drops/{day.AddDays(n):yyyy-MM-dd}/0")).Length);
                Assert.Equal(16, (await server.Stores.DeadDrops.CountCopiesAsync(None))[day.AddDays(n)]);
            }
            Assert.Equal(0, await collections.GetCollection<BsonDocument>("batches").CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
        }
        // Two keys are due, of the first and the second day; the rest waits for its own.
        Assert.Null(await first.Stores.Days.ReadKeyAsync(day, None));
        Assert.Null(await second.Stores.Days.ReadKeyAsync(day.AddDays(1), None));
        Assert.Equal(3, await third.Stores.Reports.ListOpenDaysAsync(None) is { } open ? open.Count : 0);
        Assert.Equal(Days - 2, await collections.GetCollection<BsonDocument>("parts").CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));

        // Long after, all of it is due, and three servers together end one day an hour.
        await AdvanceAsync(servers, TimeSpan.FromDays(200));
        for (var n = 1; n <= Days; n++)
        {
            Assert.Equal(n, servers.Sum(server => server.Log.ToString().Split('\n').Count(line => line.EndsWith("its reports and copies have ended", StringComparison.Ordinal))));
            foreach (var server in servers)
                Assert.Equal(Days - n, (await server.Stores.Reports.ListDaysAsync(None)).Count);
            await AdvanceAsync(servers, TimeSpan.FromHours(1));
        }
        foreach (var name in new[] { "reports", "parts", "copies", "copy_days" })
            Assert.Equal(0, await collections.GetCollection<BsonDocument>(name).CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
        Assert.All(servers, server => Assert.DoesNotContain("fault", server.Log.ToString()));
        await MongoServer.DropAsync(connection);
    }

    private static async Task AdvanceAsync(RunningDrop[] servers, TimeSpan by)
    {
        // One clock for all three; their own timers tick as well.
        servers[0].Time.Advance(by);
        await Task.WhenAll(servers.Select(server => Task.Run(() => server.Server.Days.TickAsync(None))));
    }

    private static async Task PostAsync(RunningDrop server, Reviewer reviewer)
    {
        using var client = await server.LoggedInAsync(reviewer);
        using var batch = new ByteArrayContent(DeadDropBatch.Write(Batches.New()));
        batch.Headers.ContentType = new("application/octet-stream");
        using var answer = await client.PostAsync("/api/v1/dead-drop", batch);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }
}
