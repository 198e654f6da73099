namespace SecureDrop.Reviewer.Terminal;

/// <summary>Where a process reads and writes, and what is known about the other end. Tests make their own.</summary>
public sealed class Streams
{
    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader Input { get; init; }

    public bool IsOutputTerminal { get; init; }

    public bool IsErrorTerminal { get; init; }

    public bool IsInputTerminal { get; init; }

    public bool Color { get; init; }

    public int WidthInCells { get; init; } = 100;

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
            WidthInCells = Width(),
            OpenInput = Console.OpenStandardInput,
        };
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
