using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace SecureDrop.Crypto.ProofOfWork;

/// <summary>
/// Leave to make one upload, which the server need not remember: base64url (RFC 4648, no padding) of random (16 bytes) ‖ difficulty (1) ‖
/// issue time in Unix seconds (8, big endian) ‖ HMAC-SHA-256 (32) with the day's key. To everyone but the server it is opaque text.
/// </summary>
public static class Ticket
{
    /// <summary>Size of the key.</summary>
    public const int DayKeySizeInBytes = 32;

    /// <summary>Size of the id that a ticket gives its upload.</summary>
    public const int UploadIdSizeInBytes = 16;

    /// <summary>The highest difficulty that can be asked: clients give up above 24.</summary>
    public const int LargestDifficulty = 24;

    /// <summary>Length of a ticket's text.</summary>
    public const int LengthInCharacters = 76;

    private const int RandomSizeInBytes = 16;
    private const int BodySizeInBytes = RandomSizeInBytes + 1 + 8;
    private const int SizeInBytes = BodySizeInBytes + 32;

    /// <summary>Makes a ticket.</summary>
    /// <exception cref="ArgumentException">The key has not 32 bytes, or the difficulty is not 0 to 24, or the time is before 1970.</exception>
    public static string Issue(ReadOnlySpan<byte> dayKey, int difficulty, long issuedUnixSeconds)
    {
        RequireKey(dayKey);
        ArgumentOutOfRangeException.ThrowIfNegative(difficulty);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(difficulty, LargestDifficulty);
        ArgumentOutOfRangeException.ThrowIfNegative(issuedUnixSeconds);
        Span<byte> ticket = stackalloc byte[SizeInBytes];
        RandomNumberGenerator.Fill(ticket[..RandomSizeInBytes]);
        ticket[RandomSizeInBytes] = (byte)difficulty;
        BinaryPrimitives.WriteInt64BigEndian(ticket[(RandomSizeInBytes + 1)..], issuedUnixSeconds);
        Authenticate(dayKey, ticket[..BodySizeInBytes], ticket[BodySizeInBytes..]);
        return Base64Url.EncodeToString(ticket);
    }

    /// <summary>True for a ticket made with this key, exactly as it was written; gives its difficulty and its issue time.</summary>
    /// <exception cref="ArgumentException">The key has not 32 bytes.</exception>
    public static bool TryVerify(ReadOnlySpan<byte> dayKey, [NotNullWhen(true)] string? ticket, out int difficulty, out long issuedUnixSeconds)
    {
        RequireKey(dayKey);
        difficulty = 0;
        issuedUnixSeconds = 0;
        Span<byte> bytes = stackalloc byte[SizeInBytes];
        // 57 bytes fill 76 characters without a spare bit, and the alphabet is checked here rather than by the decoder, which skips white
        // space: a second spelling of a ticket would have another upload id, and one ticket would serve many uploads.
        if (ticket is not { Length: LengthInCharacters } || !Solution.IsTicketText(ticket)
            || !Base64Url.TryDecodeFromChars(ticket, bytes, out int size) || size != SizeInBytes)
        {
            return false;
        }
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Authenticate(dayKey, bytes[..BodySizeInBytes], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes[BodySizeInBytes..]))
        {
            return false;
        }
        difficulty = bytes[RandomSizeInBytes];
        issuedUnixSeconds = BinaryPrimitives.ReadInt64BigEndian(bytes[(RandomSizeInBytes + 1)..]);
        return true;
    }

    /// <summary>The id of the one upload a ticket is good for: the first 16 bytes of SHA-256(ticket's text).</summary>
    public static byte[] UploadId(string ticket) => SHA256.HashData(Encoding.ASCII.GetBytes(ticket))[..UploadIdSizeInBytes];

    private static void RequireKey(ReadOnlySpan<byte> dayKey)
    {
        if (dayKey.Length != DayKeySizeInBytes)
        {
            throw new ArgumentException($"A day key has {DayKeySizeInBytes} bytes.", nameof(dayKey));
        }
    }

    private static void Authenticate(ReadOnlySpan<byte> dayKey, ReadOnlySpan<byte> body, Span<byte> mac)
    {
        // The day key also makes stored ids, as the HMAC of 16 bytes: the prefix keeps the two apart.
        ReadOnlySpan<byte> purpose = "securedrop/1 ticket"u8;
        Span<byte> text = stackalloc byte[purpose.Length + BodySizeInBytes];
        purpose.CopyTo(text);
        body.CopyTo(text[purpose.Length..]);
        HMACSHA256.HashData(dayKey, text, mac);
    }
}
