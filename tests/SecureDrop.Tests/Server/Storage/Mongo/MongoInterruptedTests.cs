using System.Security.Cryptography;
using MongoDB.Bson;
using MongoDB.Driver;
using SecureDrop.Server.Storage;
using SecureDrop.Server.Storage.Mongo;
using Xunit;
using State = SecureDrop.Server.Storage.Mongo.MongoDeadDropDays.State;

namespace SecureDrop.Tests.Server.Storage.Mongo;

/// <summary>What a server leaves that is stopped between two of its writes, and what comes from another in between: the next one finishes it.</summary>
public sealed class MongoInterruptedTests(MongoServer server) : IAsyncLifetime
{
    private static readonly DateOnly Day = new(2026, 11, 24);
    private static readonly byte[] Alice = [.. Enumerable.Repeat((byte)0xa1, 32)];
    private static readonly byte[] Bob = [.. Enumerable.Repeat((byte)0xb0, 32)];
    private static readonly CancellationToken None = CancellationToken.None;

    private MongoDrop _drop = null!;
    private MongoDeadDropStore _store = null!;
    private MongoConnection? _connection;

    public async ValueTask InitializeAsync()
    {
        _connection = await server.NewDatabaseAsync();
        _drop = await MongoServer.OpenDropAsync(_connection);
        _store = new MongoDeadDropStore(_drop);
        await _store.BeginDayAsync(Day, 0, None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is null)
            return;
        await MongoServer.DropAsync(_connection);
        _drop?.Dispose();
    }

    [Theory]
    [InlineData(nameof(State.Closing), 16)]
    [InlineData(nameof(State.Closed), 16)]
    public async Task Publish_StoppedBeforeItWasDone_TheNextServerFinishesIt(string stoppedIn, int slots)
    {
        await PostAsync(Alice);
        await PostAsync(Bob);
        var batches = await _drop.Batches.Find(FilterDefinition<BsonDocument>.Empty).ToListAsync();
        var state = Enum.Parse<State>(stoppedIn);
        var to = new BsonDocument("s", (int)state);
        if (state == State.Closed)
        {
            // One slot and one copy are there already.
            to.Add("o", new BsonArray(batches.Select(batch => batch["_id"])));
            var (slot, copy) = (batches[0]["s"][0], batches[0]["p"][0]);
            await _drop.Slots.InsertOneAsync(new BsonDocument { { "_id", slot["k"] }, { "c", slot["c"] } });
            await _drop.Copies.InsertOneAsync(new BsonDocument { { "_id", copy["i"] }, { "d", Day.DayNumber }, { "c", copy["c"] } });
        }
        await SetAsync(to);
        // Reviewers and status go on seeing it meanwhile.
        Assert.Equal(slots, (await _store.CountCopiesAsync(None))[Day]);
        await AssertPublishedAsync(slots);
    }

    [Fact]
    public async Task Publish_ABatchThatCameAfterItWasDecided_IsNotInItAndLeavesNoOwner()
    {
        await PostAsync(Alice);
        await SetAsync(new BsonDocument { { "s", (int)State.Closed }, { "o", new BsonArray((await _drop.Batches.Find(FilterDefinition<BsonDocument>.Empty).ToListAsync()).Select(batch => batch["_id"])) } });
        await _drop.Batches.InsertOneAsync(NewBatch(Bob));
        Assert.Equal(8, (await _store.CountCopiesAsync(None))[Day]);
        await AssertPublishedAsync(8);
    }

    [Fact]
    public async Task Publish_StoppedBeforeTheBatchesWereRemoved_NoOwnerIsLeft()
    {
        await PostAsync(Alice);
        var batch = await _drop.Batches.Find(FilterDefinition<BsonDocument>.Empty).SingleAsync();
        await _store.PublishAsync(Day, None);
        await _drop.Batches.InsertOneAsync(batch);
        await SetAsync(new BsonDocument("s", (int)State.Filled));
        Assert.Equal(8, (await new MongoDeadDropStore(_drop).CountCopiesAsync(None))[Day]);
        await AssertPublishedAsync(8);
    }

    [Fact]
    public async Task Publish_TheDayAfterAServerStoppedThatCameTooLateWithABatch_NoOwnerIsLeft()
    {
        await _store.PublishAsync(Day, None);
        // The server that stored them was stopped before it looked at the day again, which has been published, or has ended.
        await _drop.Batches.InsertOneAsync(NewBatch(Bob));
        await _drop.Batches.InsertOneAsync(MongoBatch.Of(Day.AddDays(-1), Bob, Slots(), Copies()));
        // One of a day that is not published yet stays.
        var (late, next) = (Day.AddDays(1), Day.AddDays(2));
        await _store.BeginDayAsync(late, 0, None);
        await _store.StoreBatchAsync(late, Alice, Slots(), Copies(), None);
        await _store.BeginDayAsync(next, 0, None);
        await _store.PublishAsync(next, None);
        Assert.Equal(late.DayNumber, (await _drop.Batches.Find(FilterDefinition<BsonDocument>.Empty).SingleAsync())["d"]);
        await _store.PublishAsync(late, None);
        Assert.Equal(8, (await _store.CountCopiesAsync(None))[late]);
    }

    [Fact]
    public async Task StoreBatch_OverOneThatIsBeingPublished_ChangesNothing()
    {
        await PostAsync(Alice);
        // As another server does between this one's look at the day and its write.
        await _drop.Batches.UpdateManyAsync(FilterDefinition<BsonDocument>.Empty, new BsonDocument("$set", new BsonDocument("f", true)));
        var before = await _drop.Batches.Find(FilterDefinition<BsonDocument>.Empty).SingleAsync();
        Assert.Equal(BatchOutcome.DayClosed, await _store.StoreBatchAsync(Day, Alice, Slots(), Copies(), None));
        Assert.Equal(before, await _drop.Batches.Find(FilterDefinition<BsonDocument>.Empty).SingleAsync());
    }

    [Fact]
    public async Task End_AfterAServerStoppedThatPublishedAnEndedDay_TakesItsSlotsToo()
    {
        await _drop.Slots.InsertOneAsync(new BsonDocument { { "_id", MongoBatch.SlotKey(Day.AddDays(-3), 0, RandomNumberGenerator.GetBytes(16)) }, { "c", new byte[9] } });
        await PostAsync(Alice);
        await _store.PublishAsync(Day, None);
        await _store.EndDeadDropAsync(Day, None);
        Assert.Equal(0, await _drop.Slots.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
    }

    [Fact]
    public async Task Sweep_OfAPartThatCameBesideTheEndOfItsDay_TakesItAndNothingCommitted()
    {
        var (reports, days) = (new MongoReportStore(_drop), new MongoReportDays(_drop));
        var (open, orphan, committed) = (NewId(), NewId(), NewId());
        foreach (var id in new[] { open, orphan, committed })
            await reports.StorePartAsync(Day, id, 0, new byte[100], None);
        await reports.CommitAsync(Day, committed, 1, 100, None);
        // Its document went with the sweep, and the part came after.
        await _drop.Reports.DeleteOneAsync(new BsonDocument("_id", orphan.Binary()));
        foreach (var id in new[] { open, orphan, committed })
            await days.SweepAsync(id, None);
        Assert.Equal(1, await _drop.Parts.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
        Assert.Equal(new StoredReport(Day, committed, 100, 1), await reports.FindAsync(committed, None));
        Assert.Equal(1, await _drop.Reports.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
    }

    [Fact]
    public async Task CompleteDay_StoppedBeforeItsSweepWasDone_IsAskedForAgain()
    {
        var (reports, id) = (new MongoReportStore(_drop), NewId());
        await reports.StorePartAsync(Day, id, 0, new byte[100], None);
        await _drop.Days.UpdateOneAsync(new BsonDocument("_id", Day.DayNumber), new BsonDocument("$set", new BsonDocument("s", 1)));
        Assert.Equal(StoreOutcome.DayClosed, await reports.StoreTextAsync(Day, NewId(), new byte[100], None));
        Assert.Equal([Day], await reports.ListOpenDaysAsync(None));
        await reports.CompleteDayAsync(Day, None);
        Assert.Empty(await reports.ListOpenDaysAsync(None));
        Assert.Equal(0, await _drop.Parts.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
        Assert.Equal(StoreOutcome.DayClosed, await reports.StoreTextAsync(Day, NewId(), new byte[100], None));
    }

    [Fact]
    public async Task Publish_ADayWhoseEndWasInterrupted_ComesToAnEnd()
    {
        await PostAsync(Alice);
        await SetAsync(new BsonDocument { { "s", (int)State.Closed }, { "o", new BsonArray((await _drop.Batches.Find(FilterDefinition<BsonDocument>.Empty).ToListAsync()).Select(batch => batch["_id"])) } });
        // Its batches have gone, and whoever ended it was stopped before the day itself went.
        await _drop.Batches.DeleteManyAsync(FilterDefinition<BsonDocument>.Empty);
        await _store.PublishAsync(Day, None);
        Assert.True(Assert.Single(await _store.ListAsync(None)).IsPublished);
        await _store.EndDeadDropAsync(Day, None);
        Assert.Empty(await _store.ListAsync(None));
    }

    [Fact]
    public async Task Restore_BrokenOffAndNeverFinished_LeavesNothingOnceADropRunsHere()
    {
        var (reports, restores, whole, broken) = (new MongoReportStore(_drop), new MongoRestoreStore(_drop), Day.AddDays(-10), Day.AddDays(-9));
        await restores.RestoreReportsAsync(whole, Restored(isBrokenOff: false), None);
        await restores.RestoreCopiesAsync(whole, new[] { new StoredCopy(NewId(), new byte[500]) }.ToAsyncEnumerable(), None);
        await Assert.ThrowsAsync<InvalidDataException>(() => restores.RestoreReportsAsync(broken, Restored(isBrokenOff: true), None));
        // As it has stored them, some at a time, before it came to the day's end.
        await _drop.Copies.InsertOneAsync(new BsonDocument { { "_id", NewId().Binary() }, { "d", broken.DayNumber }, { "c", new byte[500] } });
        // The drop that is begun here instead.
        await reports.StoreTextAsync(Day, NewId(), new byte[100], None);
        await PostAsync(Alice);
        Assert.Equal((4, 4, 2), (await CountAsync(_drop.Reports), await CountAsync(_drop.Parts), await CountAsync(_drop.Copies)));
        await reports.CompleteDayAsync(Day, None);
        await _store.PublishAsync(Day, None);
        Assert.Equal((3, 2, 9), (await CountAsync(_drop.Reports), await CountAsync(_drop.Parts), await CountAsync(_drop.Copies)));
        // What belongs to a day is where it was.
        Assert.Equal([(whole, 2), (Day, 1)], (await reports.ListDaysAsync(None)).Select(day => (day.Day, day.Reports)));
        Assert.Equal([1, 8], (await _store.CountCopiesAsync(None)).Values);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Roster_WhosePiecesAreNotThoseItNames_IsAFaultAndNotAskedForForEver(int pieces)
    {
        var rosters = new MongoRosterStore(_drop);
        Assert.Equal(RosterOutcome.Stored, await rosters.ReplaceAsync(0, new byte[9], None));
        var piece = await _drop.RosterParts.Find(FilterDefinition<BsonDocument>.Empty).SingleAsync();
        await _drop.RosterParts.DeleteManyAsync(FilterDefinition<BsonDocument>.Empty);
        for (var n = 0; n < pieces; n++)
        {
            piece["_id"].AsByteArray[^1] = (byte)n;
            await _drop.RosterParts.InsertOneAsync(piece);
        }
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var fault = await Assert.ThrowsAsync<StoreException>(() => rosters.ReadAsync(patience.Token));
        Assert.False(fault.IsAway);
        Assert.StartsWith($"The roster in the database {_connection!.Database} is not whole", fault.Message);
    }

    private async Task AssertPublishedAsync(int slots)
    {
        await _store.PublishAsync(Day, None);
        var day = Assert.Single(await _store.ListAsync(None));
        Assert.True(day.IsPublished);
        Assert.Equal(slots * 9_883L, day.SizesInBytes.Single());
        Assert.Equal(slots, (await _store.ReadSlotsAsync(Day, 0, null, 100, None)).Count);
        Assert.Equal(slots, (await _store.ReadCopiesAsync(Day, null, 100, None)).Count);
        Assert.Equal(slots, (await _store.CountCopiesAsync(None))[Day]);
        Assert.Equal(0, await _drop.Batches.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
        Assert.False((await _drop.DeadDropDays.Find(FilterDefinition<BsonDocument>.Empty).SingleAsync()).Contains("o"));
    }

    /// <summary>A report of two parts and a text, as they come from a backup.</summary>
    private static async IAsyncEnumerable<RestoredReport> Restored(bool isBrokenOff)
    {
        await Task.CompletedTask;
        var part = (ReadOnlyMemory<byte>)new byte[1000];
        yield return new RestoredReport(NewId(), 2000, IsText: false, new[] { part, part }.ToAsyncEnumerable());
        if (isBrokenOff)
            throw new InvalidDataException();
        yield return new RestoredReport(NewId(), 1000, IsText: true, new[] { part }.ToAsyncEnumerable());
    }

    private static Task<long> CountAsync(IMongoCollection<BsonDocument> collection) => collection.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty);

    private async Task PostAsync(byte[] owner) => Assert.Equal(BatchOutcome.Stored, await _store.StoreBatchAsync(Day, owner, Slots(), Copies(), None));

    private Task<UpdateResult> SetAsync(BsonDocument to) => _drop.DeadDropDays.UpdateOneAsync(new BsonDocument("_id", Day.DayNumber), new BsonDocument("$set", to));

    private static BsonDocument NewBatch(byte[] owner) => MongoBatch.Of(Day, owner, Slots(), Copies());

    private static IReadOnlyList<DeadDropEntry> Slots() => [.. Enumerable.Range(0, 8).Select(_ => new DeadDropEntry(0, RandomNumberGenerator.GetBytes(9_883)))];

    private static IReadOnlyList<ReadOnlyMemory<byte>> Copies() => [.. Enumerable.Range(0, 8).Select(_ => (ReadOnlyMemory<byte>)RandomNumberGenerator.GetBytes(500))];

    private static StoredId NewId() => StoredId.FromBytes(RandomNumberGenerator.GetBytes(StoredId.SizeInBytes));
}
