using System.Globalization;
using System.Text;
using CsCheck;
using SecureDrop.Reviewer.Terminal;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Terminal;

public sealed class TerminalTextTests
{
    private const string Gutter = "  │ ";

    // Weighted towards what hurts: controls, bidi, tags, variation selectors, marks, lone surrogates, wide letters.
    private static readonly Gen<string> Hostile = Gen.OneOf(
        Gen.Char['\0', '\u001f'].Select(c => c.ToString()),
        Gen.Char['\u007f', '\u009f'].Select(c => c.ToString()),
        Gen.Char['\u2000', '\u206f'].Select(c => c.ToString()),
        Gen.Char['\ufe00', '\ufeff'].Select(c => c.ToString()),
        Gen.Char['\ud800', '\udfff'].Select(c => c.ToString()),
        Gen.Char['\u0300', '\u036f'].Select(c => c.ToString()),
        Gen.Char['\u4e00', '\u4eff'].Select(c => c.ToString()),
        Gen.Int[0xE0000, 0xE01EF].Select(char.ConvertFromUtf32),
        Gen.Int[0x10000, 0x1F9FF].Select(char.ConvertFromUtf32),
        Gen.Const("\x1b]52;c;ZXZpbA==\a"), Gen.Const("\n"), Gen.Const("\t"), Gen.Const(" "), Gen.Const("word")).Array[0, 120].Select(string.Concat);

    [Fact]
    public void Line_AnyText_IsOneHarmlessLine() => Hostile.Sample(text =>
    {
        string line = TerminalText.Line(text);
        Assert.DoesNotContain('\n', line);
        AssertHarmless(line);
    }, iter: 4_000);

    [Fact]
    public void Line_AnyTextAndWidth_IsNeverWider() => Gen.Select(Hostile, Gen.Int[2, 60]).Sample((text, width) =>
        Assert.InRange(TerminalText.WidthInCells(TerminalText.Line(text, width)), 0, width), iter: 4_000);

    [Fact]
    public void Block_AnyTextAndWidth_KeepsTheGutterBeforeEveryLineAndFits() => Gen.Select(Hostile, Gen.Int[14, 90]).Sample((text, width) =>
    {
        foreach (string line in TerminalText.Block(text, Gutter, width))
        {
            Assert.StartsWith(Gutter, line, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', line);
            AssertHarmless(line);
            // A single name such as ⟨U+E01EF⟩ may be wider than ten columns; nothing else may pass the width.
            Assert.InRange(TerminalText.WidthInCells(line), 0, Math.Max(width, Gutter.Length + 10));
        }
    }, iter: 4_000);

    [Theory]
    [InlineData("\u202e", "⟨U+202E⟩")]
    [InlineData("\x1b[31m", "⟨U+001B⟩[31m")]
    [InlineData("\u009b", "⟨U+009B⟩")]
    [InlineData("a\ufe0fb", "a⟨U+FE0F⟩b")]
    [InlineData("\u2028", "⟨U+2028⟩")]
    [InlineData("\u200b", "⟨U+200B⟩")]
    [InlineData("\ue000", "⟨U+E000⟩")]
    [InlineData("\udb40\udc41", "⟨U+E0041⟩")]
    [InlineData("\u0378", "⟨U+0378⟩")]
    [InlineData("\u3164", "⟨U+3164⟩")]
    [InlineData("a\tb", "a    b")]
    [InlineData("a\nb", "a⟨U+000A⟩b")]
    [InlineData("举报 é", "举报 é")]
    public void Line_KnownText_IsShownSo(string hostile, string shown) => Assert.Equal(shown, TerminalText.Line(hostile));

    // Not in the table above: metadata of attributes cannot hold half of a surrogate pair.
    [Fact]
    public void Line_LoneSurrogate_IsNamed() => Assert.Equal("⟨U+D800⟩x", TerminalText.Line("\ud800x"));

    [Fact]
    public void Line_ManyCombiningMarks_AreCapped() =>
        Assert.Equal("a" + new string('\u0301', TerminalText.MarksPerCharacter) + "b", TerminalText.Line("a" + new string('\u0301', 500) + "b"));

    [Fact]
    public void Block_ManyNewlines_AreCapped() =>
        Assert.Equal(TerminalText.LinesPerText + 1, TerminalText.Block(new string('\n', 100_000) + "x", Gutter, 80).Count());

    [Fact]
    public void Block_WindowsNewlines_AreNewlines() => Assert.Equal(["  │ a", "  │ b"], TerminalText.Block("a\r\nb\r\n", Gutter, 80));

    [Fact]
    public void Block_LongWords_AreCutBetweenWords() => Assert.Equal(["> one two", "> three"], TerminalText.Block("one two three", "> ", 12));

    [Fact]
    public void SafeText_HolesOfAnyKind_AreNeutralised()
    {
        string hostile = "\x1b[2J\u202e";
        SafeText text = $"ours {hostile} {hostile,20} {new Name(hostile)}";
        AssertHarmless(text.ToString());
    }

    private static void AssertHarmless(string shown)
    {
        foreach (Rune rune in shown.EnumerateRunes())
        {
            UnicodeCategory category = Rune.GetUnicodeCategory(rune);
            Assert.False(category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Surrogate, $"U+{rune.Value:X4}");
            Assert.False(rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF), $"U+{rune.Value:X4}");
        }

        for (int at = 0; at < shown.Length;)
        {
            Assert.True(Rune.TryGetRuneAt(shown, at, out Rune rune), "a lone surrogate");
            at += rune.Utf16SequenceLength;
        }
    }

    private sealed record Name(string Value)
    {
        public override string ToString() => Value;
    }
}
