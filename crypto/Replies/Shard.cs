using System.Security.Cryptography;

namespace SecureDrop.Crypto.Replies;

/// <summary>
/// Which of a day's 2^s dead drops holds a source's replies: the first s bits, most significant first, of HMAC-SHA-256(tag key,
/// <c>shard</c>). A pseudonym of s bits, which is why s is raised only while a shard serves a thousand sources.
/// </summary>
public static class Shard
{
    /// <summary>The largest width.</summary>
    public const int LargestBits = 16;

    /// <summary>The shard of a tag key at a width of 0 to 16 bits; 0 where the day has one dead drop.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes, or another width.</exception>
    public static int Of(ReadOnlySpan<byte> tagKey, int shardBits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shardBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shardBits, LargestBits);
        if (tagKey.Length != 32)
        {
            throw new ArgumentException("A tag key has 32 bytes.", nameof(tagKey));
        }
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(tagKey, "shard"u8, mac);
        return ((mac[0] << 8) | mac[1]) >> (LargestBits - shardBits);
    }
}
