namespace SecureDrop.Reviewer.Terminal;

/// <summary>A word on stderr while work goes on that cannot say how far it is. Shown once it has taken a second, and only to a person; gone
/// when disposed.</summary>
internal sealed class LateWord : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TextWriter _error;
    private readonly string _word;
    private readonly ITimer? _timer;
    private bool _isShown;
    private bool _isOver;

    /// <param name="error">Where it is shown, or null where nobody would read it.</param>
    /// <param name="word">Ours, on one line.</param>
    /// <param name="clock">Measures the second.</param>
    public LateWord(TextWriter? error, string word, TimeProvider clock)
    {
        _error = error ?? TextWriter.Null;
        _word = word;
        _timer = error is null ? null : clock.CreateTimer(_ => Show(), null, Meter.Patience, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_lock)
        {
            if (_isShown && !_isOver)
            {
                _error.Write("\r" + new string(' ', TerminalText.WidthInCells(_word)) + "\r");
                _error.Flush();
            }

            _isOver = true;
        }
    }

    // The timer may fire when the work is just over: then nothing may be written any more.
    private void Show()
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _isShown = true;
                _error.Write(_word);
                _error.Flush();
            }
        }
    }
}
