namespace SecureDrop.Reviewer.Terminal;

/// <summary>Where a process reads and writes, and what is known about the other end. Tests make their own.</summary>
public sealed class Streams
{
    private const int LeastRoomForAnswerInCells = 30;

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader Input { get; init; }

    public bool IsOutputTerminal { get; init; }

    public bool IsErrorTerminal { get; init; }

    public bool IsInputTerminal { get; init; }

    public bool Color { get; init; }

    /// <summary>Columns to fit in, measured anew each time: a window may be resized while a shell is open.</summary>
    public int WidthInCells => MeasureWidth();

    public Func<int> MeasureWidth { get; init; } = static () => 100;

    /// <summary>Reads a person's answer after a prompt, null for none (Ctrl-C, Ctrl-D); null where <see cref="Input"/> is to be read instead.</summary>
    public Func<string, string?>? ReadAnswer { get; init; }

    /// <summary>Bytes of stdin, for <c>reply -</c>.</summary>
    public Func<Stream> OpenInput { get; init; } = static () => Stream.Null;

    /// <summary>The streams of this process. NO_COLOR (no-color.org) and TERM=dumb are honoured.</summary>
    public static Streams OfProcess()
    {
        UseUtf8();
        return new Streams
        {
            Output = Console.Out,
            Error = Console.Error,
            Input = Console.In,
            IsOutputTerminal = !Console.IsOutputRedirected,
            IsErrorTerminal = !Console.IsErrorRedirected,
            IsInputTerminal = !Console.IsInputRedirected,
            Color = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
                && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or null or ""),
            MeasureWidth = Width,
            ReadAnswer = Console.IsInputRedirected || Console.IsErrorRedirected ? null : ReadAnswerByKeys,
            OpenInput = Console.OpenStandardInput,
        };
    }

    private static string? ReadAnswerByKeys(string question)
    {
        bool isLong = TerminalText.WidthInCells(question) > Width() - LeastRoomForAnswerInCells;
        if (isLong)
        {
            // The editor draws on one line; what has to be read to answer stands above it, whole.
            Console.Error.WriteLine(question);
        }

        return new LineEditor(Console.Error, Width, static _ => []).Edit(isLong ? "> " : question, out _);
    }

    private static void UseUtf8()
    {
        try
        {
            Console.OutputEncoding = new System.Text.UTF8Encoding(false);
        }
        catch (IOException)
        {
            // A console that cannot be told stays as it is.
        }
    }

    private static int Width()
    {
        try
        {
            return Console.IsOutputRedirected ? 100 : Math.Clamp(Console.WindowWidth, 40, 160);
        }
        catch (IOException)
        {
            return 100;
        }
    }
}
