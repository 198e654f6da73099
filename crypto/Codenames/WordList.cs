using System.Collections.Frozen;

namespace SecureDrop.Crypto.Codenames;

/// <summary>BIP-39's lists of 2,048 words (github.com/bitcoin/bips, bip-0039), as embedded resources.</summary>
internal sealed class WordList
{
    public const int WordCount = 2048;

    private readonly string[] _words;
    private readonly FrozenDictionary<string, int> _indices;

    private WordList(string resource)
    {
        _words = ReadLines(resource);
        _indices = _words.Select(KeyValuePair.Create).ToFrozenDictionary(StringComparer.Ordinal);
    }

    public static WordList English { get; } = new("english.txt");

    public static WordList SimplifiedChinese { get; } = new("simplified-chinese.txt");

    public string this[int index] => _words[index];

    public static WordList Of(CodenameLanguage language) => language switch
    {
        CodenameLanguage.English => English,
        CodenameLanguage.SimplifiedChinese => SimplifiedChinese,
        _ => throw new ArgumentOutOfRangeException(nameof(language)),
    };

    public bool TryFind(string word, out int index) => _indices.TryGetValue(word, out index);

    internal static string[] ReadLines(string resource)
    {
        using Stream stream = typeof(WordList).Assembly.GetManifestResourceStream($"SecureDrop.Crypto.Codenames.Words.{resource}")
            ?? throw new InvalidOperationException($"The resource {resource} is not in this build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
