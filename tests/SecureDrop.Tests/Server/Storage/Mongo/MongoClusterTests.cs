using System.Collections.Concurrent;
using System.Security.Cryptography;
using MongoDB.Bson;
using MongoDB.Driver;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Storage;
using SecureDrop.Server.Storage.Mongo;
using Xunit;

namespace SecureDrop.Tests.Server.Storage.Mongo;

/// <summary>What one member cannot show: that what was acknowledged outlives the primary, that an election is waited for, that shards work.</summary>
public sealed class MongoClusterTests(MongoServer server) : IAsyncLifetime
{
    private static readonly DateOnly Day = new(2026, 11, 24);
    private static readonly CancellationToken None = CancellationToken.None;

    private MongoConnection _connection = null!;
    private MongoClient _client = null!;
    private BsonDocument _hello = null!;

    public async ValueTask InitializeAsync()
    {
        _connection = await server.NewDatabaseAsync();
        _client = new MongoClient(_connection.ConnectionString);
        _hello = await _client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("hello", 1));
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is null)
            return;
        await MongoServer.DropAsync(_connection);
        _client.Dispose();
    }

    [Fact]
    public async Task Text_AcknowledgedJustBeforeThePrimaryGoes_IsThereAtTheNext()
    {
        SkipUnlessSeveralMembers();
        await using var stores = await MongoServer.OpenAsync(_connection);
        for (var round = 0; round < 3; round++)
        {
            var (id, bytes) = (NewId(), RandomNumberGenerator.GetBytes(70_293));
            Assert.Equal(StoreOutcome.Stored, await stores.Reports.StoreTextAsync(Day, id, bytes, None));
            await StepDownAsync();
            // Waits for the election: no operation of a source fails for it, as long as it takes no longer than is usual.
            Assert.Equal(bytes, (await stores.Reports.ReadPartAsync(Day, id, 0, None))!.Value.ToArray());
        }
    }

    [Fact]
    public async Task Uploads_BesideAnElection_NothingAcknowledgedIsLostAndNoneIsStoredTwice()
    {
        SkipUnlessSeveralMembers();
        await using var stores = await MongoServer.OpenAsync(_connection);
        var acknowledged = new ConcurrentDictionary<StoredId, byte[]>();
        var uploads = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var n = 0; n < 40; n++)
            {
                var (id, bytes) = (NewId(), RandomNumberGenerator.GetBytes(20_000));
                StoreOutcome? outcome = null;
                for (var attempt = 0; outcome is null && attempt < 10; attempt++)
                {
                    try
                    {
                        outcome = await stores.Reports.StoreTextAsync(Day, id, bytes, None);
                    }
                    catch (StoreException e) when (e.IsAway)
                    {
                        // As a client does that was told to try again.
                    }
                }
                Assert.True(outcome is StoreOutcome.Stored or StoreOutcome.AlreadyThere, $"{outcome}");
                acknowledged[id] = bytes;
            }
        })).ToList();
        await StepDownAsync();
        await Task.WhenAll(uploads);
        var stored = (await stores.Reports.ReadTextsAsync(Day, null, 1000, None)).ToDictionary(text => text.Id, text => text.SealedBytes.ToArray());
        Assert.Equal(acknowledged.Keys.Order(), stored.Keys.Order());
        Assert.All(acknowledged, text => Assert.Equal(text.Value, stored[text.Key]));
    }

    [Fact]
    public async Task Collections_ShardedAsTheDeploymentGuideSays_TakeReportsOnEveryShardAndListThemInOrder()
    {
        Assert.SkipUnless(_hello.GetValue("msg", "") == "isdbgrid", "shown on a sharded cluster only: set SECUREDROP_TEST_MONGODB to a mongos of two shards or more (this one is none)");
        var admin = _client.GetDatabase("admin");
        var shards = (await admin.RunCommandAsync<BsonDocument>(new BsonDocument("listShards", 1)))["shards"].AsBsonArray.Select(shard => shard["_id"].AsString).ToList();
        Assert.SkipUnless(shards.Count > 1, "shown on a cluster of two shards or more only");
        await using var stores = await MongoServer.OpenAsync(_connection);
        foreach (var name in MongoSchema.Sharded)
            await admin.RunCommandAsync<BsonDocument>(new BsonDocument { { "shardCollection", $"{_connection.Database}.{name}" }, { "key", new BsonDocument("_id", 1) } });
        // The balancer would do this once there is enough to move.
        var middle = new BsonDocument("_id", new BsonBinaryData([0x80, .. new byte[15]]));
        await admin.RunCommandAsync<BsonDocument>(new BsonDocument { { "split", $"{_connection.Database}.reports" }, { "middle", middle } });
        foreach (var shard in shards)
        {
            try
            {
                await admin.RunCommandAsync<BsonDocument>(new BsonDocument { { "moveChunk", $"{_connection.Database}.reports" }, { "find", middle }, { "to", shard }, { "_waitForDelete", true } });
            }
            catch (MongoCommandException)
            {
                // It is there already.
            }
            for (var n = 0; n < 20; n++)
                Assert.Equal(StoreOutcome.Stored, await stores.Reports.StoreTextAsync(Day, NewId(), RandomNumberGenerator.GetBytes(1000), None));
        }
        var listed = (await stores.Reports.ListReportsAsync(Day, null, 1000, None)).Select(report => report.Id).ToList();
        Assert.Equal(shards.Count * 20, listed.Count);
        Assert.Equal(listed.Order(), listed);
        var used = (await _client.GetDatabase(_connection.Database).RunCommandAsync<BsonDocument>(new BsonDocument("collStats", "reports")))["shards"].AsBsonDocument;
        Assert.True(used.Count(shard => shard.Value["count"].ToInt64() > 0) > 1, "all reports are on one shard");
        await stores.Reports.CompleteDayAsync(Day, None);
        await stores.Reports.EndDayAsync(Day, None);
        Assert.Empty(await stores.Reports.ListDaysAsync(None));
    }

    private static StoredId NewId() => StoredId.FromBytes(RandomNumberGenerator.GetBytes(StoredId.SizeInBytes));

    private void SkipUnlessSeveralMembers() => Assert.SkipUnless(
        _hello.TryGetValue("hosts", out var hosts) && hosts.AsBsonArray.Count >= 3 && _client.Settings.DirectConnection is not true,
        "shown on a replica set of three members or more only, without directConnection: set SECUREDROP_TEST_MONGODB to one (this run's has one member, which proves neither majority nor failover)");

    /// <summary>The primary gives up at once, whether or not the others have what it has.</summary>
    private async Task StepDownAsync()
    {
        try
        {
            await _client.GetDatabase("admin").RunCommandAsync<BsonDocument>(
                new BsonDocument { { "replSetStepDown", 30 }, { "secondaryCatchUpPeriodSecs", 0 }, { "force", true } }, ReadPreference.Primary);
        }
        catch (MongoConnectionException)
        {
            // It closes its connections as it goes.
        }
    }
}
