namespace SecureDrop.Crypto.Age;

/// <summary>Sizes of age files, all in bytes: what a sealed file of a given kind measures, known before it is made.</summary>
/// <remarks>C2SP age, "Header" and "Payload".</remarks>
public static class AgeSizes
{
    /// <summary>The file key that stanzas wrap.</summary>
    public const int FileKeySizeInBytes = 16;

    /// <summary>The random nonce at the start of the payload.</summary>
    public const int PayloadNonceSizeInBytes = 16;

    /// <summary>Plaintext of every chunk but the final one, which may be shorter.</summary>
    public const int ChunkSizeInBytes = 64 * 1024;

    /// <summary>The Poly1305 tag of each chunk.</summary>
    public const int TagSizeInBytes = 16;

    /// <summary>The line <c>age-encryption.org/v1</c>.</summary>
    public const int VersionLineSizeInBytes = 22;

    /// <summary>One <c>mlkem768x25519</c> stanza: 18 + 1,494 + 1 for its first line, 44 for its body.</summary>
    public const int HybridStanzaSizeInBytes = 1557;

    /// <summary>The line <c>--- MAC</c>.</summary>
    public const int MacLineSizeInBytes = 48;

    /// <summary>The header of a file to <paramref name="hybridRecipients"/> hybrid recipients.</summary>
    /// <param name="hybridRecipients">Their number, at least 1.</param>
    /// <returns>Size in bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public static int HeaderSizeInBytes(int hybridRecipients)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hybridRecipients, 1);
        return checked(VersionLineSizeInBytes + (HybridStanzaSizeInBytes * hybridRecipients) + MacLineSizeInBytes);
    }

    /// <summary>A sealed file: 86 + 1557·N + L + 16·max(1, ⌈L/65536⌉).</summary>
    /// <param name="hybridRecipients">Number N of hybrid recipients, at least 1.</param>
    /// <param name="plaintextSizeInBytes">Plaintext L, at least 0.</param>
    /// <returns>Size in bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number below its least value.</exception>
    public static long SealedSizeInBytes(int hybridRecipients, long plaintextSizeInBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(plaintextSizeInBytes);
        long chunks = plaintextSizeInBytes == 0 ? 1 : ((plaintextSizeInBytes - 1) / ChunkSizeInBytes) + 1;
        return checked(HeaderSizeInBytes(hybridRecipients) + PayloadNonceSizeInBytes + plaintextSizeInBytes + (TagSizeInBytes * chunks));
    }

    /// <summary>The inverse of <see cref="SealedSizeInBytes"/>.</summary>
    /// <param name="hybridRecipients">Number of hybrid recipients, at least 1.</param>
    /// <param name="sealedSizeInBytes">Size of the sealed file.</param>
    /// <param name="plaintextSizeInBytes">The plaintext it holds, where the result is true.</param>
    /// <returns>Whether a file to that many recipients can have this size.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1 recipient.</exception>
    public static bool TryGetPlaintextSize(int hybridRecipients, long sealedSizeInBytes, out long plaintextSizeInBytes)
    {
        plaintextSizeInBytes = 0;
        long payload = sealedSizeInBytes - HeaderSizeInBytes(hybridRecipients) - PayloadNonceSizeInBytes;
        if (payload < TagSizeInBytes)
        {
            return false;
        }

        const int SealedChunkSizeInBytes = ChunkSizeInBytes + TagSizeInBytes;
        long chunks = ((payload - 1) / SealedChunkSizeInBytes) + 1;
        long plaintext = payload - (TagSizeInBytes * chunks);
        if (plaintext < 0 || SealedSizeInBytes(hybridRecipients, plaintext) != sealedSizeInBytes)
        {
            return false;
        }

        plaintextSizeInBytes = plaintext;
        return true;
    }
}
