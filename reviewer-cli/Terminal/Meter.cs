namespace SecureDrop.Reviewer.Terminal;

/// <summary>Progress of one piece of work, on one line of stderr. Shown once the work has taken a second, and only to a person.</summary>
public sealed class Meter : IProgress<(long Done, long Total)>, IDisposable
{
    /// <summary>What takes longer wants a word.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);
    private readonly Streams _streams;
    private readonly TimeProvider _clock;
    private readonly long _started;
    private long _lastDrawn;
    private bool _drawn;

    internal Meter(Streams streams, string what, TimeProvider clock)
    {
        _streams = streams;
        What = what;
        _clock = clock;
        _started = clock.GetTimestamp();
        _lastDrawn = _started;
    }

    /// <summary>What is being done, in words of ours (it may change on the way).</summary>
    public string What { get; set; }

    /// <summary>Bytes done, and all of them (0 where nobody knows).</summary>
    public void Report((long Done, long Total) value)
    {
        if (!_streams.IsErrorTerminal || _clock.GetElapsedTime(_started) < Patience || _clock.GetElapsedTime(_lastDrawn) < Pace)
        {
            return;
        }

        _lastDrawn = _clock.GetTimestamp();
        _drawn = true;
        double seconds = _clock.GetElapsedTime(_started).TotalSeconds;
        string amount = value.Total > 0
            ? $"{ByteCount.Text(value.Done)} of {ByteCount.Text(value.Total)}" + Left(value, seconds)
            : ByteCount.Text(value.Done);
        string line = TerminalText.Line($"{What}  {amount}", _streams.WidthInCells - 1);
        _streams.Error.Write("\r" + line.PadRight(_streams.WidthInCells - 1));
    }

    public void Dispose()
    {
        if (_drawn)
        {
            _streams.Error.Write("\r" + new string(' ', _streams.WidthInCells - 1) + "\r");
        }
    }

    private static string Left((long Done, long Total) value, double seconds)
    {
        if (value.Done <= 0 || value.Done >= value.Total)
        {
            return "";
        }

        double left = seconds * (value.Total - value.Done) / value.Done;
        return left < 90 ? $", {Math.Ceiling(left):0} s left" : $", {Math.Ceiling(left / 60):0} min left";
    }
}
