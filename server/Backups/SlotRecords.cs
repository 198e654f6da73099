using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using SecureDrop.Crypto.Replies;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Storage;
using StoredEntry = SecureDrop.Server.Storage.DeadDropEntry;

namespace SecureDrop.Server.Backups;

/// <summary>
/// A day's dead drop in a backup: its width (1 byte: shard bits), then <c>shard (uint16, big endian) ‖ slot (9,883)</c>, in order of shard and
/// <c>r</c>. A day without slots has its width alone: it is listed all the same, and is to be again.
/// </summary>
internal static class SlotRecords
{
    private const int SlotsAtATime = 64;

    /// <returns>Whether all slots were there; not where the day ended meanwhile.</returns>
    public static async Task<bool> WriteAsync(IDeadDropStore store, DeadDropDay day, IBackupSink sink, CancellationToken cancel)
    {
        await sink.WriteAsync(new[] { (byte)day.ShardBits }, cancel);
        foreach (var (shard, size) in day.SizesInBytes.Index().Where(shard => shard.Item > 0))
        {
            if (await WriteShardAsync(store, day.Day, shard, sink, cancel) != size)
                return false;
        }
        return true;
    }

    /// <summary>The width, which the file begins with.</summary>
    /// <exception cref="BackupFormatException">Not a width.</exception>
    public static async Task<int> ReadShardBitsAsync(RecordReader reader, CancellationToken cancel)
    {
        var bits = new byte[1];
        await reader.FillAsync(bits, cancel);
        return bits[0] <= Shard.LargestBits ? bits[0] : throw new BackupFormatException("its dead drop is wider than one can be");
    }

    /// <exception cref="BackupFormatException">Not the slots of a dead drop of this width.</exception>
    public static async IAsyncEnumerable<StoredEntry> ReadAsync(RecordReader reader, int shardBits, [EnumeratorCancellation] CancellationToken cancel)
    {
        var head = new byte[sizeof(ushort)];
        for ((int, UInt128)? before = null; reader.LeftInBytes > 0;)
        {
            await reader.FillAsync(head, cancel);
            var slot = new byte[DeadDropSlot.SizeInBytes];
            await reader.FillAsync(slot, cancel);
            var place = (Shard: (int)BinaryPrimitives.ReadUInt16BigEndian(head), R: BinaryPrimitives.ReadUInt128BigEndian(slot));
            if (before is { } last && place.CompareTo(last) <= 0)
                throw new BackupFormatException("its slots are not in order, each once");
            before = place;
            if (place.Shard >> shardBits != 0)
                throw new BackupFormatException("a slot is in a shard that its day does not have");
            if (SealedForm.Stanzas(slot.AsSpan(DeadDropSlot.RandomSizeInBytes + DeadDropSlot.MarkSizeInBytes)) != 1)
                throw new BackupFormatException("a slot holds no reply sealed to one");
            yield return new StoredEntry(place.Shard, slot);
        }
    }

    private static async Task<long> WriteShardAsync(IDeadDropStore store, DateOnly day, int shard, IBackupSink sink, CancellationToken cancel)
    {
        var size = 0L;
        var head = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)shard);
        ReadOnlyMemory<byte>? after = null;
        while (await store.ReadSlotsAsync(day, shard, after, SlotsAtATime, cancel) is { Count: > 0 } slots)
        {
            foreach (var slot in slots)
            {
                await sink.WriteAsync(head, cancel);
                await sink.WriteAsync(slot, cancel);
                size += slot.Length;
            }
            after = slots[^1][..StoredEntry.OrderSizeInBytes];
        }
        return size;
    }
}
