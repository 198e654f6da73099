namespace SecureDrop.Crypto.Age;

/// <summary>Somebody a file can be sealed to.</summary>
public interface IAgeRecipient
{
    /// <summary>Wraps a file key.</summary>
    /// <param name="fileKey">The file key, 16 bytes.</param>
    /// <returns>The stanza from which the matching identity gets the file key back.</returns>
    /// <exception cref="ArgumentException"><paramref name="fileKey"/> is not 16 bytes.</exception>
    AgeStanza Wrap(ReadOnlySpan<byte> fileKey);
}
