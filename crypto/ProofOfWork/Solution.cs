using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace SecureDrop.Crypto.ProofOfWork;

/// <summary>
/// Payment for a block of an upload: the value of the <c>Ticket</c> header, <c>ticket.nonce</c>, whose PBKDF2-HMAC-SHA-256 (RFC 8018;
/// password the value itself, salt upload id (16) ‖ block (uint32, big endian), 1,000 iterations, 32 bytes) begins with as many zero
/// bits as the difficulty says. The nonce is 1 to 16 bytes in lower-case hex.
/// </summary>
public static class Solution
{
    /// <summary>PBKDF2's iterations.</summary>
    public const int Iterations = 1000;

    /// <summary>Parts that one payment covers.</summary>
    public const int PartsPerBlock = 64;

    /// <summary>The longest ticket that is looked at.</summary>
    public const int LongestTicketInCharacters = 128;

    /// <summary>The longest nonce.</summary>
    public const int LongestNonceInBytes = 16;

    private const int OutputSizeInBytes = 32;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> TicketCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Splits a header's value; false where it is not <c>ticket.nonce</c>.</summary>
    public static bool TrySplit([NotNullWhen(true)] string? headerValue, [NotNullWhen(true)] out string? ticket)
    {
        ticket = null;
        int dot = headerValue?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        if (dot < 0)
        {
            return false;
        }
        string candidate = headerValue![..dot];
        ReadOnlySpan<char> nonce = headerValue.AsSpan(dot + 1);
        if (!IsTicketText(candidate) || nonce.Length is < 2 or > LongestNonceInBytes * 2 || nonce.Length % 2 != 0
            || nonce.ContainsAnyExcept(HexDigits))
        {
            return false;
        }
        ticket = candidate;
        return true;
    }

    /// <summary>True when the value is well formed, its ticket's upload id is this one, and it pays for this block. At difficulty 0 nothing is computed.</summary>
    public static bool Verify([NotNullWhen(true)] string? headerValue, ReadOnlySpan<byte> uploadId, uint block, int difficulty)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(difficulty);
        return TrySplit(headerValue, out string? ticket)
            && CryptographicOperations.FixedTimeEquals(Ticket.UploadId(ticket), uploadId)
            && (difficulty == 0 || LeadingZeroBits(headerValue!, uploadId, block) >= difficulty);
    }

    /// <summary>Searches a nonce for a block: about 2^difficulty attempts.</summary>
    public static string Solve(string ticket, uint block, int difficulty, CancellationToken cancellation = default)
    {
        if (!IsTicketText(ticket))
        {
            throw new ArgumentException("This is not a ticket.", nameof(ticket));
        }
        ArgumentOutOfRangeException.ThrowIfNegative(difficulty);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(difficulty, Ticket.LargestDifficulty);
        byte[] uploadId = Ticket.UploadId(ticket);
        Span<byte> nonce = stackalloc byte[8];
        // A random start, so that two solvers of one ticket do not walk the same way.
        RandomNumberGenerator.Fill(nonce);
        ulong next = BinaryPrimitives.ReadUInt64BigEndian(nonce);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            string value = $"{ticket}.{next++:x16}";
            if (difficulty == 0 || LeadingZeroBits(value, uploadId, block) >= difficulty)
            {
                return value;
            }
        }
    }

    /// <summary>The leading zero bits that a value has for a block, whatever it is worth.</summary>
    public static int LeadingZeroBits(string headerValue, ReadOnlySpan<byte> uploadId, uint block)
    {
        if (uploadId.Length != Ticket.UploadIdSizeInBytes)
        {
            throw new ArgumentException($"An upload id has {Ticket.UploadIdSizeInBytes} bytes.", nameof(uploadId));
        }
        Span<byte> salt = stackalloc byte[Ticket.UploadIdSizeInBytes + sizeof(uint)];
        uploadId.CopyTo(salt);
        BinaryPrimitives.WriteUInt32BigEndian(salt[Ticket.UploadIdSizeInBytes..], block);
        Span<byte> output = stackalloc byte[OutputSizeInBytes];
        Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(headerValue), salt, output, Iterations, HashAlgorithmName.SHA256);
        int zeros = 0;
        foreach (byte b in output)
        {
            if (b != 0)
            {
                return zeros + BitOperations.LeadingZeroCount(b) - 24;
            }
            zeros += 8;
        }
        return zeros;
    }

    internal static bool IsTicketText([NotNullWhen(true)] string? ticket) =>
        ticket is { Length: >= 1 and <= LongestTicketInCharacters }
        && !ticket.AsSpan().ContainsAnyExcept(TicketCharacters);
}
