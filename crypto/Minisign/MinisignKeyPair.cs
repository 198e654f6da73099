using System.Security.Cryptography;
using NSec.Cryptography;

namespace SecureDrop.Crypto.Minisign;

/// <summary>An Ed25519 key pair that signs as minisign does. The seed lies in libsodium's guarded memory until disposed of.</summary>
public sealed class MinisignKeyPair : IDisposable
{
    /// <summary>Size of the secret seed (RFC 8032).</summary>
    public const int SeedSizeInBytes = 32;

    private readonly Key _key;

    private MinisignKeyPair(Key key)
    {
        _key = key;
        PublicKey = MinisignPublicKey.FromBytes(key.Export(KeyBlobFormat.RawPublicKey));
    }

    /// <summary>The public half.</summary>
    public MinisignPublicKey PublicKey { get; }

    // Keystores and stock key files need the seed; it leaves only by CopySeedTo.
    private static KeyCreationParameters Exportable => new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };

    /// <summary>A new key pair.</summary>
    public static MinisignKeyPair Generate() => new(Key.Create(SignatureAlgorithm.Ed25519, Exportable));

    /// <summary>The key pair of a seed of 32 bytes.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static MinisignKeyPair FromSeed(ReadOnlySpan<byte> seed) => seed.Length == SeedSizeInBytes
        ? new(Key.Import(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey, Exportable))
        : throw new ArgumentException($"An Ed25519 seed has {SeedSizeInBytes} bytes.", nameof(seed));

    /// <summary>Signs prehashed; gives the four lines.</summary>
    /// <exception cref="ArgumentException">A comment has a control character or is longer than stock minisign reads.</exception>
    public string Sign(ReadOnlySpan<byte> message, string trustedComment, string untrustedComment = MinisignFormat.UntrustedComment)
    {
        RequireComment(trustedComment, MinisignFormat.LongestTrustedCommentInBytes, nameof(trustedComment));
        RequireComment(untrustedComment, MinisignFormat.LongestUntrustedCommentInBytes, nameof(untrustedComment));
        byte[] signature = SignatureAlgorithm.Ed25519.Sign(_key, NSec.Cryptography.HashAlgorithm.Blake2b_512.Hash(message));
        byte[] commentSignature = SignatureAlgorithm.Ed25519.Sign(_key, MinisignSignature.SignedComment(signature, trustedComment));
        return $"{MinisignFormat.UntrustedCommentPrefix}{untrustedComment}\n"
            + $"{Convert.ToBase64String([.. "ED"u8, .. PublicKey.KeyNumber, .. signature])}\n"
            + $"{MinisignFormat.TrustedCommentPrefix}{trustedComment}\n"
            + $"{Convert.ToBase64String(commentSignature)}\n";
    }

    /// <summary>Copies the seed (32 bytes): an explicit export, for a keystore that seals it.</summary>
    /// <exception cref="ArgumentException">The destination has not 32 bytes.</exception>
    public void CopySeedTo(Span<byte> seed)
    {
        if (seed.Length != SeedSizeInBytes)
        {
            throw new ArgumentException($"An Ed25519 seed has {SeedSizeInBytes} bytes.", nameof(seed));
        }
        byte[] exported = _key.Export(KeyBlobFormat.RawPrivateKey);
        exported.CopyTo(seed);
        CryptographicOperations.ZeroMemory(exported);
    }

    /// <summary>The public key: the seed is never shown.</summary>
    public override string ToString() => PublicKey.Text;

    /// <summary>Wipes the seed.</summary>
    public void Dispose() => _key.Dispose();

    private static void RequireComment(string comment, int longestInBytes, string name)
    {
        ArgumentNullException.ThrowIfNull(comment, name);
        if (!MinisignSignature.IsComment(comment, longestInBytes))
        {
            throw new ArgumentException($"A comment is one line of at most {longestInBytes} bytes, without control characters.", name);
        }
    }
}
