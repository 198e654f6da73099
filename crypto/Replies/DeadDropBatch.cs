using System.Buffers;
using System.Buffers.Binary;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;

namespace SecureDrop.Crypto.Replies;

/// <summary>
/// A reviewer's batch of a day as it is posted: <c>shard (uint16 big endian) ‖ slot (9,883) ‖ length (uint32 big endian) ‖ copy</c>, a multiple of
/// 8 times. Read without any secret: the server judges by form alone.
/// </summary>
public static class DeadDropBatch
{
    /// <summary>The number of entries is a multiple of this.</summary>
    public const int Multiple = 8;

    /// <summary>What an entry has besides its copy.</summary>
    public const int EntryOverheadInBytes = sizeof(ushort) + DeadDropSlot.SizeInBytes + sizeof(uint);

    /// <summary>The largest batch of this many entries: every copy to 64 recipients.</summary>
    public static int MaxSizeInBytes(int entries) => checked(entries * (EntryOverheadInBytes + ReplyCopy.SizeInBytes(ReplyCopy.MaxRecipients)));

    /// <summary>Writes a batch.</summary>
    /// <exception cref="ArgumentException">What <see cref="TryRead"/> would refuse at the widest.</exception>
    public static byte[] Write(IReadOnlyList<DeadDropEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArrayBufferWriter<byte> batch = new();
        foreach (DeadDropEntry entry in entries)
        {
            BinaryPrimitives.WriteUInt16BigEndian(batch.GetSpan(sizeof(ushort)), entry.Shard);
            batch.Advance(sizeof(ushort));
            batch.Write(entry.Slot.Span);
            BinaryPrimitives.WriteInt32BigEndian(batch.GetSpan(sizeof(int)), entry.Copy.Length);
            batch.Advance(sizeof(int));
            batch.Write(entry.Copy.Span);
        }
        byte[] written = batch.WrittenSpan.ToArray();
        DeadDropBatchFault fault = TryRead(written, Shard.LargestBits, out _);
        return fault == DeadDropBatchFault.None
            ? written
            : throw new ArgumentException($"These entries are no batch ({fault}).", nameof(entries));
    }

    /// <summary>Reads a batch, strictly.</summary>
    /// <param name="batch">The whole body; the entries keep slices of it.</param>
    /// <param name="shardBits">Width of the day, 0 to 16.</param>
    /// <param name="entries">The entries in their order; empty where the batch is refused.</param>
    /// <returns><see cref="DeadDropBatchFault.None"/>, or the first reason to refuse it: lengths before shards before what the entries hold.</returns>
    public static DeadDropBatchFault TryRead(ReadOnlyMemory<byte> batch, int shardBits, out IReadOnlyList<DeadDropEntry> entries)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shardBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shardBits, Shard.LargestBits);
        entries = [];
        if (!TryCut(batch, out List<DeadDropEntry> cut) || cut.Count == 0 || cut.Count % Multiple != 0)
        {
            return DeadDropBatchFault.Length;
        }
        if (cut.Exists(entry => entry.Shard >> shardBits != 0))
        {
            return DeadDropBatchFault.Shard;
        }
        HashSet<UInt128> seen = [];
        foreach (DeadDropEntry entry in cut)
        {
            UInt128 random = BinaryPrimitives.ReadUInt128BigEndian(DeadDropSlot.Random(entry.Slot.Span));
            if (!seen.Add(random) || HybridStanzas(DeadDropSlot.SealedReply(entry.Slot.Span)) != 1)
            {
                return DeadDropBatchFault.Slot;
            }
            int stanzas = HybridStanzas(entry.Copy.Span);
            if (stanzas is < 1 or > ReplyCopy.MaxRecipients || entry.Copy.Length != ReplyCopy.SizeInBytes(stanzas))
            {
                return DeadDropBatchFault.Copy;
            }
        }
        entries = cut;
        return DeadDropBatchFault.None;
    }

    private static bool TryCut(ReadOnlyMemory<byte> rest, out List<DeadDropEntry> entries)
    {
        entries = [];
        while (!rest.IsEmpty)
        {
            if (rest.Length < EntryOverheadInBytes)
            {
                return false;
            }
            ushort shard = BinaryPrimitives.ReadUInt16BigEndian(rest.Span);
            ReadOnlyMemory<byte> slot = rest.Slice(sizeof(ushort), DeadDropSlot.SizeInBytes);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest.Span[(sizeof(ushort) + DeadDropSlot.SizeInBytes)..]);
            rest = rest[EntryOverheadInBytes..];
            if (length > rest.Length)
            {
                return false;
            }
            entries.Add(new DeadDropEntry(shard, slot, rest[..(int)length]));
            rest = rest[(int)length..];
        }
        return true;
    }

    /// <summary>The number of stanzas of an age file, all of them well-formed hybrid ones; 0 for anything else.</summary>
    private static int HybridStanzas(ReadOnlySpan<byte> file) =>
        AgeHeaderReader.TryRead(file, out AgeHeader? header) == OperationStatus.Done && header!.Stanzas.All(HybridStanza.IsWellFormed)
            ? header.Stanzas.Count
            : 0;
}
