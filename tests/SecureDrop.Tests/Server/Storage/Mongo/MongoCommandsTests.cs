using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using MongoDB.Bson;
using MongoDB.Driver;
using SecureDrop.Server.Storage.Mongo;
using Xunit;

namespace SecureDrop.Tests.Server.Storage.Mongo;

/// <summary>How the server writes and reads, by what goes over the line, whatever the connection string asks for.</summary>
public sealed class MongoCommandsTests(MongoServer server)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly string[] Writes = ["insert", "update", "delete", "findAndModify", "create", "createIndexes"];
    private static readonly string[] Reads = ["find", "aggregate", "count", "distinct"];
    private static readonly string[] Others = ["hello", "isMaster", "ismaster", "saslStart", "saslContinue", "endSessions", "getMore", "killCursors", "dbStats", "listCollections"];
    private static readonly string[] Seen =
    [
        "create reports", "createIndexes reports", "insert reports", "insert parts", "insert days", "insert day_keys", "insert state", "insert roster_parts", "insert sessions",
        "insert slots", "insert copies", "insert copy_days", "insert dead_drop_days", "update reports", "update days", "update batches", "update dead_drop_days", "update state",
        "delete batches", "delete day_keys", "delete sessions", "delete reports", "delete parts", "delete days", "delete slots", "delete copies", "find reports", "find parts",
        "find state", "find roster_parts", "find day_keys", "aggregate reports", "aggregate parts",
    ];

    [Fact]
    public async Task Commands_OfADropThatLivesAndEndsItsDays_WriteToADiskOfAMajorityAndReadWhatItHas()
    {
        var direct = await server.NewDatabaseAsync();
        await using var line = new MongoLine(direct.ConnectionString);
        // Nothing of this is an administrator's to choose.
        var asked = new MongoUrlBuilder(line.ConnectionString)
        {
            W = 1, Journal = false, WTimeout = TimeSpan.FromHours(1), ReadConcernLevel = ReadConcernLevel.Local, ReadPreference = ReadPreference.SecondaryPreferred, RetryWrites = false,
            ApplicationName = "hunter2",
        };
        var traced = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.TagObjects.Any(tag => tag.Value as string == direct.Database))
                    traced.Enqueue($"{activity.Source.Name}: {activity.DisplayName}");
            },
        };
        ActivitySource.AddActivityListener(listener);
        await LiveAsync(direct with { ConnectionString = asked.ToString() });

        var commands = line.Commands.Where(command => command.GetValue("$db", "") == direct.Database).ToList();
        Assert.All(commands, command => Assert.Contains(command.GetElement(0).Name, Writes.Concat(Reads).Concat(Others)));
        Assert.Superset(Seen.ToHashSet(), commands.Where(command => command[0].IsString).Select(command => $"{command.GetElement(0).Name} {command[0]}").ToHashSet());
        var concern = BsonDocument.Parse("{w: 'majority', j: true, wtimeout: 10000}");
        Assert.All(Of(Writes), command => Assert.Equal(concern, Sorted(command.GetValue("writeConcern", new BsonDocument()).AsBsonDocument, concern)));
        Assert.All(Of(Reads), command => Assert.Equal("majority", command.GetValue("readConcern", new BsonDocument()).AsBsonDocument.GetValue("level", "none")));
        // A write that may be repeated over another connection has a number, by which the database knows it again.
        Assert.All(Of("insert"), command => Assert.True(command.Contains("txnNumber"), $"{command}"));
        Assert.All(line.Commands, command => Assert.DoesNotContain("hunter2", command.ToString()));
        Assert.Empty(traced);
        await MongoServer.DropAsync(direct);
        // By the test's own client, which traces: the listener would have heard.
        Assert.NotEmpty(traced);

        List<BsonDocument> Of(params string[] names) => [.. commands.Where(command => names.Contains(command.GetElement(0).Name))];
    }

    [Theory]
    [InlineData("", 5, 15, 20, 20)]
    [InlineData("&connectTimeoutMS=60000&serverSelectionTimeoutMS=60000&socketTimeoutMS=60000&waitQueueTimeoutMS=60000", 5, 15, 20, 20)]
    [InlineData("&connectTimeoutMS=0&socketTimeoutMS=0", 5, 15, 20, 20)]
    [InlineData("&connectTimeoutMS=1000&serverSelectionTimeoutMS=2000&socketTimeoutMS=3000&waitQueueTimeoutMS=4000", 1, 2, 3, 4)]
    public void Settings_TimesInTheConnectionString_AreTakenWhereTheyAreShorter(string asked, int connect, int select, int socket, int queue)
    {
        var settings = MongoDrop.Settings(new MongoConnection($"mongodb://localhost/?maxPoolSize=1000&appName=hunter2{asked}", "drop"));
        Assert.Equal(
            (connect, select, socket, queue),
            (settings.ConnectTimeout.TotalSeconds, settings.ServerSelectionTimeout.TotalSeconds, settings.SocketTimeout.TotalSeconds, settings.WaitQueueTimeout.TotalSeconds));
        Assert.Equal(MongoConnection.MostConnections, settings.MaxConnectionPoolSize);
        Assert.True(settings.RetryWrites && settings.RetryReads);
        Assert.Null(settings.ApplicationName);
        Assert.Null(settings.LoggingSettings);
        Assert.True(settings.TracingOptions.Disabled);
    }

    /// <summary>Visits, a batch, and all ends.</summary>
    private static async Task LiveAsync(MongoConnection connection)
    {
        await using var drop = await RunningDrop.SetUpAsync(stores: await MongoServer.OpenAsync(connection));
        var first = drop.Today;
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text()));
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutLargeAsync(SealedBytes.Large()));
        using (var alice = await drop.LoggedInAsync(drop.DropKeys.Alice))
        using (var batch = new ByteArrayContent(Crypto.Replies.DeadDropBatch.Write(Batches.New())))
        {
            batch.Headers.ContentType = new("application/octet-stream");
            using var answer = await alice.PostAsync("/api/v1/dead-drop", batch);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }
        for (var day = 0; day < 4; day++)
            await drop.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Single(await drop.Stores.Reports.ListDaysAsync(None));
        await drop.Stores.Reports.EndDayAsync(first, None);
        await drop.Stores.DeadDrops.EndCopiesAsync(first, None);
        await drop.Stores.DeadDrops.EndDeadDropAsync(first, None);
    }

    /// <summary>In the other's order: it says nothing.</summary>
    private static BsonDocument Sorted(BsonDocument document, BsonDocument order) =>
        [.. document.OrderBy(element => order.IndexOfName(element.Name))];
}
