using System.Globalization;
using System.Text;

namespace SecureDrop.Reviewer.Terminal;

/// <summary>Columns of a rune on a terminal (Unicode Standard Annex 11: wide and full-width are two).</summary>
internal static class RuneWidth
{
    public static int InCells(Rune rune) => rune.Value switch
    {
        < 0x300 => 1,
        _ when Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => 0,
        // Spacing marks take a column in most fonts; counted as one so that a line never grows past its end.
        (>= 0x1100 and <= 0x115F) or (>= 0x231A and <= 0x231B) or (>= 0x2329 and <= 0x232A) or (>= 0x23E9 and <= 0x23F3)
            or (>= 0x25FD and <= 0x25FE) or (>= 0x2614 and <= 0x2615) or (>= 0x2630 and <= 0x2637) or (>= 0x2648 and <= 0x2653)
            or (>= 0x267F and <= 0x27BF) or (>= 0x2B1B and <= 0x2B55)
            or (>= 0x2E80 and <= 0x303E) or (>= 0x3041 and <= 0x33FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4DC0 and <= 0x9FFF)
            or (>= 0xA000 and <= 0xA4CF) or (>= 0xA960 and <= 0xA97F) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0xFE10 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6)
            or (>= 0x16FE0 and <= 0x18DFF) or (>= 0x1AFF0 and <= 0x1B2FF) or (>= 0x1D300 and <= 0x1D37F)
            or (>= 0x1F000 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD) => 2,
        _ => 1,
    };
}
