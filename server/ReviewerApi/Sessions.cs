using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Server.Days;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.ReviewerApi;

/// <summary>
/// Logins, which every server of the drop honours. A challenge carries its own proof, by the day's key, that one of them gave it, so that
/// nothing is remembered of the many that anybody may ask for. A token carries whose it is and until when, and the store has its hash alone,
/// under the hash of the challenge that it was given for: so a challenge serves once, on whichever servers, and whoever has read the store
/// can neither log in nor say who did.
/// </summary>
public sealed class Sessions(ISessionStore store, DayKeyRing keys, TimeProvider time)
{
    public static readonly TimeSpan ChallengeLifetime = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(1);

    private static readonly ReadOnlyMemory<byte> NoHash = new byte[SHA256.HashSizeInBytes];

    private const int RandomSizeInBytes = 32;
    private const int ChallengeBodyInBytes = RandomSizeInBytes + sizeof(long);
    private const int ChallengeSizeInBytes = ChallengeBodyInBytes + HMACSHA256.HashSizeInBytes;
    private const int KeyAt = ISessionStore.ChallengeSizeInBytes + RandomSizeInBytes;
    private const int EndAt = KeyAt + MinisignPublicKey.SizeInBytes;
    private const int TokenSizeInBytes = EndAt + sizeof(long);

    /// <summary>base64url of random (32 bytes) ‖ when it ends, in Unix milliseconds (8, big endian) ‖ HMAC-SHA-256 (32).</summary>
    public async Task<string> ChallengeAsync(CancellationToken cancel)
    {
        var key = await keys.TodaysAsync(cancel);
        var challenge = new byte[ChallengeSizeInBytes];
        RandomNumberGenerator.Fill(challenge.AsSpan(0, RandomSizeInBytes));
        BinaryPrimitives.WriteInt64BigEndian(challenge.AsSpan(RandomSizeInBytes), (time.GetUtcNow() + ChallengeLifetime).ToUnixTimeMilliseconds());
        key.AuthenticateChallenge(challenge.AsSpan(0, ChallengeBodyInBytes), challenge.AsSpan(ChallengeBodyInBytes));
        return Base64Url.EncodeToString(challenge);
    }

    /// <summary>
    /// A token for whoever proved to hold this session key by signing this challenge; null for one that no server gave, or whose time is
    /// over, or that has served. To be asked only for a login that is right in all else.
    /// </summary>
    /// <returns>base64url of the challenge's hash (16 bytes) ‖ random (32) ‖ session key (32) ‖ when it ends, in Unix milliseconds (8, big endian).</returns>
    public async Task<string?> OpenAsync(string challenge, MinisignPublicKey sessionKey, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (!TryDecode(challenge, ChallengeSizeInBytes, out var bytes) || !await WasGivenAsync(bytes, cancel)
            || DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(RandomSizeInBytes))) <= now)
        {
            return null;
        }
        var token = new byte[TokenSizeInBytes];
        SHA256.HashData(bytes).AsSpan(0, ISessionStore.ChallengeSizeInBytes).CopyTo(token);
        RandomNumberGenerator.Fill(token.AsSpan(ISessionStore.ChallengeSizeInBytes, RandomSizeInBytes));
        sessionKey.Bytes.CopyTo(token.AsSpan(KeyAt));
        var ends = now + TokenLifetime;
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(EndAt), ends.ToUnixTimeMilliseconds());
        return await store.TryAddAsync(token.AsMemory(0, ISessionStore.ChallengeSizeInBytes), SHA256.HashData(token), DateOnly.FromDateTime(ends.UtcDateTime), cancel)
            ? Base64Url.EncodeToString(token)
            : null;
    }

    /// <summary>The session key behind a token, or null for unknown, wrong and over.</summary>
    public async Task<MinisignPublicKey?> FindAsync(string token, CancellationToken cancel)
    {
        // Nothing in it is believed before its hash was found. One that was never given takes as long as one that is over, and so does
        // what is no token.
        var isToken = TryDecode(token, TokenSizeInBytes, out var bytes);
        var hash = SHA256.HashData(bytes);
        var stored = await store.FindAsync(bytes.AsMemory(0, ISessionStore.ChallengeSizeInBytes), cancel);
        if (!CryptographicOperations.FixedTimeEquals(hash, (stored ?? NoHash).Span) || !isToken)
            return null;
        return DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(EndAt))) > time.GetUtcNow()
            ? MinisignPublicKey.FromBytes(bytes.AsSpan(KeyAt, MinisignPublicKey.SizeInBytes))
            : null;
    }

    private async Task<bool> WasGivenAsync(byte[] challenge, CancellationToken cancel)
    {
        var mac = new byte[HMACSHA256.HashSizeInBytes];
        foreach (var key in await keys.ServingAsync(cancel))
        {
            key.AuthenticateChallenge(challenge.AsSpan(0, ChallengeBodyInBytes), mac);
            if (CryptographicOperations.FixedTimeEquals(mac, challenge.AsSpan(ChallengeBodyInBytes)))
                return true;
        }
        return false;
    }

    /// <summary>One spelling alone: a second one (white space, padding) of something that has served would look like another.</summary>
    private static bool TryDecode(string text, int sizeInBytes, out byte[] bytes)
    {
        bytes = new byte[sizeInBytes];
        // Asked first: what is not of the alphabet at all is an exception to the decoder, although it is told to try.
        return text.Length == Base64Url.GetEncodedLength(sizeInBytes) && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, bytes, out var size) && size == sizeInBytes
            && string.Equals(Base64Url.EncodeToString(bytes), text, StringComparison.Ordinal);
    }
}
