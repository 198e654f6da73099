using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Server.ReviewerApi;

/// <summary>
/// Logins, in memory only: a server that restarts asks to log in again. A challenge carries its own proof that this process gave
/// it, so that nothing is remembered of the many that anybody may ask for; of tokens only the hash is kept.
/// </summary>
public sealed class Sessions(TimeProvider time)
{
    public static readonly TimeSpan ChallengeLifetime = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(1);

    private const int RandomSizeInBytes = 32;
    private const int ChallengeBodyInBytes = RandomSizeInBytes + sizeof(long);
    private const int ChallengeSizeInBytes = ChallengeBodyInBytes + HMACSHA256.HashSizeInBytes;

    private readonly byte[] _challengeKey = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _redeemed = new();
    private readonly ConcurrentDictionary<string, (MinisignPublicKey SessionKey, DateTimeOffset Ends)> _tokens = new();

    /// <summary>base64url of random (32 bytes) ‖ when it ends, in Unix milliseconds (8, big endian) ‖ HMAC-SHA-256 (32).</summary>
    public string Challenge()
    {
        var challenge = new byte[ChallengeSizeInBytes];
        RandomNumberGenerator.Fill(challenge.AsSpan(0, RandomSizeInBytes));
        BinaryPrimitives.WriteInt64BigEndian(challenge.AsSpan(RandomSizeInBytes), (time.GetUtcNow() + ChallengeLifetime).ToUnixTimeMilliseconds());
        HMACSHA256.HashData(_challengeKey, challenge.AsSpan(0, ChallengeBodyInBytes), challenge.AsSpan(ChallengeBodyInBytes));
        return Base64Url.EncodeToString(challenge);
    }

    /// <summary>True once for each challenge given and not over. To be asked only for a login that is right in all else.</summary>
    public bool Redeem(string challenge)
    {
        var now = time.GetUtcNow();
        if (EndOf(challenge) is not { } ends || ends <= now)
            return false;
        foreach (var (old, _) in _redeemed.Where(redeemed => redeemed.Value <= now))
            _redeemed.TryRemove(old, out _);
        return _redeemed.TryAdd(challenge, ends);
    }

    /// <summary>A token for whoever proved to hold this session key.</summary>
    public string Open(MinisignPublicKey sessionKey)
    {
        var now = time.GetUtcNow();
        foreach (var (old, _) in _tokens.Where(token => token.Value.Ends <= now))
            _tokens.TryRemove(old, out _);
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomSizeInBytes));
        _tokens[Hash(token)] = (sessionKey, now + TokenLifetime);
        return token;
    }

    /// <summary>The session key behind a token, or null for unknown, wrong and over.</summary>
    public MinisignPublicKey? Find(string token) =>
        _tokens.TryGetValue(Hash(token), out var session) && session.Ends > time.GetUtcNow() ? session.SessionKey : null;

    private DateTimeOffset? EndOf(string challenge)
    {
        Span<byte> bytes = stackalloc byte[ChallengeSizeInBytes];
        // Compared as text too: a second spelling (white space, spare bits) of a challenge that was used would be a second use.
        if (challenge.Length != Base64Url.GetEncodedLength(ChallengeSizeInBytes)
            || !Base64Url.TryDecodeFromChars(challenge, bytes, out var size) || size != ChallengeSizeInBytes
            || !string.Equals(Base64Url.EncodeToString(bytes), challenge, StringComparison.Ordinal))
        {
            return null;
        }
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_challengeKey, bytes[..ChallengeBodyInBytes], mac);
        return CryptographicOperations.FixedTimeEquals(mac, bytes[ChallengeBodyInBytes..])
            ? DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes[RandomSizeInBytes..]))
            : null;
    }

    // Looked up by its hash: the time that the comparison takes tells nothing of the token.
    private static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
