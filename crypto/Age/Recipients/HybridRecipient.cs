using System.Diagnostics.CodeAnalysis;

namespace SecureDrop.Crypto.Age.Recipients;

/// <summary>A post-quantum hybrid age recipient (<c>age1pq1…</c>): a public X-Wing key, ML-KEM-768 with X25519.</summary>
/// <remarks>C2SP age, "The hybrid recipient type"; draft-connolly-cfrg-xwing-kem; HPKE, RFC 9180, base mode with KEM 0x647a.</remarks>
public sealed class HybridRecipient : IAgeRecipient, IEquatable<HybridRecipient>
{
    /// <summary>The human-readable part of the Bech32 text; the text begins with this and <c>1</c>.</summary>
    public const string Prefix = "age1pq";

    /// <summary>Size of the public key in bytes: ML-KEM-768 (1,184) and X25519 (32).</summary>
    public const int SizeInBytes = 1216;

    private HybridRecipient() => throw new NotSupportedException("Follows.");

    /// <summary>The text <c>age1pq1…</c>, lower case, 1,959 characters.</summary>
    public string Text => throw new NotSupportedException("Follows.");

    /// <summary>The public key, <see cref="SizeInBytes"/> bytes.</summary>
    public ReadOnlySpan<byte> Bytes => throw new NotSupportedException("Follows.");

    /// <summary>Reads a recipient.</summary>
    /// <param name="text">Lower-case <c>age1pq1…</c>, nothing around it.</param>
    /// <returns>The recipient.</returns>
    /// <exception cref="FormatException">Not such a text, or a key to which nothing can be sealed.</exception>
    public static HybridRecipient Parse(string text) => throw new NotSupportedException("Follows.");

    /// <summary>Reads a recipient, if it is one.</summary>
    /// <param name="text">Any text or null.</param>
    /// <param name="recipient">The recipient where the result is true.</param>
    /// <returns>Whether <paramref name="text"/> is a recipient to which something can be sealed.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out HybridRecipient? recipient) => throw new NotSupportedException("Follows.");

    /// <inheritdoc/>
    public AgeStanza Wrap(ReadOnlySpan<byte> fileKey) => throw new NotSupportedException("Follows.");

    /// <inheritdoc/>
    public bool Equals(HybridRecipient? other) => throw new NotSupportedException("Follows.");

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as HybridRecipient);

    /// <inheritdoc/>
    public override int GetHashCode() => throw new NotSupportedException("Follows.");

    /// <summary>The same as <see cref="Text"/>: a recipient is public.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Text;
}
