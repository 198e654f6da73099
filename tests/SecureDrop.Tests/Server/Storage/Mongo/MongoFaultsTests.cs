using System.Net;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using MongoDB.Driver.Core.Connections;
using MongoDB.Driver.Core.Servers;
using SecureDrop.Server.Storage.Mongo;
using Xunit;

namespace SecureDrop.Tests.Server.Storage.Mongo;

/// <summary>Which of the driver's exceptions say that the database is away for now.</summary>
public sealed class MongoFaultsTests
{
    private static readonly ConnectionId Connection = new(new ServerId(new ClusterId(), new DnsEndPoint("localhost", 27017)));

    [Theory]
    [InlineData("{ok: 1, writeConcernError: {code: 64, codeName: 'WriteConcernFailed', errmsg: 'waiting for replication timed out'}}", true)]
    [InlineData("{ok: 1, writeConcernError: {code: 100, errmsg: 'Not enough data-bearing nodes'}}", true)]
    [InlineData("{ok: 1, writeConcernError: {code: 79, codeName: 'UnknownReplWriteConcern', errmsg: 'No write concern mode named'}}", false)]
    public void Command_ThatSucceededAndWasNotConfirmed_IsAwayByTheReason(string answer, bool isAway) =>
        Assert.Equal(isAway, new MongoWriteConcernException(Connection, "", new WriteConcernResult(BsonDocument.Parse(answer))).IsAway());

    [Theory]
    [InlineData("{ok: 0, code: 91, errmsg: ''}", true)]
    [InlineData("{ok: 0, code: 13, errmsg: 'not authorized'}", false)]
    public void Command_ThatFailed_IsAwayByItsCode(string answer, bool isAway) =>
        Assert.Equal(isAway, new MongoCommandException(Connection, "", new BsonDocument("create", "state"), BsonDocument.Parse(answer)).IsAway());
}
