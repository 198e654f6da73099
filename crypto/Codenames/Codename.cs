using System.Diagnostics.CodeAnalysis;
using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Codenames;

/// <summary>The language in which the words of a codename are spelled.</summary>
public enum CodenameLanguage
{
    /// <summary>BIP-39's English list.</summary>
    English,

    /// <summary>BIP-39's Simplified Chinese list.</summary>
    SimplifiedChinese,
}

/// <summary>What is wrong with typed words.</summary>
public enum CodenameProblem
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Not twelve words.</summary>
    Count,

    /// <summary>A word that stands in no list.</summary>
    Word,

    /// <summary>All are words, but these twelve are nobody's: the checksum (4 bits) does not fit.</summary>
    Checksum,
}

/// <summary>What is wrong with typed words, and where. The word itself is a secret and is not repeated.</summary>
/// <param name="Problem">What is wrong.</param>
/// <param name="Index">Which word, from 0, where the problem is a word; else null.</param>
/// <param name="Count">How many words there are, where the problem is their count; else null.</param>
public sealed record CodenameError(CodenameProblem Problem, int? Index = null, int? Count = null);

/// <summary>
/// A source's codename: 128 bits, spelled as twelve BIP-39 words (11 bits each, the last 4 bits a checksum). The words are a spelling:
/// from another language's list they are the same codename.
/// </summary>
public sealed class Codename : IDisposable
{
    /// <summary>Size of the entropy.</summary>
    public const int EntropySizeInBytes = 16;

    /// <summary>Number of words.</summary>
    public const int WordCount = 12;

    /// <summary>A new codename.</summary>
    public static Codename Generate() => throw new NotSupportedException("Follows.");

    /// <summary>The codename of 16 bytes.</summary>
    /// <exception cref="ArgumentException">Not 16 bytes.</exception>
    public static Codename FromEntropy(ReadOnlySpan<byte> entropy) => throw new NotSupportedException("Follows.");

    /// <summary>Reads words as people type them: any case, any white space, full-width letters, Chinese words with or without spaces.</summary>
    public static bool TryParse(string? words, [NotNullWhen(true)] out Codename? codename, [NotNullWhen(false)] out CodenameError? error) => throw new NotSupportedException("Follows.");

    /// <summary>The twelve words, separated by spaces: an explicit export of a secret.</summary>
    public string ToWords(CodenameLanguage language) => throw new NotSupportedException("Follows.");

    /// <summary>Copies the 16 bytes: an explicit export of a secret.</summary>
    public void CopyEntropyTo(Span<byte> entropy) => throw new NotSupportedException("Follows.");

    /// <summary>The keys at one drop. The drop's <em>first</em> key is in the salt, so that the same words are another person elsewhere.</summary>
    public CodenameKeys DeriveKeys(MinisignPublicKey firstDropKey) => throw new NotSupportedException("Follows.");

    /// <inheritdoc/>
    public void Dispose() => throw new NotSupportedException("Follows.");
}
