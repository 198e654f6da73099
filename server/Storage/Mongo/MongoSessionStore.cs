using MongoDB.Bson;
using MongoDB.Driver;

namespace SecureDrop.Server.Storage.Mongo;

/// <summary>Logins: <c>sessions</c> has <c>_id</c> hash of the challenge, <c>t</c> hash of the token, <c>d</c> last day.</summary>
public sealed class MongoSessionStore(MongoDrop drop) : ISessionStore
{
    public Task<bool> TryAddAsync(ReadOnlyMemory<byte> challenge, ReadOnlyMemory<byte> token, DateOnly lastDay, CancellationToken cancel) =>
        drop.Sessions.TryInsertAsync(new BsonDocument { { "_id", challenge.Binary() }, { "t", token.Binary() }, { "d", lastDay.DayNumber } }, cancel);

    public async Task<ReadOnlyMemory<byte>?> FindAsync(ReadOnlyMemory<byte> challenge, CancellationToken cancel) =>
        await drop.Sessions.Find(MongoExtensions.ById(challenge.Binary())).FirstOrDefaultAsync(cancel) is { } found ? (ReadOnlyMemory<byte>?)found["t"].AsByteArray : null;

    public Task ForgetAsync(DateOnly today, CancellationToken cancel) =>
        drop.Sessions.DeleteManyAsync(new BsonDocument("d", new BsonDocument("$lt", today.DayNumber)), cancel);
}
