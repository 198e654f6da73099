using System.Globalization;
using System.Text.Json.Nodes;
using SecureDrop.Crypto.Codenames;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Replies;
using SecureDrop.Tests.Age;

namespace SecureDrop.Tests.Vectors;

/// <summary>The codenames of <see cref="OwnVectorWriter"/>: typed well, carelessly and wrongly. What each is, is written down by hand here.</summary>
internal static class OwnCodenameVectors
{
    internal static JsonObject Write()
    {
        using Codename codename = Codename.Generate();
        using Codename zeros = Codename.FromEntropy(new byte[Codename.EntropySizeInBytes]);
        MinisignPublicKey[] drops = [MinisignKeyPair.Generate().PublicKey, MinisignKeyPair.Generate().PublicKey];
        return new JsonObject
        {
            ["valid"] = Array(
                from drop in drops
                from one in new[] { codename, zeros }
                from language in Enum.GetValues<CodenameLanguage>()
                select Spelled(one, language, drop)),
            ["typed"] = Array(Typed(codename)),
            ["refused"] = Array(Refused(codename)),
        };
    }

    private static JsonObject Spelled(Codename codename, CodenameLanguage language, MinisignPublicKey drop)
    {
        using CodenameKeys keys = codename.DeriveKeys(drop);
        JsonObject shards = [];
        foreach (int bits in new[] { 0, 1, 7, 12, 16 })
        {
            shards[bits.ToString(CultureInfo.InvariantCulture)] = Shard.Of(keys.Tag, bits);
        }
        return new JsonObject
        {
            ["words"] = codename.ToWords(language),
            ["language"] = language is CodenameLanguage.English ? "en" : "zh-Hans",
            ["dropKey"] = drop.Text,
            ["entropy"] = Entropy(codename),
            ["identity"] = AgeFiles.SecretText(keys.Recipient),
            ["recipient"] = keys.Recipient.Recipient.Text,
            ["signingKey"] = keys.Signing.PublicKey.Text,
            ["tagKey"] = Convert.ToHexStringLower(keys.Tag),
            ["shards"] = shards,
        };
    }

    private static IEnumerable<JsonObject> Typed(Codename codename)
    {
        string english = codename.ToWords(CodenameLanguage.English);
        string chinese = codename.ToWords(CodenameLanguage.SimplifiedChinese);
        (string What, string Text)[] spellings =
        [
            ("capitals", english.ToUpperInvariant()),
            ("every second letter large", string.Concat(english.Select((letter, index) => index % 2 == 0 ? char.ToUpperInvariant(letter) : letter))),
            ("a word a line", english.Replace(' ', '\n') + "\n"),
            ("numbered by nothing but tabs", "\t" + english.Replace(" ", "\t\t", StringComparison.Ordinal)),
            ("no-break spaces", english.Replace(' ', '\u00a0')),
            ("ideographic spaces", english.Replace(' ', '\u3000')),
            ("next-line characters", english.Replace(' ', '\u0085')),
            ("line and paragraph separators", english.Replace(' ', '\u2028') + "\u2029"),
            ("byte order marks around", "\ufeff" + english + "\ufeff"),
            ("commas", english.Replace(" ", ", ", StringComparison.Ordinal) + ","),
            ("half-width ideographic commas", english.Replace(' ', '､')),
            ("semicolons and Greek question marks", english.Replace(" ", ";\u037e", StringComparison.Ordinal)),
            ("full-width letters", string.Concat(english.Select(letter => letter == ' ' ? ' ' : (char)(letter + 0xfee0)))),
            ("circled letters", string.Concat(english.Select(letter => letter == ' ' ? ' ' : (char)(letter - 'a' + 'ⓐ')))),
            ("double-struck letters outside of the basic plane", string.Concat(english.Select(letter => letter == ' ' ? " " : char.ConvertFromUtf32(letter - 'a' + 0x1d552)))),
            ("Kelvin signs and long s", english.Replace('k', '\u212a').Replace('s', '\u017f')),
            ("filled to the longest text there is", english.PadLeft(4096)),
            ("Chinese without spaces", chinese.Replace(" ", "", StringComparison.Ordinal)),
            ("Chinese between full stops", chinese.Replace(' ', '。')),
            ("Chinese between half-width full stops", chinese.Replace(' ', '｡')),
        ];
        return spellings.Select(spelling => new JsonObject { ["what"] = spelling.What, ["typed"] = spelling.Text, ["entropy"] = Entropy(codename) });
    }

    /// <summary><c>check</c> is <c>count</c>, <c>word</c> (with <c>index</c>: which) or <c>checksum</c>.</summary>
    private static IEnumerable<JsonObject> Refused(Codename codename)
    {
        string[] english = codename.ToWords(CodenameLanguage.English).Split(' ');
        string[] chinese = codename.ToWords(CodenameLanguage.SimplifiedChinese).Split(' ');
        string With(int index, string word) => string.Join(' ', english.Select((own, at) => at == index ? word : own));
        JsonObject No(string what, string words, string check) => new() { ["what"] = what, ["words"] = words, ["check"] = check };
        JsonObject NoWord(string what, string words, int index) => new() { ["what"] = what, ["words"] = words, ["check"] = "word", ["index"] = index };
        return
        [
            No("nothing", "", "count"),
            No("commas alone", ",,,、、、", "count"),
            No("one word", "abandon", "count"),
            No("eleven words", string.Join(' ', english[..^1]), "count"),
            No("thirteen words", string.Join(' ', [.. english, "abandon"]), "count"),
            No("thirteen characters", string.Concat(chinese) + "的", "count"),
            No("longer than any text that is read", string.Join(' ', english).PadLeft(4097), "count"),
            No("joined by hyphens", string.Join('-', english), "count"),
            No("joined by zero-width spaces", string.Join('\u200b', english), "count"),
            No("eleven words and twelve characters", string.Join(' ', [.. english[..^1], string.Concat(chinese)]), "count"),
            NoWord("a word that is none", With(0, "securedrop"), 0),
            NoWord("a word with a digit", With(5, "abandon1"), 5),
            NoWord("a word with quotation marks", With(11, "\"about\""), 11),
            NoWord("a word with an accent in one character", With(4, "caf\u00e9"), 4),
            NoWord("a word with an accent in two", With(4, "cafe\u0301"), 4),
            NoWord("a dotless i", With(3, "w\u0131de"), 3),
            NoWord("a dotted capital I", With(3, "W\u0130DE"), 3),
            NoWord("a Greek letter that looks Latin", With(2, "\u03bfbey"), 2),
            NoWord("an emoji", With(1, "😀"), 1),
            NoWord("a Chinese word among English ones", With(7, chinese[7]), 7),
            NoWord("an English word among Chinese ones", string.Join(' ', ["zoo", .. chinese[1..]]), 0),
            NoWord("a character of the traditional script", string.Concat(chinese[..6]) + "鬱" + string.Concat(chinese[7..]), 6),
            No("the last word changed", Misfit(["zoo", "zone", "zero", "youth"], word => With(11, word)), "checksum"),
            No("the last character changed", Misfit(["歇", "逻", "的", "在"], word => string.Concat(chinese[..^1]) + word), "checksum"),
            No("eleven times abandon and once zoo", string.Join(' ', [.. Enumerable.Repeat("abandon", 11), "zoo"]), "checksum"),
        ];
    }

    /// <summary>One change in 16 fits by chance.</summary>
    private static string Misfit(string[] words, Func<string, string> change) =>
        words.Select(change).First(text => !Codename.TryParse(text, out _, out _));

    private static string Entropy(Codename codename)
    {
        byte[] entropy = new byte[Codename.EntropySizeInBytes];
        codename.CopyEntropyTo(entropy);
        return Convert.ToHexStringLower(entropy);
    }

    private static JsonArray Array(IEnumerable<JsonObject> items) => [.. items];
}
