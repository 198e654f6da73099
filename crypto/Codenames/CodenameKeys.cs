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

    /// <summary>The identity that replies are sealed to.</summary>
    public HybridIdentity Recipient => throw new NotSupportedException("Follows.");

    /// <summary>The conversation key, which signs reports.</summary>
    public MinisignKeyPair Signing => throw new NotSupportedException("Follows.");

    /// <summary>The HMAC key by which the source finds its replies, 32 bytes.</summary>
    public ReadOnlySpan<byte> Tag => throw new NotSupportedException("Follows.");

    /// <inheritdoc/>
    public void Dispose() => throw new NotSupportedException("Follows.");
}
