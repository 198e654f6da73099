using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SecureDrop.Crypto.ProofOfWork;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Days;

/// <summary>
/// The secret of one day: it authenticates tickets and turns upload ids into stored ids. Once it is destroyed, no log of
/// paths leads to anything stored.
/// </summary>
public sealed class DayKey : IDisposable
{
    private const string ChancePurpose = "securedrop/1 chance ";

    private static ReadOnlySpan<byte> ChallengePurpose => "securedrop/1 challenge"u8;

    private readonly byte[] _key;
    private volatile bool _isDisposed;

    /// <summary>Takes the bytes over: they are erased by <see cref="Dispose"/>.</summary>
    public DayKey(DateOnly day, byte[] key)
    {
        if (key.Length != IDayStore.KeySizeInBytes)
            throw new ArgumentException($"A day key has {IDayStore.KeySizeInBytes} bytes.", nameof(key));
        (Day, _key) = (day, key);
    }

    public DateOnly Day { get; }

    /// <summary>HMAC-SHA-256(key, upload id)[0..16].</summary>
    public StoredId StoredIdOf(ReadOnlySpan<byte> uploadId)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, uploadId, mac);
        ThrowIfDestroyed();
        return StoredId.FromBytes(mac[..StoredId.SizeInBytes]);
    }

    public string IssueTicket(int difficulty, DateTimeOffset now)
    {
        var ticket = Ticket.Issue(_key, difficulty, now.ToUnixTimeSeconds());
        ThrowIfDestroyed();
        return ticket;
    }

    /// <summary>True for a ticket that this key made on its day.</summary>
    public bool TryVerify(string ticket, out int difficulty, out DateTimeOffset issued)
    {
        issued = default;
        var isOurs = Ticket.TryVerify(_key, ticket, out difficulty, out var seconds);
        ThrowIfDestroyed();
        if (!isOurs)
            return false;
        issued = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return DateOnly.FromDateTime(issued.UtcDateTime) == Day;
    }

    /// <summary>HMAC-SHA-256(key, "securedrop/1 challenge" ‖ body) into 32 bytes. Nothing else that this key authenticates is as long.</summary>
    public void AuthenticateChallenge(ReadOnlySpan<byte> body, Span<byte> mac)
    {
        HMACSHA256.HashData(_key, [.. ChallengePurpose, .. body], mac);
        ThrowIfDestroyed();
    }

    /// <summary>
    /// A number of this day that looks like chance and is the same at every server of the drop, however often it starts: the first 53 bits of
    /// HMAC-SHA-256(key, "securedrop/1 chance " ‖ what for) as a fraction. Once the key is destroyed nobody can find out which it was.
    /// </summary>
    /// <param name="what">What for, in ASCII.</param>
    /// <returns>At least 0 and less than 1.</returns>
    public double ChanceOf(string what)
    {
        const int Bits = 53;
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(ChancePurpose + what), mac);
        ThrowIfDestroyed();
        return (BinaryPrimitives.ReadUInt64BigEndian(mac) >> (64 - Bits)) / (double)(1UL << Bits);
    }

    public void Dispose()
    {
        _isDisposed = true;
        CryptographicOperations.ZeroMemory(_key);
    }

    // Asked after the key was used: a request that came in just before midnight may hold a key that is zeros by now, which everybody
    // knows. What was computed with it must neither be believed nor be stored under.
    private void ThrowIfDestroyed() => ObjectDisposedException.ThrowIf(_isDisposed, this);
}
