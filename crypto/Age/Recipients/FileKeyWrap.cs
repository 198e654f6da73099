using NSec.Cryptography;

namespace SecureDrop.Crypto.Age.Recipients;

/// <summary>The last step of every recipient kind: a file key under ChaCha20-Poly1305 with a key used once.</summary>
/// <remarks>NSec's rather than the platform's: a wrong identity is an ordinary answer, and the platform's throws.</remarks>
internal static class FileKeyWrap
{
    internal const int KeySizeInBytes = 32;
    internal const int NonceSizeInBytes = 12;

    /// <summary>A wrapped file key: 16 bytes and their tag.</summary>
    internal const int SizeInBytes = AgeSizes.FileKeySizeInBytes + AgeSizes.TagSizeInBytes;

    /// <summary>Twelve zeros: safe, as each wrap key is derived anew for each stanza.</summary>
    internal static ReadOnlySpan<byte> ZeroNonce => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    internal static byte[] Wrap(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> fileKey)
    {
        RequireFileKeySize(fileKey.Length);
        using Key wrapKey = Key.Import(AeadAlgorithm.ChaCha20Poly1305, key, KeyBlobFormat.RawSymmetricKey);
        return AeadAlgorithm.ChaCha20Poly1305.Encrypt(wrapKey, nonce, [], fileKey);
    }

    /// <param name="key">The wrap key, 32 bytes.</param>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="wrapped">32 bytes: whoever calls has checked it, before a longer one could serve as an oracle that partitions keys.</param>
    /// <param name="fileKey">Receives 16 bytes where the result is true, else is left as it was.</param>
    internal static bool TryUnwrap(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> wrapped, Span<byte> fileKey)
    {
        using Key wrapKey = Key.Import(AeadAlgorithm.ChaCha20Poly1305, key, KeyBlobFormat.RawSymmetricKey);
        Span<byte> opened = stackalloc byte[AgeSizes.FileKeySizeInBytes];
        if (!AeadAlgorithm.ChaCha20Poly1305.Decrypt(wrapKey, nonce, [], wrapped, opened))
        {
            return false;
        }

        opened.CopyTo(fileKey);
        opened.Clear();
        return true;
    }

    internal static void RequireFileKeySize(int sizeInBytes)
    {
        if (sizeInBytes != AgeSizes.FileKeySizeInBytes)
        {
            throw new ArgumentException($"A file key has {AgeSizes.FileKeySizeInBytes} bytes.", nameof(sizeInBytes));
        }
    }
}
