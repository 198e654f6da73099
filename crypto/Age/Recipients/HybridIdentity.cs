namespace SecureDrop.Crypto.Age.Recipients;

/// <summary>A post-quantum hybrid age identity (<c>AGE-SECRET-KEY-PQ-1…</c>). Its seed lies in guarded, unswappable memory until disposed.</summary>
/// <remarks>C2SP age, "The hybrid recipient type".</remarks>
public sealed class HybridIdentity : IAgeIdentity, IDisposable
{
    /// <summary>The human-readable part of the Bech32 text; the text begins with this and <c>1</c>.</summary>
    public const string Prefix = "AGE-SECRET-KEY-PQ-";

    /// <summary>Size of the seed in bytes.</summary>
    public const int SeedSizeInBytes = 32;

    /// <summary>Size of the secret text in bytes (ASCII).</summary>
    public const int SecretTextSizeInBytes = 77;

    private HybridIdentity() => throw new NotSupportedException("Follows.");

    /// <summary>The public side.</summary>
    public HybridRecipient Recipient => throw new NotSupportedException("Follows.");

    /// <summary>
    /// Index of the stanza to try first. It is set to the one that matched last: files of one roster have their stanzas in one
    /// order, so that the second file already costs one decapsulation.
    /// </summary>
    public int LikelyStanza { get; set; }

    /// <summary>Makes a new random identity.</summary>
    /// <returns>The identity; dispose it.</returns>
    public static HybridIdentity Generate() => throw new NotSupportedException("Follows.");

    /// <summary>The identity of a seed.</summary>
    /// <param name="seed">32 secret bytes; copied.</param>
    /// <returns>The identity; dispose it.</returns>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static HybridIdentity FromSeed(ReadOnlySpan<byte> seed) => throw new NotSupportedException("Follows.");

    /// <summary>Reads an identity.</summary>
    /// <param name="text">Upper-case <c>AGE-SECRET-KEY-PQ-1…</c>, nothing around it. The caller wipes it.</param>
    /// <returns>The identity; dispose it.</returns>
    /// <exception cref="FormatException">Not such a text; the message does not repeat it.</exception>
    public static HybridIdentity Parse(ReadOnlySpan<char> text) => throw new NotSupportedException("Follows.");

    /// <summary>Writes the secret text, for a keystore or the stock program. The caller wipes it.</summary>
    /// <param name="destination">Receives <see cref="SecretTextSizeInBytes"/> bytes of ASCII, without a line feed.</param>
    /// <exception cref="ArgumentException">The destination is shorter.</exception>
    public void WriteSecretText(Span<byte> destination) => throw new NotSupportedException("Follows.");

    /// <summary>Writes the seed. The caller wipes it.</summary>
    /// <param name="destination">Receives <see cref="SeedSizeInBytes"/> bytes.</param>
    /// <exception cref="ArgumentException">The destination is shorter.</exception>
    public void WriteSeed(Span<byte> destination) => throw new NotSupportedException("Follows.");

    /// <inheritdoc/>
    public bool TryUnwrap(IReadOnlyList<AgeStanza> stanzas, Span<byte> fileKey) => throw new NotSupportedException("Follows.");

    /// <summary>Wipes the seed.</summary>
    public void Dispose() => throw new NotSupportedException("Follows.");

    /// <summary>Never the secret.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(HybridIdentity);
}
