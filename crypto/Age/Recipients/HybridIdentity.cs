using System.Security.Cryptography;
using SecureDrop.Crypto.Interop;

namespace SecureDrop.Crypto.Age.Recipients;

/// <summary>A post-quantum hybrid age identity (<c>AGE-SECRET-KEY-PQ-1…</c>). Its seed lies in guarded, unswappable memory until disposed.</summary>
/// <remarks>C2SP age, "The MLKEM768-X25519 hybrid post-quantum recipient type".</remarks>
public sealed class HybridIdentity : IAgeIdentity, IDisposable
{
    /// <summary>The human-readable part of the Bech32 text; the text begins with this and <c>1</c>.</summary>
    public const string Prefix = "AGE-SECRET-KEY-PQ-";

    /// <summary>Size of the seed in bytes.</summary>
    public const int SeedSizeInBytes = XWing.SeedSizeInBytes;

    /// <summary>Size of the secret text in bytes (ASCII).</summary>
    public const int SecretTextSizeInBytes = 77;

    private readonly SecretBytes _seed;

    private HybridIdentity(SecretBytes seed)
    {
        _seed = seed;
        byte[] publicKey = new byte[XWing.PublicKeySizeInBytes];
        XWing.ComputePublicKey(seed, publicKey);
        Recipient = HybridRecipient.FromPublicKey(publicKey);
    }

    /// <summary>The public side.</summary>
    public HybridRecipient Recipient { get; }

    /// <summary>
    /// Index of the stanza to try first. It is set to the one that matched last: files of one roster have their stanzas in one
    /// order, so that the second file already costs one decapsulation (0.2 ms) instead of one for each recipient.
    /// </summary>
    public int LikelyStanza { get; set; }

    /// <summary>Makes a new random identity.</summary>
    /// <returns>The identity; dispose it.</returns>
    public static HybridIdentity Generate() => new(SecretBytes.Random(SeedSizeInBytes));

    /// <summary>The identity of a seed.</summary>
    /// <param name="seed">32 secret bytes; copied, the caller wipes its own.</param>
    /// <returns>The identity; dispose it.</returns>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static HybridIdentity FromSeed(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != SeedSizeInBytes)
        {
            throw new ArgumentException($"The seed of a hybrid identity has {SeedSizeInBytes} bytes.", nameof(seed));
        }

        return new HybridIdentity(SecretBytes.Copy(seed));
    }

    /// <summary>Reads an identity.</summary>
    /// <param name="text">Upper-case <c>AGE-SECRET-KEY-PQ-1…</c>, nothing around it. The caller wipes it.</param>
    /// <returns>The identity; dispose it.</returns>
    /// <exception cref="FormatException">Not such a text; the message does not repeat it.</exception>
    public static HybridIdentity Parse(ReadOnlySpan<char> text)
    {
        Span<byte> seed = stackalloc byte[SeedSizeInBytes];
        try
        {
            return Bech32.TryDecode(Prefix, text, seed)
                ? FromSeed(seed)
                : throw new FormatException($"Not a hybrid age identity: it should be {SecretTextSizeInBytes} upper-case characters beginning with {Prefix}1.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>Writes the secret text, for a keystore or the stock program. The caller wipes it.</summary>
    /// <param name="destination">Receives <see cref="SecretTextSizeInBytes"/> bytes of ASCII, without a line feed.</param>
    /// <exception cref="ArgumentException">The destination is shorter.</exception>
    /// <exception cref="ObjectDisposedException">Already wiped.</exception>
    public void WriteSecretText(Span<byte> destination)
    {
        if (destination.Length < SecretTextSizeInBytes)
        {
            throw new ArgumentException($"The secret text has {SecretTextSizeInBytes} bytes.", nameof(destination));
        }

        Span<byte> seed = stackalloc byte[SeedSizeInBytes];
        _seed.CopyTo(seed);
        Bech32.Encode(Prefix, seed, destination);
        CryptographicOperations.ZeroMemory(seed);
    }

    /// <summary>Writes the seed. The caller wipes it.</summary>
    /// <param name="destination">Receives <see cref="SeedSizeInBytes"/> bytes.</param>
    /// <exception cref="ArgumentException">The destination is shorter.</exception>
    /// <exception cref="ObjectDisposedException">Already wiped.</exception>
    public void WriteSeed(Span<byte> destination) => _seed.CopyTo(destination);

    /// <inheritdoc/>
    public bool TryUnwrap(IReadOnlyList<AgeStanza> stanzas, Span<byte> fileKey)
    {
        ArgumentNullException.ThrowIfNull(stanzas);
        FileKeyWrap.RequireFileKeySize(fileKey.Length);

        // Every stanza's form first: whether a malformed file is refused must not depend on whose turn comes first.
        byte[]?[] encapsulatedKeys = [.. stanzas.Select(EncapsulatedKeyOrNull)];
        int likely = LikelyStanza;
        for (int i = -1; i < stanzas.Count; i++)
        {
            int at = i < 0 ? likely : i;
            if ((i >= 0 && i == likely) || at < 0 || at >= stanzas.Count || encapsulatedKeys[at] is not { } encapsulatedKey)
            {
                continue;
            }

            if (TryOpen(encapsulatedKey, stanzas[at].Body.Span, fileKey))
            {
                LikelyStanza = at;
                return true;
            }
        }

        return false;
    }

    /// <summary>Wipes the seed.</summary>
    public void Dispose() => _seed.Dispose();

    /// <summary>Never the secret.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(HybridIdentity);

    private static byte[]? EncapsulatedKeyOrNull(AgeStanza stanza)
    {
        if (stanza.Type != HybridStanza.Type)
        {
            return null;
        }

        return HybridStanza.TryGetEncapsulatedKey(stanza, out byte[]? encapsulatedKey)
            ? encapsulatedKey
            : throw new AgeFormatException(AgeFailure.Header, "A hybrid recipient stanza is malformed.");
    }

    private bool TryOpen(ReadOnlySpan<byte> encapsulatedKey, ReadOnlySpan<byte> body, Span<byte> fileKey)
    {
        Span<byte> sharedSecret = stackalloc byte[XWing.SharedSecretSizeInBytes];
        Span<byte> key = stackalloc byte[FileKeyWrap.KeySizeInBytes];
        Span<byte> nonce = stackalloc byte[FileKeyWrap.NonceSizeInBytes];
        try
        {
            if (!XWing.TryDecapsulate(_seed, encapsulatedKey, sharedSecret))
            {
                throw new AgeFormatException(AgeFailure.Header, "A hybrid recipient stanza holds a point of low order.");
            }

            HybridHpke.DeriveKeyAndNonce(sharedSecret, key, nonce);
            return FileKeyWrap.TryUnwrap(key, nonce, body, fileKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sharedSecret);
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
