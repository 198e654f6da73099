using System.Security.Cryptography;
using MongoDB.Bson;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Storage;
using Xunit;

namespace SecureDrop.Tests.Server.Storage.Mongo;

/// <summary>Answers that a set of one member never gives, put in the place of its own: no source may be told that its report is refused for good.</summary>
public sealed class MongoAnswersTests(MongoServer server) : IAsyncLifetime
{
    private static readonly DateOnly Day = new(2026, 11, 24);
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly StoredId Id = StoredId.FromBytes(RandomNumberGenerator.GetBytes(StoredId.SizeInBytes));
    private static readonly StoredId Other = StoredId.FromBytes(RandomNumberGenerator.GetBytes(StoredId.SizeInBytes));
    private static readonly byte[] Bytes = RandomNumberGenerator.GetBytes(100);

    private MongoLine _line = null!;
    private ServerStores _stores = null!;
    private SecureDrop.Server.Storage.Mongo.MongoConnection? _connection;

    private IReportStore Reports => _stores.Reports;

    public async ValueTask InitializeAsync()
    {
        var direct = await server.NewDatabaseAsync();
        _line = new MongoLine(direct.ConnectionString);
        _connection = direct with { ConnectionString = _line.ConnectionString };
        _stores = await MongoServer.OpenAsync(_connection);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is null)
            return;
        _line.Change = null;
        await MongoServer.DropAsync(_connection);
        await _stores.DisposeAsync();
        await _line.DisposeAsync();
    }

    [Fact]
    public async Task Text_ThatNoMajorityConfirmed_IsToBeSentAgain()
    {
        await Reports.BeginDayAsync(Day, None);
        NotConfirming("insert", "reports");
        await AssertAwayAsync(Reports.StoreTextAsync(Day, Id, Bytes, None));
        // And so it is the second time, when its id is taken.
        await AssertAwayAsync(Reports.StoreTextAsync(Day, Id, Bytes, None));
        _line.Change = null;
        Assert.Equal(StoreOutcome.AlreadyThere, await Reports.StoreTextAsync(Day, Id, Bytes, None));
    }

    [Fact]
    public async Task Part_ThatIsTakenAndNoMajorityHas_IsToBeSentAgainAndNoConflict()
    {
        Assert.Equal(StoreOutcome.Stored, await Reports.StorePartAsync(Day, Id, 0, Bytes, None));
        MajorityReadsNothingOf("parts");
        await AssertAwayAsync(Reports.StorePartAsync(Day, Id, 0, Bytes, None));
        _line.Change = null;
        Assert.Equal(StoreOutcome.AlreadyThere, await Reports.StorePartAsync(Day, Id, 0, Bytes, None));
    }

    [Theory]
    [InlineData("create")]
    [InlineData("createIndexes")]
    public async Task Open_WhatItMadeIsNotConfirmed_IsAwayAndNotRefused(string command)
    {
        NotConfirming(command);
        await AssertAwayAsync(ServerStores.OpenMongoAsync(_connection! with { Database = _connection.Database + "_2" }, None));
        _line.Change = null;
        await MongoServer.DropAsync(_connection with { Database = _connection.Database + "_2" });
    }

    [Theory]
    [InlineData("parts")]
    [InlineData("reports")]
    public async Task Commit_WhereAMajorityReadIsBehind_IsToBeSentAgainAndNotIncomplete(string behind)
    {
        Assert.Equal(StoreOutcome.Stored, await Reports.StorePartAsync(Day, Id, 0, Bytes, None));
        MajorityReadsNothingOf(behind);
        await AssertAwayAsync(Reports.CommitAsync(Day, Id, 1, Bytes.Length, None));
        if (behind == "parts")
            await AssertAwayAsync(Reports.ReadPartAsync(Day, Id, 0, None));
        // What is really missing is missing.
        Assert.Equal(CommitOutcome.Incomplete, await Reports.CommitAsync(Day, behind == "parts" ? Id : Other, 2, Bytes.Length, None));
        Assert.Null(await Reports.ReadPartAsync(Day, Id, 1, None));
        _line.Change = null;
        Assert.Equal(CommitOutcome.Committed, await Reports.CommitAsync(Day, Id, 1, Bytes.Length, None));
    }

    [Fact]
    public async Task Commit_BesideAnother_WhereAMajorityReadIsBehind_IsNoConflict()
    {
        Assert.Equal(StoreOutcome.Stored, await Reports.StorePartAsync(Day, Id, 0, Bytes, None));
        Assert.Equal(CommitOutcome.Committed, await Reports.CommitAsync(Day, Id, 1, Bytes.Length, None));
        // As it was before.
        MajorityReads("reports", found => [.. found.Select(report => report.AsBsonDocument.Set("k", 0))]);
        await AssertAwayAsync(Reports.CommitAsync(Day, Id, 1, Bytes.Length, None));
        // The part after it: committed without one, or only this primary is new.
        Assert.Equal(StoreOutcome.AlreadyThere, await Reports.StorePartAsync(Day, Id, 0, Bytes, None));
        MajorityReadsNothingOf("parts");
        await AssertAwayAsync(Reports.StorePartAsync(Day, Id, 0, Bytes, None));
        Assert.Equal(StoreOutcome.Conflict, await Reports.StorePartAsync(Day, Id, 1, Bytes, None));
        _line.Change = null;
        Assert.Equal(CommitOutcome.AlreadyThere, await Reports.CommitAsync(Day, Id, 1, Bytes.Length, None));
    }

    private static async Task AssertAwayAsync(Task work) => Assert.True((await Assert.ThrowsAsync<StoreException>(() => work)).IsAway);

    /// <summary>What is written is written, and no majority of the members had it in time.</summary>
    private void NotConfirming(string command, string? collection = null) => _line.Change = (asked, answer) =>
    {
        if (asked.GetElement(0).Name == command && (collection is null || asked[0] == collection))
            answer["writeConcernError"] = BsonDocument.Parse("{code: 64, codeName: 'WriteConcernFailed', errmsg: 'waiting for replication timed out', errInfo: {wtimeout: true}}");
        return answer;
    };

    /// <summary>As a primary does that was elected just now, and has not heard yet how far the others are.</summary>
    private void MajorityReadsNothingOf(string collection) => MajorityReads(collection, _ => new BsonArray());

    private void MajorityReads(string collection, Func<BsonArray, BsonArray> change) => _line.Change = (asked, answer) =>
    {
        if (asked.GetElement(0).Name == "find" && asked[0] == collection && asked["readConcern"]["level"] == "majority")
            answer["cursor"]["firstBatch"] = change(answer["cursor"]["firstBatch"].AsBsonArray);
        return answer;
    };
}
