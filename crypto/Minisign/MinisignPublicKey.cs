using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SecureDrop.Crypto.Minisign;

/// <summary>
/// An Ed25519 public key (RFC 8032) in minisign's spelling: <c>RW…</c>, base64 of <c>Ed</c> ‖ key number (8 bytes) ‖ key (32 bytes).
/// The key number is the first 8 bytes of SHA-256(key), so that a key has one text; compared by the 32 bytes.
/// </summary>
public sealed class MinisignPublicKey : IEquatable<MinisignPublicKey>
{
    /// <summary>Size of the Ed25519 key.</summary>
    public const int SizeInBytes = 32;

    /// <summary>Size of the key number.</summary>
    public const int KeyNumberSizeInBytes = 8;

    /// <summary>Length of <see cref="Text"/>.</summary>
    public const int TextLengthInCharacters = 56;

    private const int EncodedSizeInBytes = 2 + KeyNumberSizeInBytes + SizeInBytes;

    private readonly byte[] _encoded;

    private MinisignPublicKey(byte[] encoded)
    {
        _encoded = encoded;
        Text = Convert.ToBase64String(encoded);
    }

    /// <summary>The key's text, <c>RW…</c>.</summary>
    public string Text { get; }

    /// <summary>The 32 bytes of the key.</summary>
    public ReadOnlySpan<byte> Bytes => _encoded.AsSpan(2 + KeyNumberSizeInBytes);

    /// <summary>The key number: the first 8 bytes of SHA-256(<see cref="Bytes"/>).</summary>
    public ReadOnlySpan<byte> KeyNumber => _encoded.AsSpan(2, KeyNumberSizeInBytes);

    /// <summary>Takes the 32 bytes of a key.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    /// <exception cref="FormatException">Not a canonical key, or one of small order.</exception>
    public static MinisignPublicKey FromBytes(ReadOnlySpan<byte> key)
    {
        if (key.Length != SizeInBytes)
        {
            throw new ArgumentException($"An Ed25519 public key has {SizeInBytes} bytes.", nameof(key));
        }
        if (!Ed25519Encoding.IsAcceptableKey(key))
        {
            throw new FormatException("This is not a key anybody can own: it is of small order, or not in canonical form.");
        }
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, digest);
        return new MinisignPublicKey([.. "Ed"u8, .. digest[..KeyNumberSizeInBytes], .. key]);
    }

    /// <summary>Reads a key's text.</summary>
    /// <exception cref="FormatException">Not the one text of a key: other base64, another key number, small order, not canonical.</exception>
    public static MinisignPublicKey Parse(string text) => TryParse(text, out MinisignPublicKey? key)
        ? key
        : throw new FormatException($"This is not a key of this program: one begins with RW and has {TextLengthInCharacters} characters, exactly as it was printed.");

    /// <summary>Reads a key's text; false where <see cref="Parse"/> would throw.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out MinisignPublicKey? key)
    {
        key = null;
        Span<byte> encoded = stackalloc byte[EncodedSizeInBytes];
        if (text is not { Length: TextLengthInCharacters } || !Convert.TryFromBase64String(text, encoded, out int size) || size != EncodedSizeInBytes)
        {
            return false;
        }
        ReadOnlySpan<byte> bytes = encoded[(2 + KeyNumberSizeInBytes)..];
        if (!Ed25519Encoding.IsAcceptableKey(bytes))
        {
            return false;
        }
        MinisignPublicKey candidate = FromBytes(bytes);
        // One text a key: this refuses another key number, another algorithm and base64 with stray bits or white space at once.
        if (candidate.Text != text)
        {
            return false;
        }
        key = candidate;
        return true;
    }

    /// <summary>Writes minisign's public key file: a comment line, with the key number as minisign prints it (no leading zeros), and the text.</summary>
    public string WriteFile() =>
        $"{MinisignFormat.UntrustedCommentPrefix}minisign public key {BitConverter.ToUInt64(KeyNumber):X}\n{Text}\n";

    /// <summary>Reads minisign's public key file, or the text alone.</summary>
    /// <exception cref="FormatException">It holds no key of this program.</exception>
    public static MinisignPublicKey ParseFile(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        string[] lines = file.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        return lines switch
        {
            [var text] => Parse(text.Trim()),
            [var comment, var text] when comment.StartsWith(MinisignFormat.UntrustedCommentPrefix, StringComparison.Ordinal) => Parse(text),
            _ => throw new FormatException("This is not a minisign public key file: two lines, a comment and the key."),
        };
    }

    /// <inheritdoc/>
    public bool Equals(MinisignPublicKey? other) => other is not null && Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MinisignPublicKey);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(Bytes);

    /// <summary>The key's text.</summary>
    public override string ToString() => Text;
}
