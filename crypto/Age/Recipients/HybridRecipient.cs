using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using SecureDrop.Crypto.Interop;

namespace SecureDrop.Crypto.Age.Recipients;

/// <summary>A post-quantum hybrid age recipient (<c>age1pq1…</c>): a public X-Wing key, ML-KEM-768 with X25519.</summary>
/// <remarks>C2SP age, "The MLKEM768-X25519 hybrid post-quantum recipient type"; HPKE, RFC 9180, base mode with KEM 0x647a.</remarks>
public sealed class HybridRecipient : IAgeRecipient, IEquatable<HybridRecipient>
{
    /// <summary>The human-readable part of the Bech32 text; the text begins with this and <c>1</c>.</summary>
    public const string Prefix = "age1pq";

    /// <summary>Size of the public key in bytes: ML-KEM-768 (1,184) and X25519 (32).</summary>
    public const int SizeInBytes = XWing.PublicKeySizeInBytes;

    /// <summary>Length of <see cref="Text"/> in characters.</summary>
    public const int TextLength = 1959;

    private readonly byte[] _publicKey;

    private HybridRecipient(byte[] publicKey, string text)
    {
        _publicKey = publicKey;
        Text = text;
    }

    /// <summary>The text <c>age1pq1…</c>, lower case, <see cref="TextLength"/> characters.</summary>
    public string Text { get; }

    /// <summary>The public key, <see cref="SizeInBytes"/> bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _publicKey;

    /// <summary>Reads a recipient.</summary>
    /// <param name="text">Lower-case <c>age1pq1…</c>, nothing around it.</param>
    /// <returns>The recipient.</returns>
    /// <exception cref="FormatException">Not such a text, or a key to which nothing can be sealed.</exception>
    public static HybridRecipient Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out HybridRecipient? recipient)
            ? recipient
            : throw new FormatException($"Not a hybrid age recipient: it should be {TextLength} lower-case characters beginning with {Prefix}1 (from age-keygen -pq).");
    }

    /// <summary>Reads a recipient, if it is one.</summary>
    /// <param name="text">Any text or null.</param>
    /// <param name="recipient">The recipient where the result is true.</param>
    /// <returns>Whether <paramref name="text"/> is a recipient to which something can be sealed.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out HybridRecipient? recipient)
    {
        byte[] publicKey = new byte[SizeInBytes];
        bool good = text is not null && Bech32.TryDecode(Prefix, text, publicKey) && CanBeSealedTo(publicKey);
        recipient = good ? new HybridRecipient(publicKey, text!) : null;
        return good;
    }

    /// <inheritdoc/>
    public AgeStanza Wrap(ReadOnlySpan<byte> fileKey)
    {
        FileKeyWrap.RequireFileKeySize(fileKey.Length);
        Span<byte> encapsulatedKey = stackalloc byte[XWing.CiphertextSizeInBytes];
        Span<byte> sharedSecret = stackalloc byte[XWing.SharedSecretSizeInBytes];
        Span<byte> key = stackalloc byte[FileKeyWrap.KeySizeInBytes];
        Span<byte> nonce = stackalloc byte[FileKeyWrap.NonceSizeInBytes];
        try
        {
            if (!XWing.TryEncapsulate(_publicKey, encapsulatedKey, sharedSecret))
            {
                throw new CryptographicException("libsodium refused a recipient that it took before.");
            }

            HybridHpke.DeriveKeyAndNonce(sharedSecret, key, nonce);
            return new AgeStanza(HybridStanza.Type, [UnpaddedBase64.Encode(encapsulatedKey)], FileKeyWrap.Wrap(key, nonce, fileKey));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sharedSecret);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <inheritdoc/>
    public bool Equals(HybridRecipient? other) => other is not null && other._publicKey.AsSpan().SequenceEqual(_publicKey);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as HybridRecipient);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The same as <see cref="Text"/>: a recipient is public.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Text;

    internal static HybridRecipient FromPublicKey(byte[] publicKey)
    {
        byte[] text = new byte[TextLength];
        Bech32.Encode(Prefix, publicKey, text);
        return new HybridRecipient(publicKey, Encoding.ASCII.GetString(text));
    }

    // A key that cannot be sealed to must fail where it is read and can be named, not in the middle of making a report.
    // libsodium looks at both halves: the coefficients (FIPS 203, section 7.2) and the order of the point.
    private static bool CanBeSealedTo(byte[] publicKey)
    {
        Span<byte> ciphertext = stackalloc byte[XWing.CiphertextSizeInBytes];
        Span<byte> sharedSecret = stackalloc byte[XWing.SharedSecretSizeInBytes];
        return XWing.TryEncapsulate(publicKey, ciphertext, sharedSecret);
    }
}
