using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using NSec.Cryptography;

namespace SecureDrop.Crypto.Minisign;

/// <summary>
/// A prehashed minisign signature: four lines, each ended by one LF — untrusted comment; base64 of <c>ED</c> ‖ key number (8) ‖ Ed25519 of
/// BLAKE2b-512(message) (64); trusted comment; base64 of Ed25519 of the first signature's 64 bytes ‖ trusted comment (64).
/// </summary>
public sealed class MinisignSignature
{
    /// <summary>Size of an Ed25519 signature.</summary>
    public const int Ed25519SizeInBytes = 64;

    private const int HeadSizeInBytes = 2 + MinisignPublicKey.KeyNumberSizeInBytes;

    private readonly byte[] _signature;
    private readonly byte[] _commentSignature;

    private MinisignSignature(string untrustedComment, byte[] signature, string trustedComment, byte[] commentSignature, string text)
    {
        UntrustedComment = untrustedComment;
        _signature = signature;
        TrustedComment = trustedComment;
        _commentSignature = commentSignature;
        Text = text;
    }

    /// <summary>The trusted comment, without its prefix: believed only after <see cref="Verify"/>.</summary>
    public string TrustedComment { get; }

    /// <summary>The untrusted comment, without its prefix: anybody may have changed it.</summary>
    public string UntrustedComment { get; }

    /// <summary>The key number of the key that claims to have signed, 8 bytes.</summary>
    public ReadOnlySpan<byte> KeyNumber => _signature.AsSpan(2, MinisignPublicKey.KeyNumberSizeInBytes);

    /// <summary>The four lines.</summary>
    public string Text { get; }

    /// <summary>Reads the four lines.</summary>
    /// <exception cref="SignatureException">Check <see cref="SignatureCheck.Format"/> or <see cref="SignatureCheck.Algorithm"/>.</exception>
    public static MinisignSignature Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] lines = text.Split('\n');
        if (lines.Length != 5 || lines[4].Length != 0
            || !TryReadComment(lines[0], MinisignFormat.UntrustedCommentPrefix, MinisignFormat.LongestUntrustedCommentInBytes, out string? untrusted)
            || !TryReadBase64(lines[1], HeadSizeInBytes + Ed25519SizeInBytes, out byte[]? signature)
            || !TryReadComment(lines[2], MinisignFormat.TrustedCommentPrefix, MinisignFormat.LongestTrustedCommentInBytes, out string? trusted)
            || !TryReadBase64(lines[3], Ed25519SizeInBytes, out byte[]? commentSignature))
        {
            throw new SignatureException(SignatureCheck.Format);
        }
        // "Ed" signs the message itself: a signature of 64 bytes that happen to be a digest could be passed off as one of a file.
        return signature.AsSpan().StartsWith("ED"u8)
            ? new MinisignSignature(untrusted, signature, trusted, commentSignature, text)
            : throw new SignatureException(SignatureCheck.Algorithm);
    }

    /// <summary>Reads the four lines from a file's bytes.</summary>
    /// <exception cref="SignatureException">Check <see cref="SignatureCheck.Format"/> or <see cref="SignatureCheck.Algorithm"/>.</exception>
    public static MinisignSignature Parse(ReadOnlySpan<byte> utf8) =>
        Utf8.IsValid(utf8) ? Parse(Encoding.UTF8.GetString(utf8)) : throw new SignatureException(SignatureCheck.Format);

    /// <summary>Reads the four lines; false where <see cref="Parse(string)"/> would throw.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out MinisignSignature? signature)
    {
        signature = null;
        try
        {
            signature = text is null ? null : Parse(text);
        }
        catch (SignatureException)
        {
            return false;
        }
        return signature is not null;
    }

    /// <summary>Verifies both signatures, of the message and of the trusted comment.</summary>
    /// <exception cref="SignatureException">Check <see cref="SignatureCheck.KeyNumber"/> or <see cref="SignatureCheck.Signature"/>.</exception>
    public void Verify(ReadOnlySpan<byte> message, MinisignPublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!KeyNumber.SequenceEqual(key.KeyNumber))
        {
            throw new SignatureException(SignatureCheck.KeyNumber);
        }
        ReadOnlySpan<byte> signature = _signature.AsSpan(HeadSizeInBytes);
        PublicKey verifier = PublicKey.Import(SignatureAlgorithm.Ed25519, key.Bytes, KeyBlobFormat.RawPublicKey);
        // libsodium refuses an S not below the group order, an R of small order or not canonical, and checks without the cofactor.
        if (!SignatureAlgorithm.Ed25519.Verify(verifier, HashAlgorithm.Blake2b_512.Hash(message), signature)
            || !SignatureAlgorithm.Ed25519.Verify(verifier, SignedComment(signature, TrustedComment), _commentSignature))
        {
            throw new SignatureException(SignatureCheck.Signature);
        }
    }

    /// <summary>What the second signature covers: the first one's 64 bytes ‖ the trusted comment.</summary>
    internal static byte[] SignedComment(ReadOnlySpan<byte> signature, string trustedComment) => [.. signature, .. Encoding.UTF8.GetBytes(trustedComment)];

    /// <summary>
    /// True for a comment that stock minisign reads as we do: no control character but the tab, well-formed, not longer than its buffer.
    /// A NUL or a carriage return would end the comment for one reader and not for another.
    /// </summary>
    internal static bool IsComment(string comment, int longestInBytes)
    {
        foreach (char c in comment)
        {
            if ((c < ' ' && c != '\t') || c == '\x7f')
            {
                return false;
            }
        }
        for (ReadOnlySpan<char> rest = comment; !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out int length) != OperationStatus.Done)
            {
                return false;
            }
            rest = rest[length..];
        }
        return Encoding.UTF8.GetByteCount(comment) <= longestInBytes;
    }

    private static bool TryReadComment(string line, string prefix, int longestInBytes, [NotNullWhen(true)] out string? comment)
    {
        comment = line.StartsWith(prefix, StringComparison.Ordinal) && IsComment(line[prefix.Length..], longestInBytes) ? line[prefix.Length..] : null;
        return comment is not null;
    }

    private static bool TryReadBase64(string line, int sizeInBytes, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = new byte[sizeInBytes];
        // Written back and compared, because the decoder forgives white space and stray bits.
        if (Convert.TryFromBase64String(line, bytes, out int size) && size == sizeInBytes && Convert.ToBase64String(bytes) == line)
        {
            return true;
        }
        bytes = null;
        return false;
    }
}
