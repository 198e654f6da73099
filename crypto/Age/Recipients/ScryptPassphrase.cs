namespace SecureDrop.Crypto.Age.Recipients;

/// <summary>A passphrase, both to seal with (alone) and to open with. Lies in guarded memory until disposed.</summary>
/// <remarks>C2SP age, "The scrypt recipient type"; RFC 7914 with r = 8, p = 1.</remarks>
public sealed class ScryptPassphrase : IAgeRecipient, IAgeIdentity, IDisposable
{
    /// <summary>The stanza's type.</summary>
    public const string StanzaType = "scrypt";

    /// <summary>Stock age's own work factor: N = 2^18, about a second and 256 MiB.</summary>
    public const int DefaultWorkFactorLog2 = 18;

    /// <summary>The greatest work factor that is read unless set otherwise: N = 2^20, 1 GiB. More is somebody's attempt to stall the reader.</summary>
    public const int DefaultMaxWorkFactorLog2 = 20;

    /// <summary>Takes a passphrase.</summary>
    /// <param name="utf8Passphrase">UTF-8 bytes as typed, not empty; copied, the caller wipes its own.</param>
    /// <param name="workFactorLog2">log2 N for sealing, 1 to 22.</param>
    /// <param name="maxWorkFactorLog2">The greatest log2 N accepted for opening, 1 to 22.</param>
    /// <exception cref="ArgumentException">Empty passphrase, or a work factor out of range.</exception>
    public ScryptPassphrase(ReadOnlySpan<byte> utf8Passphrase, int workFactorLog2 = DefaultWorkFactorLog2, int maxWorkFactorLog2 = DefaultMaxWorkFactorLog2) => throw new NotSupportedException("Follows.");

    /// <inheritdoc/>
    public AgeStanza Wrap(ReadOnlySpan<byte> fileKey) => throw new NotSupportedException("Follows.");

    /// <inheritdoc/>
    public bool TryUnwrap(IReadOnlyList<AgeStanza> stanzas, Span<byte> fileKey) => throw new NotSupportedException("Follows.");

    /// <summary>Wipes the passphrase.</summary>
    public void Dispose() => throw new NotSupportedException("Follows.");

    /// <summary>Never the secret.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(ScryptPassphrase);
}
