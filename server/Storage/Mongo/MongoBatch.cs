using System.Buffers.Binary;
using System.Security.Cryptography;
using MongoDB.Bson;

namespace SecureDrop.Server.Storage.Mongo;

/// <summary>
/// A reviewer's batch as one document of <c>batches</c>, so that it is replaced whole: <c>_id</c> day ‖ owner, <c>d</c> day, <c>n</c> copies,
/// <c>h</c> what the slots add to which shard, <c>s</c> slots <c>[{k: day ‖ shard ‖ r, c: bytes}]</c>, <c>p</c> copies <c>[{i: id, c: bytes}]</c>,
/// <c>f</c> once its day is being published: from then on it does not change.
/// </summary>
/// <remarks>
/// MongoDB takes documents of 16 MiB. The longest batch that the server takes is shorter by a sixteenth, which is many times what these
/// names and keys add to it; a test measures it.
/// </remarks>
internal static class MongoBatch
{
    private const int SlotKeyInBytes = sizeof(int) + sizeof(ushort) + DeadDropEntry.OrderSizeInBytes;
    private const int HeadInBytes = sizeof(ushort) + sizeof(int);

    public static BsonDocument Of(DateOnly day, ReadOnlyMemory<byte> owner, IReadOnlyList<DeadDropEntry> entries, IReadOnlyList<ReadOnlyMemory<byte>> copies) => new()
    {
        { "_id", Id(day, owner.Span) },
        { "d", day.DayNumber },
        { "n", copies.Count },
        { "h", Heads(entries) },
        // Each list in an order of its own chance, or a slot and its copy could be told by their places.
        {
            "s", new BsonArray(entries
                .Select(entry => new BsonDocument { { "k", SlotKey(day, entry.Shard, entry.Slot.Span[..DeadDropEntry.OrderSizeInBytes]) }, { "c", entry.Slot.Binary() } })
                .OrderBy(slot => slot["k"]))
        },
        {
            "p", new BsonArray(copies
                .Select(copy => new BsonDocument { { "i", new BsonBinaryData(RandomNumberGenerator.GetBytes(StoredId.SizeInBytes)) }, { "c", copy.Binary() } })
                .OrderBy(copy => copy["i"]))
        },
    };

    /// <summary>As sets: a digest of the whole batch, kept to compare with, would let a thief try which slot went with which copy.</summary>
    public static bool IsSame(BsonDocument before, BsonDocument now) =>
        before["s"].AsBsonArray.ToHashSet().SetEquals(now["s"].AsBsonArray)
        && before["p"].AsBsonArray.Select(copy => copy["c"]).ToHashSet().SetEquals(now["p"].AsBsonArray.Select(copy => copy["c"]));

    /// <summary>Day (4, big endian) ‖ shard (2) ‖ <c>r</c>: the slots of a shard lie one after another in their order.</summary>
    public static BsonBinaryData SlotKey(DateOnly day, int shard, ReadOnlySpan<byte> r)
    {
        var key = new byte[SlotKeyInBytes];
        BinaryPrimitives.WriteInt32BigEndian(key, day.DayNumber);
        BinaryPrimitives.WriteUInt16BigEndian(key.AsSpan(sizeof(int)), (ushort)shard);
        r.CopyTo(key.AsSpan(sizeof(int) + sizeof(ushort)));
        return new(key);
    }

    /// <summary>The bytes of each shard, from the members <c>h</c> of a day's batches.</summary>
    public static long[] Sizes(int shardBits, IEnumerable<BsonDocument> batches)
    {
        var sizes = new long[1 << shardBits];
        foreach (var heads in batches.Select(batch => batch["h"].AsByteArray))
        {
            for (var at = 0; at < heads.Length; at += HeadInBytes)
                sizes[BinaryPrimitives.ReadUInt16BigEndian(heads.AsSpan(at))] += BinaryPrimitives.ReadInt32BigEndian(heads.AsSpan(at + sizeof(ushort)));
        }
        return sizes;
    }

    private static BsonBinaryData Id(DateOnly day, ReadOnlySpan<byte> owner)
    {
        var id = new byte[sizeof(int) + owner.Length];
        BinaryPrimitives.WriteInt32BigEndian(id, day.DayNumber);
        owner.CopyTo(id.AsSpan(sizeof(int)));
        return new(id);
    }

    /// <summary>Shard (2, big endian) ‖ bytes (4) of each shard in use: small enough for an index, so that counting reads no slot.</summary>
    private static BsonBinaryData Heads(IReadOnlyList<DeadDropEntry> entries)
    {
        var shards = entries.GroupBy(entry => entry.Shard).OrderBy(shard => shard.Key).ToList();
        var heads = new byte[shards.Count * HeadInBytes];
        foreach (var (n, shard) in shards.Index())
        {
            BinaryPrimitives.WriteUInt16BigEndian(heads.AsSpan(n * HeadInBytes), (ushort)shard.Key);
            BinaryPrimitives.WriteInt32BigEndian(heads.AsSpan((n * HeadInBytes) + sizeof(ushort)), shard.Sum(entry => entry.Slot.Length));
        }
        return new(heads);
    }
}
