using System.Text;
using NSec.Cryptography;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;

namespace SecureDrop.Tests.Vectors;

/// <summary>A classic age recipient, for vectors alone: the library opens such files and seals none (C2SP age, "The X25519 recipient type").</summary>
internal sealed class X25519Recipient(byte[] secret) : IAgeRecipient
{
    private readonly Key _key = Key.Import(KeyAgreementAlgorithm.X25519, secret, KeyBlobFormat.RawPrivateKey);

    /// <summary>The identity's text.</summary>
    internal string SecretText
    {
        get
        {
            byte[] text = new byte[Bech32.TextLength(X25519Identity.Prefix, secret.Length)];
            Bech32.Encode(X25519Identity.Prefix, secret, text);
            return Encoding.ASCII.GetString(text);
        }
    }

    public AgeStanza Wrap(ReadOnlySpan<byte> fileKey)
    {
        using Key ephemeral = Key.Create(KeyAgreementAlgorithm.X25519);
        byte[] share = ephemeral.PublicKey.Export(KeyBlobFormat.RawPublicKey);
        using SharedSecret shared = KeyAgreementAlgorithm.X25519.Agree(ephemeral, _key.PublicKey)!;
        byte[] wrapKey = KeyDerivationAlgorithm.HkdfSha256.DeriveBytes(
            shared, [.. share, .. _key.PublicKey.Export(KeyBlobFormat.RawPublicKey)], "age-encryption.org/v1/X25519"u8, FileKeyWrap.KeySizeInBytes);
        return new AgeStanza(X25519Identity.StanzaType, [UnpaddedBase64.Encode(share)], FileKeyWrap.Wrap(wrapKey, FileKeyWrap.ZeroNonce, fileKey));
    }
}
