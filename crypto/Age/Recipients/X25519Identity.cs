using System.Security.Cryptography;
using NSec.Cryptography;

namespace SecureDrop.Crypto.Age.Recipients;

/// <summary>A classic age identity (<c>AGE-SECRET-KEY-1…</c>), for reading only: nothing new is sealed without a post-quantum key.</summary>
/// <remarks>C2SP age, "The X25519 recipient type".</remarks>
public sealed class X25519Identity : IAgeIdentity, IDisposable
{
    /// <summary>The human-readable part of the Bech32 text; the text begins with this and <c>1</c>.</summary>
    public const string Prefix = "AGE-SECRET-KEY-";

    /// <summary>The stanza's type.</summary>
    public const string StanzaType = "X25519";

    private const int KeySizeInBytes = 32;

    private readonly Key _key;

    private X25519Identity(Key key) => _key = key;

    private static ReadOnlySpan<byte> Info => "age-encryption.org/v1/X25519"u8;

    /// <summary>Reads an identity.</summary>
    /// <param name="text">Upper-case <c>AGE-SECRET-KEY-1…</c>, nothing around it. The caller wipes it.</param>
    /// <returns>The identity; dispose it.</returns>
    /// <exception cref="FormatException">Not such a text; the message does not repeat it.</exception>
    public static X25519Identity Parse(ReadOnlySpan<char> text)
    {
        Span<byte> scalar = stackalloc byte[KeySizeInBytes];
        try
        {
            return Bech32.TryDecode(Prefix, text, scalar)
                ? new X25519Identity(Key.Import(KeyAgreementAlgorithm.X25519, scalar, KeyBlobFormat.RawPrivateKey))
                : throw new FormatException($"Not an X25519 age identity: it should be 74 upper-case characters beginning with {Prefix}1.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    /// <inheritdoc/>
    public bool TryUnwrap(IReadOnlyList<AgeStanza> stanzas, Span<byte> fileKey)
    {
        ArgumentNullException.ThrowIfNull(stanzas);
        FileKeyWrap.RequireFileKeySize(fileKey.Length);
        byte[]?[] shares = [.. stanzas.Select(ShareOrNull)];
        for (int i = 0; i < shares.Length; i++)
        {
            if (shares[i] is { } share && TryOpen(share, stanzas[i].Body.Span, fileKey))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Wipes the key.</summary>
    public void Dispose() => _key.Dispose();

    /// <summary>Never the secret.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(X25519Identity);

    private static byte[]? ShareOrNull(AgeStanza stanza)
    {
        if (stanza.Type != StanzaType)
        {
            return null;
        }

        return stanza.Arguments.Count == 1
            && stanza.Body.Length == FileKeyWrap.SizeInBytes
            && UnpaddedBase64.TryDecode(stanza.Arguments[0], out byte[]? share)
            && share.Length == KeySizeInBytes
                ? share
                : throw new AgeFormatException(AgeFailure.Header, "An X25519 recipient stanza is malformed.");
    }

    private bool TryOpen(ReadOnlySpan<byte> share, ReadOnlySpan<byte> body, Span<byte> fileKey)
    {
        // Null where the result is all zeros: a share of low order, for which every key gives the same secret.
        using SharedSecret? sharedSecret = PublicKey.TryImport(KeyAgreementAlgorithm.X25519, share, KeyBlobFormat.RawPublicKey, out PublicKey? point)
            ? KeyAgreementAlgorithm.X25519.Agree(_key, point!)
            : null;
        if (sharedSecret is null)
        {
            throw new AgeFormatException(AgeFailure.Header, "An X25519 recipient stanza holds a point of low order.");
        }

        byte[] salt = [.. share, .. _key.PublicKey.Export(KeyBlobFormat.RawPublicKey)];
        Span<byte> wrapKey = stackalloc byte[FileKeyWrap.KeySizeInBytes];
        KeyDerivationAlgorithm.HkdfSha256.DeriveBytes(sharedSecret, salt, Info, wrapKey);
        bool opened = FileKeyWrap.TryUnwrap(wrapKey, FileKeyWrap.ZeroNonce, body, fileKey);
        CryptographicOperations.ZeroMemory(wrapKey);
        return opened;
    }
}
