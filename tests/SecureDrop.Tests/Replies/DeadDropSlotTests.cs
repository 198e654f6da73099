using System.Security.Cryptography;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Replies;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Replies;

public sealed class DeadDropSlotTests
{
    private static readonly TestDrop Drop = new();

    [Fact]
    public void Slot_OfAnyReply_Has9883BytesAndMatchesItsTagAlone()
    {
        byte[] slot = TestReplies.Slot(Drop, TestReplies.New(Drop, "x"));
        Assert.Equal(9883, slot.Length);
        Assert.Equal(DeadDropSlot.SealedReplySizeInBytes, AgeSizes.SealedSizeInBytes(1, ReplyPlaintext.SizeInBytes));
        Assert.True(DeadDropSlot.Matches(slot, Drop.Keys.Tag));
        Assert.Equal(HMACSHA256.HashData(Drop.Keys.Tag, slot.AsSpan(0, 16))[..16], slot[16..32]);
        Assert.False(DeadDropSlot.Matches(slot, RandomNumberGenerator.GetBytes(32)));
        for (int at = 0; at < 32; at++)
        {
            slot[at] ^= 1;
            Assert.False(DeadDropSlot.Matches(slot, Drop.Keys.Tag));
            slot[at] ^= 1;
        }
    }

    [Fact]
    public void Slot_SealedTwice_SharesNothing()
    {
        byte[] plaintext = ReplyPlaintext.Write(TestReplies.New(Drop, "x"), Drop.Reviewers[0].Signing);
        byte[] first = TestReplies.Slot(Drop, plaintext);
        byte[] second = TestReplies.Slot(Drop, plaintext);
        Assert.NotEqual(first[..16], second[..16]);
        Assert.NotEqual(first[^100..], second[^100..]);
    }

    [Fact]
    public void Slot_OfAnotherLength_IsMisuse()
    {
        byte[] slot = TestReplies.Slot(Drop, TestReplies.New(Drop, "x"));
        Assert.Throws<ArgumentException>(() => DeadDropSlot.Matches(slot.AsSpan(1), Drop.Keys.Tag));
        Assert.Throws<ArgumentException>(() => DeadDropSlot.Matches(slot, Drop.Keys.Tag[..31]));
        Assert.Throws<ArgumentException>(() => DeadDropSlot.SealedReply(slot.AsSpan(1)).Length);
        Assert.Throws<ArgumentException>(() => TestReplies.Slot(Drop, new byte[8191]));
    }
}
