using System.Buffers.Binary;
using System.Security.Cryptography;
using MongoDB.Bson;
using MongoDB.Driver;

namespace SecureDrop.Server.Storage.Mongo;

/// <summary>
/// The roster's document, in pieces: with all that was handed out before it may be longer than the 16 MiB that MongoDB takes at once.
/// </summary>
/// <remarks>
/// <c>state</c>: <c>_id</c> "roster", <c>v</c> revision, <c>g</c> which pieces, <c>n</c> how many; <c>_id</c> "setup", <c>h</c> hash of the setup
/// token. <c>roster_parts</c>: <c>_id</c> g (16 random bytes) ‖ number (4, big endian), <c>v</c> the revision that they were written for,
/// <c>c</c> bytes. Pieces are written first; from the one change of <c>state</c> on they are the roster.
/// </remarks>
public sealed class MongoRosterStore(MongoDrop drop) : IRosterStore
{
    /// <summary>Length of a piece but the last.</summary>
    public const int PieceSizeInBytes = 8 << 20;

    private const string RosterId = "roster";
    private const string SetupId = "setup";
    private const int WriterSizeInBytes = 16;

    // Every request asks for the roster; what it asks of the database is which revision it is.
    private RosterDocument? _latest;

    public async Task<RosterDocument?> ReadAsync(CancellationToken cancel)
    {
        for (var attempt = 0; attempt < MongoExtensions.Attempts; attempt++)
        {
            if (await ReadStateAsync(RosterId, cancel) is not { } head)
                return null;
            if (_latest is { } latest && latest.Revision == head["v"].ToInt64())
                return latest;
            var pieces = await drop.RosterParts.Find(OfWriter(head["g"].AsByteArray)).Sort(new BsonDocument("_id", 1)).ToListAsync(cancel);
            // Fewer where a newer roster took its place between these two reads.
            if (pieces.Count == head["n"].ToInt32())
                return _latest = new RosterDocument(head["v"].ToInt64(), Joined([.. pieces.Select(piece => piece["c"].AsByteArray)]));
        }
        // Every request asks for the roster: whoever removed a piece must not keep all of them asking for ever.
        throw new StoreException(
            $"The roster in the database {drop.Database.DatabaseNamespace.DatabaseName} is not whole: {MongoSchema.RosterParts} has not the pieces that {MongoSchema.State} names. Something other than this server wrote there; put a backup of the drop into an empty database.");
    }

    public async Task<RosterOutcome> ReplaceAsync(long expectedRevision, ReadOnlyMemory<byte> answer, CancellationToken cancel)
    {
        if ((await ReadStateAsync(RosterId, cancel))?["v"].ToInt64() is var present && (present ?? 0) != expectedRevision)
            return RosterOutcome.Conflict;
        var (writer, revision) = (RandomNumberGenerator.GetBytes(WriterSizeInBytes), expectedRevision + 1);
        var pieces = Math.Max(1, (answer.Length + PieceSizeInBytes - 1) / PieceSizeInBytes);
        for (var n = 0; n < pieces; n++)
        {
            var bytes = answer[(n * PieceSizeInBytes)..Math.Min(answer.Length, (n + 1) * PieceSizeInBytes)];
            await drop.RosterParts.InsertOneAsync(new BsonDocument { { "_id", PieceId(writer, (uint)n) }, { "v", revision }, { "c", bytes.Binary() } }, cancellationToken: cancel);
        }
        var head = new BsonDocument { { "v", revision }, { "g", new BsonBinaryData(writer) }, { "n", pieces } };
        var isStored = expectedRevision == 0
            ? await drop.State.TryInsertAsync(new BsonDocument("_id", RosterId).AddRange(head), cancel)
            : (await drop.State.UpdateOneAsync(new BsonDocument { { "_id", RosterId }, { "v", expectedRevision } }, new BsonDocument("$set", head), cancellationToken: cancel)).MatchedCount == 1;
        // Whoever else wrote for this revision or an earlier one has lost, and whoever writes for the next keeps what is theirs.
        var lost = isStored
            ? new BsonDocument { { "v", new BsonDocument("$lte", revision) }, { "_id", new BsonDocument("$not", OfWriter(writer)["_id"].AsBsonDocument) } }
            : OfWriter(writer);
        await drop.RosterParts.DeleteManyAsync(lost, CancellationToken.None);
        return isStored ? RosterOutcome.Stored : RosterOutcome.Conflict;
    }

    public async Task<ReadOnlyMemory<byte>?> ReadSetupTokenHashAsync(CancellationToken cancel) =>
        await ReadStateAsync(SetupId, cancel) is { } found ? (ReadOnlyMemory<byte>?)found["h"].AsByteArray : null;

    public Task WriteSetupTokenHashAsync(ReadOnlyMemory<byte>? hash, CancellationToken cancel) => hash is { } bytes
        ? drop.State.ReplaceOneAsync(MongoExtensions.ById(SetupId), new BsonDocument { { "_id", SetupId }, { "h", bytes.Binary() } }, new ReplaceOptions { IsUpsert = true }, cancel)
        : drop.State.DeleteOneAsync(MongoExtensions.ById(SetupId), cancel);

    private static byte[] Joined(byte[][] pieces)
    {
        var whole = new byte[pieces.Sum(piece => piece.Length)];
        var at = 0;
        foreach (var piece in pieces)
        {
            piece.CopyTo(whole, at);
            at += piece.Length;
        }
        return whole;
    }

    private static BsonDocument OfWriter(byte[] writer) =>
        new("_id", new BsonDocument { { "$gte", PieceId(writer, 0) }, { "$lte", PieceId(writer, uint.MaxValue) } });

    private static BsonBinaryData PieceId(byte[] writer, uint number)
    {
        var id = new byte[WriterSizeInBytes + sizeof(uint)];
        writer.CopyTo(id, 0);
        BinaryPrimitives.WriteUInt32BigEndian(id.AsSpan(WriterSizeInBytes), number);
        return new(id);
    }

    private Task<BsonDocument?> ReadStateAsync(BsonValue id, CancellationToken cancel) => drop.State.Find(MongoExtensions.ById(id)).FirstOrDefaultAsync(cancel)!;
}
