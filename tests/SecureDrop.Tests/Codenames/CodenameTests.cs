using CsCheck;
using SecureDrop.Crypto.Codenames;
using SecureDrop.Crypto.Minisign;
using Xunit;

namespace SecureDrop.Tests.Codenames;

public sealed class CodenameTests
{
    private static readonly Gen<byte[]> Entropies = Gen.Byte.Array[Codename.EntropySizeInBytes];

    private static readonly Gen<string> Separators =
        Gen.OneOf([.. new[] { " ", "  ", "\n", "\r\n", "\t", ",", ", ", "、", "､", "；", "。", "\u3000", "\u00a0", "\u0085", "\u2028" }.Select(Gen.Const)]);

    private static readonly MinisignPublicKey Drop = MinisignKeyPair.Generate().PublicKey;

    [Fact]
    public void Words_OfAnyEntropy_AreReadBackInBothLanguages() => Gen.Select(Entropies, Gen.Enum<CodenameLanguage>()).Sample((entropy, language) =>
    {
        using Codename codename = Codename.FromEntropy(entropy);
        string words = codename.ToWords(language);
        Assert.Equal(Codename.WordCount, words.Split(' ').Length);
        Assert.Equal(entropy, Parse(words));
    });

    [Fact]
    public void Words_InTheOtherLanguage_AreTheSameCodename() => Entropies.Sample(entropy =>
    {
        using Codename codename = Codename.FromEntropy(entropy);
        Assert.Equal(Parse(codename.ToWords(CodenameLanguage.English)), Parse(codename.ToWords(CodenameLanguage.SimplifiedChinese)));
    });

    [Fact]
    public void Words_BetweenAnySeparatorsInAnyCase_AreTheSame() =>
        Gen.Select(Entropies, Separators, Gen.Bool.Array[200]).Sample((entropy, separator, large) =>
        {
            using Codename codename = Codename.FromEntropy(entropy);
            string words = codename.ToWords(CodenameLanguage.English).Replace(" ", separator, StringComparison.Ordinal);
            Assert.Equal(entropy, Parse(string.Concat(words.Select((letter, at) => large[at % large.Length] ? char.ToUpperInvariant(letter) : letter))));
        });

    /// <summary>The last word has 7 bits of entropy and 4 of checksum: of 2,048 words one in 16 fits.</summary>
    [Fact]
    public void Checksum_OfEveryLastWord_FitsOneInSixteen()
    {
        using Codename codename = Codename.Generate();
        string[] words = codename.ToWords(CodenameLanguage.English).Split(' ');
        int fitting = 0;
        for (int index = 0; index < WordList.WordCount; index++)
        {
            words[^1] = WordList.English[index];
            if (!Codename.TryParse(string.Join(' ', words), out _, out CodenameError? error))
            {
                Assert.Equal(new CodenameError(CodenameProblem.Checksum), error);
                continue;
            }
            fitting++;
        }
        Assert.Equal(WordList.WordCount / 16, fitting);
    }

    [Fact]
    public void WordLists_Are2048DifferentWordsEach_WithoutOneInBoth()
    {
        IEnumerable<string> all = new[] { WordList.English, WordList.SimplifiedChinese }.SelectMany(list => Enumerable.Range(0, WordList.WordCount).Select(index => list[index]));
        Assert.Equal(2 * WordList.WordCount, all.Distinct(StringComparer.Ordinal).Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => WordList.Of((CodenameLanguage)2));
    }

    [Fact]
    public void TryParse_AnyText_GivesACodenameOrAnErrorAndNeverBoth() => Gen.OneOf(Gen.String, Gen.String[Gen.Char["abn \u4e00\u7684,"], 0, 60]).Sample(
        text =>
        {
            bool parsed = Codename.TryParse(text, out Codename? codename, out CodenameError? error);
            Assert.Equal(parsed, codename is not null);
            Assert.Equal(!parsed, error is not null);
            codename?.Dispose();
        },
        iter: 5000);

    [Fact]
    public void TryParse_Nothing_SaysHowManyWordsThereAre()
    {
        Assert.False(Codename.TryParse(null, out _, out CodenameError? none));
        Assert.Equal(new CodenameError(CodenameProblem.Count, Count: 0), none);
        Assert.False(Codename.TryParse("zoo zoo", out _, out CodenameError? two));
        Assert.Equal(new CodenameError(CodenameProblem.Count, Count: 2), two);
    }

    [Fact]
    public void TryParse_HalfOfASurrogatePair_IsAnUnknownWord()
    {
        using Codename codename = Codename.Generate();
        string[] words = codename.ToWords(CodenameLanguage.English).Split(' ');
        words[3] = "\ud83d";
        Assert.False(Codename.TryParse(string.Join(' ', words), out _, out CodenameError? error));
        Assert.Equal(new CodenameError(CodenameProblem.Word, Index: 3), error);
    }

    [Fact]
    public void TryParse_WordsOfTwoLanguages_NamesTheFirstOfTheFewer()
    {
        using Codename codename = Codename.Generate();
        string[] english = codename.ToWords(CodenameLanguage.English).Split(' ');
        string[] chinese = codename.ToWords(CodenameLanguage.SimplifiedChinese).Split(' ');
        for (int fromEnglish = 0; fromEnglish <= Codename.WordCount; fromEnglish++)
        {
            bool parsed = Codename.TryParse(string.Join(' ', [.. english[..fromEnglish], .. chinese[fromEnglish..]]), out _, out CodenameError? error);
            Assert.Equal(fromEnglish is 0 or Codename.WordCount, parsed);
            // Six of each: the English list is taken.
            Assert.Equal(parsed ? null : fromEnglish >= 6 ? fromEnglish : 0, error?.Index);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(17)]
    public void FromEntropy_OfAnotherSize_IsMisuse(int size) => Assert.Throws<ArgumentException>(() => Codename.FromEntropy(new byte[size]));

    [Fact]
    public void Generate_Twice_Differs()
    {
        using Codename first = Codename.Generate();
        using Codename second = Codename.Generate();
        Assert.NotEqual(first.ToWords(CodenameLanguage.English), second.ToWords(CodenameLanguage.English));
    }

    [Fact]
    public void Secrets_AreShownNowhereAndGoneAfterDispose()
    {
        Codename codename = Codename.Generate();
        CodenameKeys keys = codename.DeriveKeys(Drop);
        Assert.Equal(nameof(Codename), codename.ToString());
        Assert.Equal(nameof(CodenameKeys), keys.ToString());
        Assert.False(Codename.TryParse("abandon securedrop " + string.Join(' ', Enumerable.Repeat("zoo", 10)), out _, out CodenameError? error));
        Assert.DoesNotContain("securedrop ", error.ToString(), StringComparison.OrdinalIgnoreCase);
        codename.Dispose();
        Assert.Throws<ObjectDisposedException>(() => codename.ToWords(CodenameLanguage.English));
        Assert.Throws<ObjectDisposedException>(() => codename.DeriveKeys(Drop));
        keys.Dispose();
        Assert.Throws<ObjectDisposedException>(() => keys.Tag.Length);
        Assert.Throws<ObjectDisposedException>(() => keys.Signing.Sign("x"u8, "x"));
    }

    private static byte[] Parse(string words)
    {
        Assert.True(Codename.TryParse(words, out Codename? codename, out CodenameError? error), error?.Problem.ToString());
        using (codename)
        {
            byte[] entropy = new byte[Codename.EntropySizeInBytes];
            codename.CopyEntropyTo(entropy);
            return entropy;
        }
    }
}
