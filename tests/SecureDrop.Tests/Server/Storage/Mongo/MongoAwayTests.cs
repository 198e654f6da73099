using System.Net;
using MongoDB.Bson;
using MongoDB.Driver;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Storage;
using SecureDrop.Server.Storage.Mongo;
using Xunit;

namespace SecureDrop.Tests.Server.Storage.Mongo;

/// <summary>A database that does not answer, one that refuses, one of another version.</summary>
public sealed class MongoAwayTests
{
    private const string Secret = "hunter2";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Database_KilledAndStartedAgain_SourcesAreToldToTryAgainAndTheLogHasNoLineForThem()
    {
        Assert.SkipWhen(MongoProcess.SkipReason is not null, MongoProcess.SkipReason ?? "");
        await using var database = await MongoProcess.StartAsync();
        await using var drop = await RunningDrop.SetUpAsync(stores: await ServerStores.OpenMongoAsync(Of(database), None));
        var upload = await UploadClient.NewAsync(drop.Source);
        var (first, text) = (SealedBytes.Text(), SealedBytes.Text());
        Assert.Equal(HttpStatusCode.NoContent, await upload.PutTextAsync(first));
        var next = await UploadClient.NewAsync(drop.Source);

        await database.KillAsync();
        var log = drop.Log.ToString();
        foreach (var path in new[] { "/api/v1/roster", "/api/v1/dead-drops", $"/api/v1/reports/{next.Id}/parts" })
        {
            using var answer = await drop.Source.GetAsync(path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal("10", answer.Headers.GetValues("Retry-After").Single());
            Assert.Contains("cannot reach its store just now; try again in a minute", await answer.Content.ReadAsStringAsync());
        }
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await next.PutTextAsync(text));
        Assert.Equal(log, drop.Log.ToString());
        var away = await Assert.ThrowsAsync<StoreException>(() => drop.Server.Days.TickAsync(None));
        Assert.True(away.IsAway);
        Assert.DoesNotContain("127.0.0.1", away.Message);
        await drop.Server.Timer.LookAsync(None);
        Assert.Contains("The store does not answer", await (await drop.Reviewers.GetAsync("/health/ready")).Content.ReadAsStringAsync());

        await database.StartAgainAsync();
        await drop.Server.Timer.LookAsync(None);
        Assert.Equal(HttpStatusCode.OK, (await drop.Reviewers.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, await next.PutTextAsync(text));
        using var alice = await drop.LoggedInAsync(drop.DropKeys.Alice);
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync("/api/v1/days")).StatusCode);
        var stored = (await drop.Stores.Reports.ReadTextsAsync(drop.Today, null, 10, None)).Select(report => report.SealedBytes.ToArray());
        Assert.Equal([.. new[] { first, text }.Select(Convert.ToHexString).Order()], stored.Select(Convert.ToHexString).Order());
    }

    [Fact]
    public async Task Open_NewerVersion_RefusedAndNothingChanged()
    {
        Assert.SkipWhen(MongoProcess.SkipReason is not null, MongoProcess.SkipReason ?? "");
        await using var database = await MongoProcess.StartAsync();
        await (await ServerStores.OpenMongoAsync(Of(database), None)).DisposeAsync();
        using var client = new MongoClient(database.ConnectionString);
        var state = client.GetDatabase("drop").GetCollection<BsonDocument>("state");
        await state.UpdateOneAsync(new BsonDocument("_id", "version"), new BsonDocument("$set", new BsonDocument("v", 2)));
        await client.GetDatabase("drop").DropCollectionAsync("copy_days");
        var refusal = await Assert.ThrowsAsync<StoreException>(() => ServerStores.OpenMongoAsync(Of(database), None));
        Assert.False(refusal.IsAway);
        Assert.Matches("^The database drop was made by a newer version of this server [^\n]+$", refusal.Message);
        Assert.DoesNotContain("copy_days", await (await client.GetDatabase("drop").ListCollectionNamesAsync()).ToListAsync());
    }

    [Fact]
    public async Task Open_WrongPassword_RefusedWithoutRepeatingIt()
    {
        Assert.SkipWhen(MongoProcess.SkipReason is not null, MongoProcess.SkipReason ?? "");
        await using var database = await MongoProcess.StartAsync(["--auth"]);
        var refusal = await Assert.ThrowsAsync<StoreException>(() => ServerStores.OpenMongoAsync(
            new MongoConnection($"mongodb://somebody:{Secret}@127.0.0.1:{database.Port}/?directConnection=true", "drop"), None));
        Assert.False(refusal.IsAway);
        Assert.StartsWith("MongoDB does not let this server in", refusal.Message);
        Assert.DoesNotContain(Secret, refusal.Message);
        Assert.DoesNotContain("somebody", refusal.Message);
    }

    [Fact]
    public async Task Open_NobodyThere_SaysSoAndNotWhere()
    {
        var connection = new MongoConnection($"mongodb://somebody:{Secret}@127.0.0.1:1/?serverSelectionTimeoutMS=300", "drop");
        var refusal = await Assert.ThrowsAsync<StoreException>(() => ServerStores.OpenMongoAsync(connection, None));
        Assert.True(refusal.IsAway);
        Assert.Equal("MongoDB does not answer (TimeoutException).", refusal.Message);
        Assert.Equal("MongoConnection { Database = drop }", connection.ToString());
    }

    [Fact]
    public void IsAway_APoolThatWaitsForItsMember_IsNoFaultOfThisProgram()
    {
        // The driver throws it at whoever asks just after a member went away, before it has found out why.
        Assert.True(new MongoConnectionPoolPausedException("paused").IsAway());
        Assert.False(new MongoConfigurationException("wrong").IsAway());
    }

    private static MongoConnection Of(MongoProcess database) => new(database.ConnectionString + "&serverSelectionTimeoutMS=1500", "drop");
}
