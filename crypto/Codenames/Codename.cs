using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SecureDrop.Crypto.Interop;
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

/// <summary>
/// A source's codename: 128 bits, spelled as twelve BIP-39 words (11 bits each, the last 4 bits a checksum: the first 4 of SHA-256 of the
/// entropy). The words are a spelling: from another language's list they are the same codename.
/// </summary>
public sealed class Codename : IDisposable
{
    /// <summary>Size of the entropy.</summary>
    public const int EntropySizeInBytes = 16;

    /// <summary>Number of words.</summary>
    public const int WordCount = 12;

    private const int BitsPerWord = 11;
    private const int ChecksumBits = 4;

    /// <summary>Longer text is not read: twelve words have at most 107 characters.</summary>
    private const int LongestTextInCharacters = 4096;

    private readonly SecretBytes _entropy;

    private Codename(SecretBytes entropy) => _entropy = entropy;

    /// <summary>A new codename.</summary>
    public static Codename Generate() => new(SecretBytes.Random(EntropySizeInBytes));

    /// <summary>The codename of 16 bytes.</summary>
    /// <exception cref="ArgumentException">Not 16 bytes.</exception>
    public static Codename FromEntropy(ReadOnlySpan<byte> entropy) => entropy.Length == EntropySizeInBytes
        ? new(SecretBytes.Copy(entropy))
        : throw new ArgumentException($"A codename has {EntropySizeInBytes} bytes.", nameof(entropy));

    /// <summary>Reads words of either list as people type them: any case, any white space or commas, full-width letters, Chinese words with or without spaces.</summary>
    public static bool TryParse(string? words, [NotNullWhen(true)] out Codename? codename, [NotNullWhen(false)] out CodenameError? error)
    {
        codename = null;
        List<string> typed = words is { Length: <= LongestTextInCharacters } ? TypedWords.Split(words) : [];
        if (typed.Count != WordCount)
        {
            error = new(CodenameProblem.Count, Count: typed.Count);
            return false;
        }
        WordList list = ListOf(typed);
        UInt128 entropy = 0;
        int checksum = 0;
        for (int i = 0; i < WordCount; i++)
        {
            if (!list.TryFind(typed[i], out int index))
            {
                error = new(CodenameProblem.Word, Index: i);
                return false;
            }
            bool last = i == WordCount - 1;
            entropy = last ? (entropy << (BitsPerWord - ChecksumBits)) | (uint)(index >> ChecksumBits) : (entropy << BitsPerWord) | (uint)index;
            checksum = index & ((1 << ChecksumBits) - 1);
        }
        Span<byte> bytes = stackalloc byte[EntropySizeInBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, entropy);
        bool fits = Checksum(bytes) == checksum;
        codename = fits ? FromEntropy(bytes) : null;
        error = fits ? null : new(CodenameProblem.Checksum);
        CryptographicOperations.ZeroMemory(bytes);
        return fits;
    }

    /// <summary>The twelve words, separated by spaces: an explicit export of a secret.</summary>
    public string ToWords(CodenameLanguage language)
    {
        WordList list = WordList.Of(language);
        Span<byte> bytes = stackalloc byte[EntropySizeInBytes];
        _entropy.CopyTo(bytes);
        UInt128 entropy = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        string[] words = new string[WordCount];
        const int EntropyBitsOfLast = BitsPerWord - ChecksumBits;
        for (int i = 0; i < WordCount - 1; i++)
        {
            words[i] = list[(int)(entropy >> (EntropyBitsOfLast + (BitsPerWord * (WordCount - 2 - i)))) & (WordList.WordCount - 1)];
        }
        words[^1] = list[(((int)entropy & ((1 << EntropyBitsOfLast) - 1)) << ChecksumBits) | Checksum(bytes)];
        CryptographicOperations.ZeroMemory(bytes);
        return string.Join(' ', words);
    }

    /// <summary>Copies the 16 bytes: an explicit export of a secret.</summary>
    public void CopyEntropyTo(Span<byte> entropy) => _entropy.CopyTo(entropy);

    /// <summary>The keys at one drop. The drop's <em>first</em> key is in the salt, so that the same words are another person elsewhere.</summary>
    public CodenameKeys DeriveKeys(MinisignPublicKey firstDropKey)
    {
        ArgumentNullException.ThrowIfNull(firstDropKey);
        Span<byte> entropy = stackalloc byte[EntropySizeInBytes];
        _entropy.CopyTo(entropy);
        try
        {
            return CodenameKeys.Derive(entropy, firstDropKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(entropy);
        }
    }

    /// <summary>Never the words.</summary>
    public override string ToString() => nameof(Codename);

    /// <summary>Wipes the entropy.</summary>
    public void Dispose() => _entropy.Dispose();

    /// <summary>The list that knows more of the words: two languages in one codename are a mistake, and the odd word is named.</summary>
    private static WordList ListOf(List<string> typed)
    {
        int english = typed.Count(word => WordList.English.TryFind(word, out _));
        int chinese = typed.Count(word => WordList.SimplifiedChinese.TryFind(word, out _));
        return chinese > english ? WordList.SimplifiedChinese : WordList.English;
    }

    private static int Checksum(ReadOnlySpan<byte> entropy)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(entropy, digest);
        return digest[0] >> (8 - ChecksumBits);
    }
}
