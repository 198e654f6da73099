using System.Runtime.CompilerServices;
using System.Text;

namespace SecureDrop.Reviewer.Terminal;

/// <summary>
/// A sentence of ours with holes: what stands between the holes is this program's, what fills them goes through
/// <see cref="TerminalText.Line"/>. Methods that print take this type, so a string from outside cannot be printed by mistake.
/// </summary>
[InterpolatedStringHandler]
public readonly ref struct SafeText
{
    private readonly StringBuilder _text;

    public SafeText(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + formattedCount * 16);

    public void AppendLiteral(string ours) => _text.Append(ours);

    public void AppendFormatted(string? hostile) => _text.Append(TerminalText.Line(hostile));

    public void AppendFormatted(string? hostile, int alignment)
    {
        string shown = TerminalText.Line(hostile);
        string padding = new(' ', Math.Max(Math.Abs(alignment) - TerminalText.WidthInCells(shown), 0));
        _text.Append(alignment < 0 ? shown + padding : padding + shown);
    }

    public void AppendFormatted(long number) => _text.Append(number);

    public void AppendFormatted<T>(T value) => AppendFormatted(value is DateOnly day ? Days.Text(day) : value?.ToString());

    public void AppendFormatted<T>(T value, string? format) where T : IFormattable =>
        AppendFormatted(value.ToString(format, System.Globalization.CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();
}
