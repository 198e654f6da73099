using System.Buffers.Binary;
using CsCheck;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Replies;
using SecureDrop.Tests.Age;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Replies;

public sealed class DeadDropBatchTests
{
    private const int ShardBits = 3;
    private static readonly TestDrop Drop = new();
    private static readonly DeadDropEntry[] Entries = [.. Enumerable.Range(0, 8).Select(_ => Sealer().SealFiller(TestDrop.Today))];

    private static ReplySealer Sealer(int shardBits = ShardBits) => new(Drop.Reviewers[0].Signing, Drop.DropKey.PublicKey, Drop.Recipients, shardBits);

    [Fact]
    public void Batch_Written_HasTheFieldsInTheirOrderAndIsReadAgain()
    {
        byte[] batch = DeadDropBatch.Write(Entries);
        Assert.Equal(Entries[0].Shard, BinaryPrimitives.ReadUInt16BigEndian(batch));
        Assert.Equal(Entries[0].Slot.ToArray(), batch[2..(2 + 9883)]);
        Assert.Equal(ReplyCopy.SizeInBytes(3), BinaryPrimitives.ReadInt32BigEndian(batch.AsSpan(2 + 9883)));
        Assert.Equal(8 * (2 + 9883 + 4 + ReplyCopy.SizeInBytes(3)), batch.Length);
        Assert.Equal(DeadDropBatchFault.None, DeadDropBatch.TryRead(batch, ShardBits, out IReadOnlyList<DeadDropEntry> read));
        Assert.Equal(Entries.Select(Bytes), read.Select(Bytes));
        Assert.InRange(batch.Length, 0, DeadDropBatch.MaxSizeInBytes(8));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(9)]
    public void Batch_OfAnotherNumber_IsRefused(int count)
    {
        DeadDropEntry[] entries = [.. Entries, Sealer().SealFiller(TestDrop.Today)];
        byte[] bytes = [.. entries.Take(count).SelectMany(Bytes)];
        Assert.Equal(DeadDropBatchFault.Length, DeadDropBatch.TryRead(bytes, ShardBits, out IReadOnlyList<DeadDropEntry> read));
        Assert.Empty(read);
        Assert.Throws<ArgumentException>(() => DeadDropBatch.Write([.. entries.Take(count)]));
    }

    [Fact]
    public void Batch_WithShardBeyondTheDaysWidth_IsRefused()
    {
        byte[] batch = Changed(0, entry => entry with { Shard = 1 << ShardBits });
        Assert.Equal(DeadDropBatchFault.Shard, DeadDropBatch.TryRead(batch, ShardBits, out _));
        Assert.Equal(DeadDropBatchFault.None, DeadDropBatch.TryRead(batch, ShardBits + 1, out _));
        Assert.Equal(DeadDropBatchFault.Shard, DeadDropBatch.TryRead(Changed(7, entry => entry with { Shard = 1 }), 0, out _));
        Assert.Equal(DeadDropBatchFault.None, DeadDropBatch.TryRead(Changed(7, entry => entry with { Shard = ushort.MaxValue }), 16, out _));
    }

    [Fact]
    public void Batch_WithWhatIsNoSealedReply_IsRefused()
    {
        byte[] twoRecipients = [.. new byte[32], .. AgeFiles.Seal(new byte[8192 - 1557], Drop.Recipients[0], Drop.Recipients[1])];
        using ScryptPassphrase passphrase = new("p"u8, 1);
        byte[] scrypt = new byte[DeadDropSlot.SizeInBytes];
        AgeFiles.Seal(new byte[8192], passphrase).AsSpan().CopyTo(scrypt.AsSpan(32));
        Assert.Equal(DeadDropSlot.SizeInBytes, twoRecipients.Length);
        foreach (byte[] slot in (byte[][])[new byte[DeadDropSlot.SizeInBytes], twoRecipients, scrypt, Entries[1].Slot.ToArray()])
        {
            Assert.Equal(DeadDropBatchFault.Slot, DeadDropBatch.TryRead(Changed(4, entry => entry with { Slot = slot }), ShardBits, out _));
        }
    }

    [Fact]
    public void Batch_WithWhatIsNoCopy_IsRefused()
    {
        byte[] copy = Entries[4].Copy.ToArray();
        using ScryptPassphrase passphrase = new("p"u8, 1);
        byte[][] wrong = [[], copy[..^1], [.. copy, 0], new byte[copy.Length], AgeFiles.Seal(new byte[8191], [.. Drop.Recipients]), AgeFiles.Seal(new byte[8192], passphrase)];
        Assert.All(wrong, bytes => Assert.Equal(
            DeadDropBatchFault.Copy, DeadDropBatch.TryRead(Changed(4, entry => entry with { Copy = bytes }), ShardBits, out _)));
    }

    [Fact]
    public void Batch_CutOrLengthened_IsRefused()
    {
        byte[] batch = DeadDropBatch.Write(Entries);
        Gen.Int[0, batch.Length - 1].Sample(length => Assert.NotEqual(DeadDropBatchFault.None, DeadDropBatch.TryRead(batch.AsMemory(0, length), ShardBits, out _)));
        Assert.Equal(DeadDropBatchFault.Length, DeadDropBatch.TryRead((byte[])[.. batch, 0], ShardBits, out _));
        batch[2 + DeadDropSlot.SizeInBytes] = 0xff;
        Assert.Equal(DeadDropBatchFault.Length, DeadDropBatch.TryRead(batch, ShardBits, out _));
    }

    [Fact]
    public void Batch_OfAnyBytes_IsRefusedWithoutAnException() =>
        Gen.Byte.Array[0, 30_000].Sample(bytes => Assert.NotEqual(DeadDropBatchFault.None, DeadDropBatch.TryRead(bytes, ShardBits, out _)));

    private static byte[] Bytes(DeadDropEntry entry)
    {
        byte[] bytes = new byte[DeadDropBatch.EntryOverheadInBytes + entry.Copy.Length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, entry.Shard);
        entry.Slot.CopyTo(bytes.AsMemory(2));
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(2 + entry.Slot.Length), entry.Copy.Length);
        entry.Copy.CopyTo(bytes.AsMemory(DeadDropBatch.EntryOverheadInBytes));
        return bytes;
    }

    private static byte[] Changed(int index, Func<DeadDropEntry, DeadDropEntry> change) =>
        [.. Entries.Select((entry, i) => i == index ? change(entry) : entry).SelectMany(Bytes)];
}
