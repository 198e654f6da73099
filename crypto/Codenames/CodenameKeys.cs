using System.Security.Cryptography;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Codenames;

/// <summary>
/// What a codename is at one drop: HKDF-SHA-256 (RFC 5869) of the entropy, salt <c>securedrop/1 codename</c> ‖ the drop's first key (32),
/// 32 bytes each for info <c>recipient</c>, <c>signing</c> and <c>tag</c>.
/// </summary>
public sealed class CodenameKeys : IDisposable
{
    /// <summary>Size of <see cref="Tag"/>.</summary>
    public const int TagSizeInBytes = 32;

    // Pinned, so that the collector leaves no copies behind.
    private readonly byte[] _tag = GC.AllocateArray<byte>(TagSizeInBytes, pinned: true);
    private bool _disposed;

    private CodenameKeys(HybridIdentity recipient, MinisignKeyPair signing)
    {
        Recipient = recipient;
        Signing = signing;
    }

    /// <summary>The identity that replies are sealed to.</summary>
    public HybridIdentity Recipient { get; }

    /// <summary>The conversation key, which signs reports.</summary>
    public MinisignKeyPair Signing { get; }

    /// <summary>The HMAC key by which the source finds its replies, 32 bytes.</summary>
    public ReadOnlySpan<byte> Tag
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _tag;
        }
    }

    /// <summary>Never a key.</summary>
    public override string ToString() => nameof(CodenameKeys);

    /// <summary>Wipes all three.</summary>
    public void Dispose()
    {
        _disposed = true;
        Recipient.Dispose();
        Signing.Dispose();
        CryptographicOperations.ZeroMemory(_tag);
    }

    internal static CodenameKeys Derive(ReadOnlySpan<byte> entropy, MinisignPublicKey firstDropKey)
    {
        ReadOnlySpan<byte> salt = [.. "securedrop/1 codename"u8, .. firstDropKey.Bytes];
        Span<byte> seed = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, entropy, seed, salt, "recipient"u8);
        HybridIdentity recipient = HybridIdentity.FromSeed(seed);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, entropy, seed, salt, "signing"u8);
        var keys = new CodenameKeys(recipient, MinisignKeyPair.FromSeed(seed));
        HKDF.DeriveKey(HashAlgorithmName.SHA256, entropy, keys._tag, salt, "tag"u8);
        CryptographicOperations.ZeroMemory(seed);
        return keys;
    }
}
