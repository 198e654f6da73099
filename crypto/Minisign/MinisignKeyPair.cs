namespace SecureDrop.Crypto.Minisign;

/// <summary>An Ed25519 key pair that signs as minisign does. The seed lies in libsodium's guarded memory until disposed of.</summary>
public sealed class MinisignKeyPair : IDisposable
{
    /// <summary>Size of the secret seed (RFC 8032).</summary>
    public const int SeedSizeInBytes = 32;

    /// <summary>The public half.</summary>
    public MinisignPublicKey PublicKey => throw new NotSupportedException("Follows.");

    /// <summary>A new key pair.</summary>
    public static MinisignKeyPair Generate() => throw new NotSupportedException("Follows.");

    /// <summary>The key pair of a seed of 32 bytes.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static MinisignKeyPair FromSeed(ReadOnlySpan<byte> seed) => throw new NotSupportedException("Follows.");

    /// <summary>Signs prehashed; gives the four lines.</summary>
    /// <exception cref="ArgumentException">A comment has a control character or is longer than stock minisign reads.</exception>
    public string Sign(ReadOnlySpan<byte> message, string trustedComment, string untrustedComment = "securedrop/1") => throw new NotSupportedException("Follows.");

    /// <summary>Copies the seed (32 bytes): an explicit export, for a keystore that seals it.</summary>
    public void CopySeedTo(Span<byte> seed) => throw new NotSupportedException("Follows.");

    /// <inheritdoc/>
    public void Dispose() => throw new NotSupportedException("Follows.");
}
