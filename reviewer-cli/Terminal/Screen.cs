using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace SecureDrop.Reviewer.Terminal;

/// <summary>How a line of ours is set.</summary>
public enum LineStyle
{
    Plain,
    Strong,
    Faint,

    /// <summary>The only thing in red.</summary>
    Alarm,
}

/// <summary>
/// What commands print to. Words go to stdout, or to stderr where stdout carries JSON; every method takes <see cref="SafeText"/>, so
/// that nothing from outside is printed as it came.
/// </summary>
public sealed class Screen
{
    private readonly IAnsiConsole _words;
    private readonly IAnsiConsole _asides;
    private readonly Streams _streams;

    public Screen(Streams streams, bool json)
    {
        _streams = streams;
        IsJson = json;
        _asides = Console(streams.Error, streams.IsErrorTerminal && streams.Color);
        _words = json ? _asides : Console(streams.Output, streams.IsOutputTerminal && streams.Color);
    }

    /// <summary>Stdout carries one JSON document and nothing else.</summary>
    public bool IsJson { get; }

    /// <summary>Columns to fit in; 100 where nobody knows.</summary>
    public int WidthInCells => _streams.WidthInCells;

    /// <summary>Whether a question would reach a person.</summary>
    public bool CanAsk => _streams.IsInputTerminal && _streams.IsErrorTerminal;

    /// <summary>What the command was asked for.</summary>
    public void Line(SafeText text, LineStyle style = LineStyle.Plain) => Write(_words, text.ToString(), style);

    /// <summary>An empty line.</summary>
    public void Gap() => Write(_words, "", LineStyle.Plain);

    /// <summary>A word beside the result: progress, hints. Always stderr.</summary>
    public void Note(SafeText text, LineStyle style = LineStyle.Plain) => Write(_asides, text.ToString(), style);

    /// <summary>Red, and first. What is wrong and what to do.</summary>
    public void Alarm(SafeText text) => Write(_words, "ALARM  " + text.ToString(), LineStyle.Alarm);

    /// <summary>Hostile text of several lines behind a gutter.</summary>
    public void Block(string? hostile, string gutter = "  │ ", int? widthInCells = null)
    {
        foreach (string line in TerminalText.Block(hostile, gutter, widthInCells ?? WidthInCells))
        {
            Write(_words, line, LineStyle.Plain);
        }
    }

    /// <summary>The one JSON document of this command. The default encoder escapes all that is not printable ASCII, so a report's
    /// escape sequences stay spelled out here as well.</summary>
    public void Json<T>(T value, JsonTypeInfo<T> type)
    {
        if (IsJson)
        {
            _streams.Output.WriteLine(JsonSerializer.Serialize(value, type));
        }
    }

    /// <summary>Runs work that may take long: a bar on stderr where a person looks, after a second; nothing elsewhere.</summary>
    public Meter StartMeter(string what, TimeProvider clock) => new(_streams, what, clock);

    /// <summary>Says that something is being unlocked, where that takes over a second and a person looks.</summary>
    internal LateWord Unlocking(TimeProvider clock) => new(_streams.IsErrorTerminal && !IsJson ? _streams.Error : null, "Unlocking…", clock);

    private static void Write(IAnsiConsole console, string text, LineStyle style) =>
        console.Write(new Text(text + "\n", style switch
        {
            LineStyle.Strong => new Style(decoration: Decoration.Bold),
            LineStyle.Faint => new Style(decoration: Decoration.Dim),
            LineStyle.Alarm => new Style(foreground: Color.Red, decoration: Decoration.Bold),
            _ => Style.Plain,
        }));

    private static IAnsiConsole Console(TextWriter writer, bool color)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = color ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = color ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        // Lines are fitted before they come here; a link cut in two by the drawing library could not be copied.
        console.Profile.Width = short.MaxValue;
        return console;
    }
}
