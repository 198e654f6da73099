using System.Security.Cryptography;
using SecureDrop.Crypto.ProofOfWork;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Days;

/// <summary>
/// The secret of one day: it authenticates tickets and turns upload ids into stored ids. Once it is destroyed, no log of
/// paths leads to anything stored.
/// </summary>
public sealed class DayKey : IDisposable
{
    private readonly byte[] _key;

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
        return StoredId.FromBytes(mac[..StoredId.SizeInBytes]);
    }

    public string IssueTicket(int difficulty, DateTimeOffset now) => Ticket.Issue(_key, difficulty, now.ToUnixTimeSeconds());

    /// <summary>True for a ticket that this key made on its day.</summary>
    public bool TryVerify(string ticket, out int difficulty, out DateTimeOffset issued)
    {
        issued = default;
        if (!Ticket.TryVerify(_key, ticket, out difficulty, out var seconds))
            return false;
        issued = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return DateOnly.FromDateTime(issued.UtcDateTime) == Day;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);
}
