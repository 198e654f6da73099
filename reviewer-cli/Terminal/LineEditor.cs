using System.Text;

namespace SecureDrop.Reviewer.Terminal;

/// <summary>
/// Reads a line from the keyboard: arrows, history in memory only, Tab. Ctrl-C is a key here and no signal: it lets go of the line, not of
/// the program.
/// </summary>
internal sealed class LineEditor(TextWriter screen, Func<int> widthInCells, Func<string, IReadOnlyList<string>> complete)
{
    private const int HistoryLength = 200;

    // Narrower than this a terminal shows no line at all.
    private const int LeastWidthInCells = 20;

    private readonly List<string> _history = [];
    private StringBuilder _line = new();
    private int _at;

    /// <summary>The line, or null where it was let go of: by Ctrl-D on an empty one (<paramref name="isEnd"/>), or by Ctrl-C.</summary>
    public string? Edit(string prompt, out bool isEnd)
    {
        isEnd = false;
        _line = new StringBuilder();
        _at = 0;
        int recalled = _history.Count;
        bool before = Console.TreatControlCAsInput;
        Console.TreatControlCAsInput = true;
        try
        {
            Draw(prompt);
            while (true)
            {
                ConsoleKeyInfo key = Console.ReadKey(intercept: true);
                bool control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
                switch (key.Key)
                {
                    case ConsoleKey.Enter:
                        screen.WriteLine();
                        return Remember(_line.ToString());
                    case ConsoleKey.C when control:
                        screen.WriteLine("^C");
                        return null;
                    case ConsoleKey.D when control && _line.Length == 0:
                        screen.WriteLine();
                        isEnd = true;
                        return null;
                    case ConsoleKey.UpArrow when recalled > 0:
                        Set(_history[--recalled]);
                        break;
                    case ConsoleKey.DownArrow when recalled < _history.Count:
                        Set(++recalled < _history.Count ? _history[recalled] : "");
                        break;
                    case ConsoleKey.Tab:
                        Complete(prompt);
                        break;
                    default:
                        Change(key, control);
                        break;
                }

                Draw(prompt);
            }
        }
        finally
        {
            Console.TreatControlCAsInput = before;
        }
    }

    private void Change(ConsoleKeyInfo key, bool control)
    {
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow:
                _at -= _at > 0 ? RuneBefore() : 0;
                break;
            case ConsoleKey.RightArrow:
                _at += _at < _line.Length ? RuneAfter() : 0;
                break;
            case ConsoleKey.Home or ConsoleKey.A when key.Key == ConsoleKey.Home || control:
                _at = 0;
                break;
            case ConsoleKey.End or ConsoleKey.E when key.Key == ConsoleKey.End || control:
                _at = _line.Length;
                break;
            case ConsoleKey.Backspace when _at > 0:
                int length = RuneBefore();
                _at -= length;
                _line.Remove(_at, length);
                break;
            case ConsoleKey.Delete when _at < _line.Length:
                _line.Remove(_at, RuneAfter());
                break;
            case ConsoleKey.U when control:
                Set("");
                break;
            default:
                if (!control && !char.IsControl(key.KeyChar) && key.KeyChar != '\0')
                {
                    _line.Insert(_at++, key.KeyChar);
                }

                break;
        }
    }

    // A character beyond the first plane is two units of UTF-16: half of one is nothing that can be typed or drawn.
    private int RuneBefore() => _at > 1 && char.IsLowSurrogate(_line[_at - 1]) && char.IsHighSurrogate(_line[_at - 2]) ? 2 : 1;

    private int RuneAfter() => _at + 1 < _line.Length && char.IsHighSurrogate(_line[_at]) && char.IsLowSurrogate(_line[_at + 1]) ? 2 : 1;

    private string Remember(string line)
    {
        if (line.Trim().Length > 0 && (_history.Count == 0 || _history[^1] != line))
        {
            _history.Add(line);
            if (_history.Count > HistoryLength)
            {
                _history.RemoveAt(0);
            }
        }

        return line;
    }

    private void Set(string text)
    {
        _line.Clear().Append(text);
        _at = text.Length;
    }

    private void Complete(string prompt)
    {
        string before = _line.ToString(0, _at);
        IReadOnlyList<string> found = complete(before);
        string word = before.Split(' ')[^1];
        if (found.Count == 0)
        {
            return;
        }

        string common = found.Aggregate((a, b) => a[..a.AsSpan().CommonPrefixLength(b)]);
        string more = (common.Length > word.Length ? common[word.Length..] : "") + (found.Count == 1 ? " " : "");
        if (more.Length > 0)
        {
            _line.Insert(_at, more);
            _at += more.Length;
            return;
        }

        screen.Write("\n" + TerminalText.Line(string.Join("  ", found), widthInCells() * 3) + "\n");
        Draw(prompt);
    }

    /// <summary>The part of the line around the cursor that fits: were it to wrap, each key would leave a copy of it behind.</summary>
    private void Draw(string prompt)
    {
        int room = Math.Max(widthInCells(), LeastWidthInCells) - TerminalText.WidthInCells(prompt) - 1;
        string before = TailWithin(TerminalText.Line(_line.ToString(0, _at)), room);
        string after = HeadWithin(TerminalText.Line(_line.ToString(_at, _line.Length - _at)), room - TerminalText.WidthInCells(before));
        int back = TerminalText.WidthInCells(after);
        screen.Write($"\r\x1b[K{prompt}{before}{after}" + (back > 0 ? $"\x1b[{back}D" : ""));
        screen.Flush();
    }

    private static string HeadWithin(string text, int widthInCells)
    {
        int length = 0, width = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            width += RuneWidth.InCells(rune);
            if (width > widthInCells)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }

    private static string TailWithin(string text, int widthInCells)
    {
        int from = 0, width = TerminalText.WidthInCells(text);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (width <= widthInCells)
            {
                break;
            }

            width -= RuneWidth.InCells(rune);
            from += rune.Utf16SequenceLength;
        }

        return text[from..];
    }
}
