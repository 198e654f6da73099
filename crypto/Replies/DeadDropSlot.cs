using System.Security.Cryptography;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;

namespace SecureDrop.Crypto.Replies;

/// <summary>
/// A slot of a dead drop: <c>r</c> (16 random bytes) ‖ HMAC-SHA-256(tag key, <c>r</c>)[0..16] ‖ the sealed reply, always 9,883 bytes. Everybody
/// downloads all slots and finds its own by the HMAC, so nobody tells the server which one it came for.
/// </summary>
public static class DeadDropSlot
{
    /// <summary>16 + 16 + 9,851.</summary>
    public const int SizeInBytes = 9_883;

    /// <summary>The random start of a slot, by which a dead drop is sorted.</summary>
    public const int RandomSizeInBytes = 16;

    /// <summary>The shortened HMAC.</summary>
    public const int MarkSizeInBytes = 16;

    /// <summary>An age file to one hybrid recipient over 8,192 bytes.</summary>
    public const int SealedReplySizeInBytes = SizeInBytes - RandomSizeInBytes - MarkSizeInBytes;

    /// <summary>Size of a tag key.</summary>
    public const int TagKeySizeInBytes = 32;

    /// <summary>Seals a reply's plaintext to a conversation, under a fresh <c>r</c>.</summary>
    /// <param name="plaintext"><see cref="ReplyPlaintext.SizeInBytes"/> bytes.</param>
    /// <param name="conversation">The conversation's recipient.</param>
    /// <param name="tagKey">The conversation's tag key, 32 bytes.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public static byte[] Seal(ReadOnlySpan<byte> plaintext, HybridRecipient conversation, ReadOnlySpan<byte> tagKey)
    {
        byte[] sealedReply = SealedText.Seal(plaintext, [conversation]);
        byte[] slot = new byte[SizeInBytes];
        Span<byte> random = slot.AsSpan(0, RandomSizeInBytes);
        RandomNumberGenerator.Fill(random);
        Mark(random, tagKey, slot.AsSpan(RandomSizeInBytes, MarkSizeInBytes));
        sealedReply.CopyTo(slot, RandomSizeInBytes + MarkSizeInBytes);
        return slot;
    }

    /// <summary>Whether a slot is for the holder of this tag key.</summary>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public static bool Matches(ReadOnlySpan<byte> slot, ReadOnlySpan<byte> tagKey)
    {
        RequireSlot(slot);
        Span<byte> mark = stackalloc byte[MarkSizeInBytes];
        Mark(Random(slot), tagKey, mark);
        return CryptographicOperations.FixedTimeEquals(mark, slot.Slice(RandomSizeInBytes, MarkSizeInBytes));
    }

    /// <summary><c>r</c>.</summary>
    /// <exception cref="ArgumentException">Not <see cref="SizeInBytes"/> bytes.</exception>
    public static ReadOnlySpan<byte> Random(ReadOnlySpan<byte> slot)
    {
        RequireSlot(slot);
        return slot[..RandomSizeInBytes];
    }

    /// <summary>The sealed reply of a slot, <see cref="SealedReplySizeInBytes"/> bytes.</summary>
    /// <exception cref="ArgumentException">Not <see cref="SizeInBytes"/> bytes.</exception>
    public static ReadOnlySpan<byte> SealedReply(ReadOnlySpan<byte> slot)
    {
        RequireSlot(slot);
        return slot[(RandomSizeInBytes + MarkSizeInBytes)..];
    }

    private static void Mark(ReadOnlySpan<byte> random, ReadOnlySpan<byte> tagKey, Span<byte> mark)
    {
        if (tagKey.Length != TagKeySizeInBytes)
        {
            throw new ArgumentException($"A tag key has {TagKeySizeInBytes} bytes.", nameof(tagKey));
        }
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(tagKey, random, mac);
        mac[..MarkSizeInBytes].CopyTo(mark);
    }

    private static void RequireSlot(ReadOnlySpan<byte> slot)
    {
        if (slot.Length != SizeInBytes)
        {
            throw new ArgumentException($"A slot has {SizeInBytes} bytes.", nameof(slot));
        }
    }
}
