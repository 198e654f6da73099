using System.Collections.Frozen;
using System.Text;

namespace SecureDrop.Crypto.Codenames;

/// <summary>
/// Words as people type them, on any keyboard: in any case, between any white space or commas, in full-width letters, as characters that only look
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

    /// <summary>The words, in lower case; a run of Chinese characters is as many words, whether the list has them or not.</summary>
    public static List<string> Split(string typed)
    {
        List<string> words = [];
        foreach (string token in Fold(typed).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            words.AddRange(token.EnumerateRunes().All(IsHan) ? token.EnumerateRunes().Select(rune => rune.ToString()) : [token]);
        }
        return words;
    }

    private static string Fold(string typed)
    {
        var folded = new StringBuilder(typed.Length);
        foreach (Rune rune in typed.EnumerateRunes())
        {
            if (IsSeparator(rune))
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

    /// <summary>White space, and the commas and full stops that people put between words, in the widths and shapes that keyboards give them.</summary>
    private static bool IsSeparator(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value is '\uFEFF'
        or ',' or '，' or '︐' or '﹐' or ';' or '；' or '︔' or '﹔' or '\u037E' or '、' or '､' or '︑' or '﹑' or '。' or '｡' or '︒';

    /// <summary>The blocks of the Han script, with the ideographic marks and numerals that stand outside of them.</summary>
    private static bool IsHan(Rune rune) => rune.Value is (>= 0x2E80 and <= 0x2FDF) or 0x3005 or 0x3007 or (>= 0x3021 and <= 0x3029) or (>= 0x3038 and <= 0x303B)
        or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
