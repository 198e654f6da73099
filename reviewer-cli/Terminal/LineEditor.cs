using System.Text;

namespace SecureDrop.Reviewer.Terminal;

/// <summary>Reads lines for the shell: arrows, history in memory only, Tab. Where nobody types, plain lines of standard input.</summary>
internal sealed class LineEditor(Streams streams, Func<string, IReadOnlyList<string>> complete)
{
    private const int HistoryLength = 200;
    private readonly List<string> _history = [];
    private StringBuilder _line = new();
    private int _at;

    /// <summary>The next line, or null at the end (Ctrl-D).</summary>
    public string? ReadLine(string prompt)
    {
        if (!streams.IsInputTerminal || !streams.IsErrorTerminal)
        {
            return streams.Input.ReadLine();
        }

        _line = new StringBuilder();
        _at = 0;
        int recalled = _history.Count;
        Draw(prompt);
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            bool control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    streams.Error.WriteLine();
                    return Remember(_line.ToString());
                case ConsoleKey.D when control && _line.Length == 0:
                    streams.Error.WriteLine();
                    return null;
                case ConsoleKey.UpArrow when recalled > 0:
                    Set(_history[--recalled]);
                    break;
                case ConsoleKey.DownArrow when recalled < _history.Count:
                    Set(++recalled < _history.Count ? _history[recalled] : "");
                    break;
                case ConsoleKey.LeftArrow:
                    _at = Math.Max(_at - 1, 0);
                    break;
                case ConsoleKey.RightArrow:
                    _at = Math.Min(_at + 1, _line.Length);
                    break;
                case ConsoleKey.Home or ConsoleKey.A when key.Key == ConsoleKey.Home || control:
                    _at = 0;
                    break;
                case ConsoleKey.End or ConsoleKey.E when key.Key == ConsoleKey.End || control:
                    _at = _line.Length;
                    break;
                case ConsoleKey.Backspace when _at > 0:
                    _line.Remove(--_at, 1);
                    break;
                case ConsoleKey.Delete when _at < _line.Length:
                    _line.Remove(_at, 1);
                    break;
                case ConsoleKey.U when control:
                    Set("");
                    break;
                case ConsoleKey.Tab:
                    Complete(prompt);
                    break;
                default:
                    if (!char.IsControl(key.KeyChar) && key.KeyChar != '\0')
                    {
                        _line.Insert(_at++, key.KeyChar);
                    }

                    break;
            }

            Draw(prompt);
        }
    }

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

        streams.Error.Write("\n" + TerminalText.Line(string.Join("  ", found), streams.WidthInCells * 3) + "\n");
        Draw(prompt);
    }

    private void Draw(string prompt)
    {
        string shown = TerminalText.Line(_line.ToString());
        int back = TerminalText.WidthInCells(TerminalText.Line(_line.ToString(_at, _line.Length - _at)));
        streams.Error.Write($"\r\x1b[K{prompt}{shown}" + (back > 0 ? $"\x1b[{back}D" : ""));
        streams.Error.Flush();
    }
}
