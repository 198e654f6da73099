using System.Diagnostics.CodeAnalysis;

namespace SecureDrop.Crypto.Minisign;

/// <summary>
/// A prehashed minisign signature: four lines, each ended by one LF — untrusted comment; base64 of <c>ED</c> ‖ key number (8) ‖ Ed25519 of
/// BLAKE2b-512(message) (64); trusted comment; base64 of Ed25519 of the first signature's 64 bytes ‖ trusted comment (64).
/// </summary>
public sealed class MinisignSignature
{
    /// <summary>Size of an Ed25519 signature.</summary>
    public const int Ed25519SizeInBytes = 64;

    /// <summary>The trusted comment, without its prefix: believed only after <see cref="Verify"/>.</summary>
    public string TrustedComment => throw new NotSupportedException("Follows.");

    /// <summary>The untrusted comment, without its prefix: anybody may have changed it.</summary>
    public string UntrustedComment => throw new NotSupportedException("Follows.");

    /// <summary>The key number of the key that claims to have signed, 8 bytes.</summary>
    public ReadOnlySpan<byte> KeyNumber => throw new NotSupportedException("Follows.");

    /// <summary>The four lines.</summary>
    public string Text => throw new NotSupportedException("Follows.");

    /// <summary>Reads the four lines.</summary>
    /// <exception cref="SignatureException">Check <see cref="SignatureCheck.Format"/> or <see cref="SignatureCheck.Algorithm"/>.</exception>
    public static MinisignSignature Parse(string text) => throw new NotSupportedException("Follows.");

    /// <summary>Reads the four lines from a file's bytes.</summary>
    /// <exception cref="SignatureException">Check <see cref="SignatureCheck.Format"/> or <see cref="SignatureCheck.Algorithm"/>.</exception>
    public static MinisignSignature Parse(ReadOnlySpan<byte> utf8) => throw new NotSupportedException("Follows.");

    /// <summary>Reads the four lines; false where <see cref="Parse(string)"/> would throw.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out MinisignSignature? signature) => throw new NotSupportedException("Follows.");

    /// <summary>Verifies both signatures, of the message and of the trusted comment.</summary>
    /// <exception cref="SignatureException">Check <see cref="SignatureCheck.KeyNumber"/> or <see cref="SignatureCheck.Signature"/>.</exception>
    public void Verify(ReadOnlySpan<byte> message, MinisignPublicKey key) => throw new NotSupportedException("Follows.");
}
