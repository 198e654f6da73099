using System.Buffers.Binary;
using MongoDB.Bson;
using MongoDB.Driver;

namespace SecureDrop.Server.Storage.Mongo;

/// <summary>How our values are written in BSON, and what the database's refusals mean.</summary>
internal static class MongoExtensions
{
    private const int OutOfDiskSpace = 14031;
    private const int QuotaExceeded = 12501;

    /// <summary>How often a document may be neither there nor free to make, which is so while others make and remove it.</summary>
    public const int Attempts = 4;

    public static FilterDefinition<BsonDocument> ById(BsonValue id) => new BsonDocument("_id", id);

    public static FilterDefinition<BsonDocument> OfDay(DateOnly day) => new BsonDocument("d", day.DayNumber);

    /// <summary>Of days before this one, but for those named.</summary>
    public static FilterDefinition<BsonDocument> OfDaysBefore(int dayNumber, IEnumerable<BsonValue> butNot) =>
        new BsonDocument("d", new BsonDocument { { "$lt", dayNumber }, { "$nin", new BsonArray(butNot) } });

    public static BsonBinaryData Binary(this StoredId id) => new(id.ToBytes());

    /// <summary>A copy: what the store was lent may change once it has answered.</summary>
    public static BsonBinaryData Binary(this ReadOnlyMemory<byte> bytes) => new(bytes.ToArray());

    public static StoredId StoredId(this BsonValue value) => Storage.StoredId.FromBytes(value.AsByteArray);

    public static DateOnly Day(this BsonValue value) => DateOnly.FromDayNumber(value.ToInt32());

    /// <summary>Stored id (16) ‖ part (4, big endian), so that the parts of a report lie one after another in their order.</summary>
    public static BsonBinaryData PartId(StoredId id, uint part)
    {
        var bytes = new byte[Storage.StoredId.SizeInBytes + sizeof(uint)];
        id.ToBytes().CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(Storage.StoredId.SizeInBytes), part);
        return new(bytes);
    }

    public static int PartOf(BsonValue partId) =>
        (int)BinaryPrimitives.ReadUInt32BigEndian(partId.AsByteArray.AsSpan(Storage.StoredId.SizeInBytes));

    /// <summary>The parts of one report, and nothing of another.</summary>
    public static BsonDocument PartsOf(StoredId id) =>
        new("_id", new BsonDocument { { "$gte", PartId(id, 0) }, { "$lte", PartId(id, uint.MaxValue) } });

    public static FilterDefinition<BsonDocument> After(FilterDefinition<BsonDocument> of, BsonValue? after) =>
        after is null ? of : Builders<BsonDocument>.Filter.And(of, new BsonDocument("_id", new BsonDocument("$gt", after)));

    /// <summary>That the id is taken, by what a majority has: where none has confirmed it in time, what is there may still be lost.</summary>
    public static bool IsDuplicate(this MongoException e) => e switch
    {
        MongoWriteException { WriteConcernError: null } write => write.WriteError?.Category == ServerErrorCategory.DuplicateKey,
        MongoCommandException command => command.Code == 11000,
        _ => false,
    };

    public static bool IsFull(this MongoException e) => e switch
    {
        MongoWriteException write => write.WriteError?.Code is OutOfDiskSpace or QuotaExceeded,
        MongoBulkWriteException bulk => bulk.WriteErrors.Any(error => error.Code is OutOfDiskSpace or QuotaExceeded),
        MongoCommandException command => command.Code is OutOfDiskSpace or QuotaExceeded,
        _ => false,
    };

    /// <summary>Inserts, or says that the id is taken.</summary>
    public static async Task<bool> TryInsertAsync(this IMongoCollection<BsonDocument> collection, BsonDocument document, CancellationToken cancel)
    {
        try
        {
            await collection.InsertOneAsync(document, cancellationToken: cancel);
            return true;
        }
        catch (MongoException e) when (e.IsDuplicate())
        {
            return false;
        }
    }

    /// <summary>Inserts those whose id is not taken; whoever else inserts the same at this moment is no obstacle.</summary>
    public static async Task InsertMissingAsync(this IMongoCollection<BsonDocument> collection, IEnumerable<BsonDocument> documents, CancellationToken cancel)
    {
        try
        {
            await collection.InsertManyAsync(documents, new InsertManyOptions { IsOrdered = false }, cancel);
        }
        catch (MongoBulkWriteException<BsonDocument> e) when (e.WriteConcernError is null && e.WriteErrors.All(error => error.Category == ServerErrorCategory.DuplicateKey))
        {
            // Made by another server, or before this one was stopped.
        }
    }

    /// <summary>Reads the document, and makes it if it is not there. Two servers that make it at once read the same one.</summary>
    public static async Task<BsonDocument> ReadOrMakeAsync(
        this IMongoCollection<BsonDocument> collection, BsonValue id, BsonDocument otherwise, CancellationToken cancel, BsonDocument? shown = null)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var found = await collection.Find(ById(id)).Project(shown ?? []).FirstOrDefaultAsync(cancel);
            if (found is not null)
                return found;
            var made = new BsonDocument("_id", id).AddRange(otherwise);
            if (await collection.TryInsertAsync(made, cancel))
                return made;
        }
        throw NotConfirmed();
    }

    /// <summary>
    /// What this primary has, whether or not it knows a majority to have it. One that was elected just now has all that was acknowledged before, and
    /// for a moment reads less with <c>majority</c>: what seems to be missing is looked for here before anybody is told that it is.
    /// </summary>
    public static IMongoCollection<BsonDocument> AsWritten(this IMongoCollection<BsonDocument> collection) => collection.WithReadConcern(ReadConcern.Local);

    /// <summary>A document that is taken and cannot be read: it was written, and no majority has confirmed it.</summary>
    public static TimeoutException NotConfirmed() => new("What was written has not been confirmed by a majority of the members.");

    /// <summary>
    /// Removes what matches, some at a time: one command over a whole day would outlast every timeout, and another server may do the same.
    /// </summary>
    public static async Task RemoveAsync(this IMongoCollection<BsonDocument> collection, FilterDefinition<BsonDocument> filter, CancellationToken cancel)
    {
        const int AtOnce = 500;
        while (true)
        {
            var ids = await collection.Find(filter).Project(new BsonDocument("_id", 1)).Limit(AtOnce).ToListAsync(cancel);
            if (ids.Count == 0)
                return;
            await collection.DeleteManyAsync(Builders<BsonDocument>.Filter.In("_id", ids.Select(found => found["_id"])), cancel);
        }
    }
}
