namespace SecureDrop.Crypto.Age;

/// <summary>A parsed age v1 header. That it parses says nothing about its MAC: only who has the file key can check that.</summary>
public sealed class AgeHeader
{
    /// <summary>Size of <see cref="Mac"/> in bytes (HMAC-SHA-256).</summary>
    public const int MacSizeInBytes = 32;

    private readonly byte[] _authenticated;

    internal AgeHeader(IReadOnlyList<AgeStanza> stanzas, byte[] authenticated, byte[] mac, int sizeInBytes)
    {
        Stanzas = stanzas;
        _authenticated = authenticated;
        Mac = mac;
        SizeInBytes = sizeInBytes;
    }

    /// <summary>The recipient stanzas in the order of the file; at least one.</summary>
    public IReadOnlyList<AgeStanza> Stanzas { get; }

    /// <summary>HMAC-SHA-256 over the header up to and including <c>---</c>, keyed from the file key; 32 bytes.</summary>
    public ReadOnlyMemory<byte> Mac { get; }

    /// <summary>Bytes from the first of the file to the line feed that ends the MAC line; the payload begins there.</summary>
    public int SizeInBytes { get; }

    /// <summary>The bytes exactly as read that the MAC covers. Never encoded anew: a parser's mistake must not pass for a good MAC.</summary>
    internal ReadOnlySpan<byte> Authenticated => _authenticated;
}
