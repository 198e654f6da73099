using System.Security.Cryptography;
using MongoDB.Bson;
using MongoDB.Driver;

namespace SecureDrop.Server.Storage.Mongo;

/// <summary>
/// A primary that sees the others goes on being one, and can be read, while too few of them take what it writes: their disks are full, or their
/// place in the oplog is gone. Then every upload fails.
/// </summary>
/// <remarks><c>state</c>: <c>_id</c> "check", <c>r</c> 16 random bytes: other ones each time, for MongoDB takes a change that changes nothing for done.</remarks>
public sealed class MongoWriteCheck(MongoDrop drop) : IWriteCheck
{
    private const string Id = "check";
    private const int SizeInBytes = 16;

    public Task WriteAsync(CancellationToken cancel)
    {
        var written = new BsonDocument { { "_id", Id }, { "r", new BsonBinaryData(RandomNumberGenerator.GetBytes(SizeInBytes)) } };
        return MongoFaults.GuardAsync(WriteAsync(written, cancel));
    }

    private async Task WriteAsync(BsonDocument written, CancellationToken cancel)
    {
        var replaced = await drop.State.ReplaceOneAsync(MongoExtensions.ById(Id), written, cancellationToken: cancel);
        // Two servers that find none at once: one of them has made it.
        if (replaced.MatchedCount == 0)
            await drop.State.TryInsertAsync(written, cancel);
    }
}
