using System.Diagnostics;
using System.Text;
using SecureDrop.Tests.Interop;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Processes;

/// <summary>The real program on a terminal of its own (by util-linux' <c>script</c>), with somebody at the keys.</summary>
internal sealed class TerminalSession : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly StringBuilder _shown = new();
    private readonly Task _reading;
    private int _readUpTo;

    private TerminalSession(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    /// <summary>Everything that came to the screen so far, escape sequences included.</summary>
    public string Shown
    {
        get
        {
            lock (_shown)
            {
                return _shown.ToString();
            }
        }
    }

    public static TerminalSession Start(TestDesk desk, params string[] arguments)
    {
        StockProgram script = StockProgram.Installed("script", "Debian's bsdutils").OrSkip();
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] words = [dotnet, Path.Combine(AppContext.BaseDirectory, "reviewer.dll"), .. arguments];
        Assert.All(words, word => Assert.Matches("^[A-Za-z0-9./_=-]+$", word));
        ProcessStartInfo start = new(script.Path, ["--quiet", "--flush", "--return", "--command", "stty cols 72 rows 24; exec " + string.Join(' ', words), "/dev/null"])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach ((string name, string value) in desk.Variables)
        {
            start.Environment[name] = value;
        }

        start.Environment["TERM"] = "xterm";
        return new TerminalSession(Process.Start(start)!);
    }

    /// <summary>Presses keys: as the terminal sends them, so Enter is a carriage return.</summary>
    public async Task TypeAsync(string keys)
    {
        await _process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(keys));
        await _process.StandardInput.BaseStream.FlushAsync();
    }

    /// <summary>Waits until a text is shown, after all that was waited for before.</summary>
    public async Task SeeAsync(string text)
    {
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            string shown = Shown;
            int at = shown.IndexOf(text, _readUpTo, StringComparison.Ordinal);
            if (at >= 0)
            {
                _readUpTo = at + text.Length;
                return;
            }

            Assert.False(patience.IsCancellationRequested || (_process.HasExited && _reading.IsCompleted), $"“{text}” was not shown:\n{shown[_readUpTo..]}");
            await Task.Delay(50);
        }
    }

    public async Task<int> EndAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        await _process.WaitForExitAsync(patience.Token);
        await _reading;
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        char[] buffer = new char[4096];
        int read;
        while ((read = await _process.StandardOutput.ReadAsync(buffer)) > 0)
        {
            lock (_shown)
            {
                _shown.Append(buffer, 0, read);
            }
        }
    }
}
