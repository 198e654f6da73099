using System.Collections.Frozen;
using System.Text;

namespace SecureDrop.Crypto.Codenames;

/// <summary>
/// Words as people type them, on any keyboard: in any case, between any white space, in full-width letters, as characters that only look
/// like the list's (compatibility ideographs, radicals), and Chinese words, which are one character each, run together.
/// </summary>
internal static class TypedWords
{
    /// <summary>
    /// Unicode's compatibility decomposition (NFKD) as far as it leads to letters and characters of the lists: the runtime's own is not
    /// there in invariant globalization. Made from Unicode 14.0, one line each: the character, then what it stands for.
    /// </summary>
    private static readonly FrozenDictionary<Rune, string> Compatibility = WordList.ReadLines("compatibility.txt")
        .ToFrozenDictionary(line => Rune.GetRuneAt(line, 0), line => line[Rune.GetRuneAt(line, 0).Utf16SequenceLength..]);

    /// <summary>The words, in lower case.</summary>
    public static List<string> Split(string typed)
    {
        List<string> words = [];
        foreach (string token in Fold(typed).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (token.Length > 1 && token.All(c => WordList.SimplifiedChinese.TryFind(c.ToString(), out _)))
            {
                words.AddRange(token.Select(c => c.ToString()));
            }
            else
            {
                words.Add(token);
            }
        }
        return words;
    }

    private static string Fold(string typed)
    {
        var folded = new StringBuilder(typed.Length);
        foreach (Rune rune in typed.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                folded.Append(' ');
            }
            else if (Compatibility.TryGetValue(rune, out string? meant))
            {
                folded.Append(meant);
            }
            else
            {
                folded.Append(rune);
            }
        }
        return folded.ToString().ToLowerInvariant();
    }
}
