namespace SecureDrop.Crypto.Age.Recipients;

/// <summary>A classic age identity (<c>AGE-SECRET-KEY-1…</c>), for reading only: nothing new is sealed without a post-quantum key.</summary>
/// <remarks>C2SP age, "The X25519 recipient type".</remarks>
public sealed class X25519Identity : IAgeIdentity, IDisposable
{
    /// <summary>The human-readable part of the Bech32 text; the text begins with this and <c>1</c>.</summary>
    public const string Prefix = "AGE-SECRET-KEY-";

    /// <summary>The stanza's type.</summary>
    public const string StanzaType = "X25519";

    private X25519Identity() => throw new NotSupportedException("Follows.");

    /// <summary>Reads an identity.</summary>
    /// <param name="text">Upper-case <c>AGE-SECRET-KEY-1…</c>, nothing around it. The caller wipes it.</param>
    /// <returns>The identity; dispose it.</returns>
    /// <exception cref="FormatException">Not such a text; the message does not repeat it.</exception>
    public static X25519Identity Parse(ReadOnlySpan<char> text) => throw new NotSupportedException("Follows.");

    /// <inheritdoc/>
    public bool TryUnwrap(IReadOnlyList<AgeStanza> stanzas, Span<byte> fileKey) => throw new NotSupportedException("Follows.");

    /// <summary>Wipes the key.</summary>
    public void Dispose() => throw new NotSupportedException("Follows.");

    /// <summary>Never the secret.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(X25519Identity);
}
