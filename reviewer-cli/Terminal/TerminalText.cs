using System.Globalization;
using System.Text;

namespace SecureDrop.Reviewer.Terminal;

/// <summary>
/// The only way hostile text reaches a screen, a pipe included: a pipe often ends on a terminal (<c>| less -R</c>), and a terminal
/// obeys escape sequences wherever they come from (clipboard, title, colours, cursor, bidi reordering).
/// </summary>
public static class TerminalText
{
    /// <summary>Combining marks shown on one base character; more would paint over the lines above.</summary>
    public const int MarksPerCharacter = 4;

    /// <summary>Lines of one text that are shown. A megabyte of newlines would push the verdict out of every scroll-back.</summary>
    public const int LinesPerText = 5_000;

    private const string Longer = "… (longer than is shown; `--json` has all of it)";

    /// <summary>One line: newlines are shown as what they are, so a name or a sentence cannot forge a line of its own.</summary>
    /// <param name="hostile">Anything at all, lone surrogates included.</param>
    /// <param name="widthInCells">Cut here, with an ellipsis.</param>
    public static string Line(string? hostile, int widthInCells = int.MaxValue)
    {
        StringBuilder line = new();
        int width = 0, marks = 0;
        foreach (Cell cell in Cells(hostile ?? ""))
        {
            string shown = cell.Text == "\n" ? "⟨U+000A⟩" : cell.Text;
            if (cell.IsMark && ++marks > MarksPerCharacter)
            {
                continue;
            }

            marks = cell.IsMark ? marks : 0;
            int cells = cell.Text == "\n" ? shown.Length : cell.WidthInCells;
            if (width + cells > widthInCells - 1 && width + cells + RestWidth(hostile!, cell) > widthInCells)
            {
                return line.Append('…').ToString();
            }

            line.Append(shown);
            width += cells;
        }

        return line.ToString();
    }

    /// <summary>Several lines, each begun by <paramref name="gutter"/> and none wider than <paramref name="widthInCells"/>: were the
    /// terminal left to wrap, the wrapped piece would stand without gutter and could pose as this program's own words.</summary>
    public static IEnumerable<string> Block(string? hostile, string gutter, int widthInCells)
    {
        int room = Math.Max(widthInCells - gutter.Length, 10);
        int lines = 0;
        StringBuilder line = new();
        int width = 0, marks = 0, lastSpace = -1;
        foreach (Cell cell in Cells((hostile ?? "").TrimEnd('\r', '\n')))
        {
            if (cell.Text == "\n")
            {
                yield return gutter + line;
                line.Clear();
                (width, marks, lastSpace) = (0, 0, -1);
                if (++lines >= LinesPerText)
                {
                    yield return gutter + Longer;
                    yield break;
                }

                continue;
            }

            if (cell.IsMark)
            {
                if (++marks <= MarksPerCharacter)
                {
                    line.Append(cell.Text);
                }

                continue;
            }

            marks = 0;
            // Twice where what is carried over to the next line leaves no room there either.
            while (width > 0 && width + cell.WidthInCells > room)
            {
                string rest = lastSpace > 0 ? line.ToString(lastSpace + 1, line.Length - lastSpace - 1) : "";
                line.Length = lastSpace > 0 ? lastSpace : line.Length;
                yield return gutter + line;
                line.Clear().Append(rest);
                width = WidthInCells(rest);
                lastSpace = -1;
                if (++lines >= LinesPerText)
                {
                    yield return gutter + Longer;
                    yield break;
                }
            }

            if (cell.Text == " ")
            {
                lastSpace = line.Length;
            }

            line.Append(cell.Text);
            width += cell.WidthInCells;
        }

        yield return gutter + line;
    }

    /// <summary>Columns that already neutralised text takes on a terminal.</summary>
    public static int WidthInCells(string text)
    {
        int width = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            width += RuneWidth.InCells(rune);
        }

        return width;
    }

    /// <summary>Whether a rune may reach a screen as it is (newline and tab are the caller's).</summary>
    internal static bool IsHarmless(Rune rune) => !IsInvisible(rune.Value) && Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);

    // Variation selectors, and the letters and marks that are drawn as nothing: two words that look alike must be alike.
    private static bool IsInvisible(int value) => value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF)
        or (>= 0x180B and <= 0x180F) or 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0;

    private static int RestWidth(string hostile, Cell from)
    {
        int width = 0;
        foreach (Cell cell in Cells(hostile[from.Next..]))
        {
            width += cell.Text == "\n" ? 8 : cell.WidthInCells;
            if (width > 1)
            {
                break;
            }
        }

        return width;
    }

    private static IEnumerable<Cell> Cells(string hostile)
    {
        for (int at = 0; at < hostile.Length;)
        {
            if (!Rune.TryGetRuneAt(hostile, at, out Rune rune))
            {
                at++;
                yield return Named(hostile[at - 1], at);
                continue;
            }

            at += rune.Utf16SequenceLength;
            if (rune.Value == '\r' && at < hostile.Length && hostile[at] == '\n')
            {
                continue;
            }

            if (rune.Value == '\n')
            {
                yield return new Cell("\n", 0, false, at);
            }
            else if (rune.Value == '\t')
            {
                yield return new Cell("    ", 4, false, at);
            }
            else if (!IsHarmless(rune))
            {
                yield return Named(rune.Value, at);
            }
            else
            {
                // A spacing mark takes a column of its own, so it paints over nothing: it is cut by width, as letters are.
                bool isMark = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;
                yield return new Cell(rune.ToString(), isMark ? 0 : RuneWidth.InCells(rune), isMark, at);
            }
        }
    }

    private static Cell Named(int value, int next)
    {
        string name = $"⟨U+{value:X4}⟩";
        return new Cell(name, name.Length, false, next);
    }

    private readonly record struct Cell(string Text, int WidthInCells, bool IsMark, int Next);
}
