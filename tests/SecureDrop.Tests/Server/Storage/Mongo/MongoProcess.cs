using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SecureDrop.Tests.Interop;
using Xunit;

namespace SecureDrop.Tests.Server.Storage.Mongo;

/// <summary>An optional stock program that speaks MongoDB's protocol as a replica set of one, as a process that a test may kill and start again.</summary>
public sealed partial class MongoProcess : IAsyncDisposable
{
    private static readonly StockProgram Stock = StockProgram.Beside("secantusd-rs", "SecantusDB 0.5.3");

    private readonly TemporaryFolder _folder = new();
    private readonly string[] _arguments;
    private Process? _process;

    private MongoProcess(string[] arguments) => _arguments = arguments;

    /// <summary>Why it cannot be started, or null.</summary>
    public static string? SkipReason => Stock.SkipReason;

    /// <summary>Where it listens, from its first start on.</summary>
    public int Port { get; private set; }

    public string ConnectionString => $"mongodb://127.0.0.1:{Port}/?directConnection=true";

    /// <param name="arguments">What it is started with besides where it listens and stores.</param>
    /// <param name="port">0: one that the system chooses.</param>
    public static async Task<MongoProcess> StartAsync(string[]? arguments = null, int port = 0)
    {
        var server = new MongoProcess(arguments ?? []) { Port = port };
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>With what it had stored, and where it listened.</summary>
    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo(Stock.Path,
            ["--host", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture), "--storage-path", Path.Combine(_folder.Path, "db"), "--sync-on-commit", "--cache-size", "256M", .. _arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
        };
        _process = Process.Start(start)!;
        var port = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new StringBuilder();
        void Read(object sender, DataReceivedEventArgs line)
        {
            lock (said)
                said.AppendLine(line.Data);
            if (line.Data is { } text && Listening().Match(text) is { Success: true } found)
                port.TrySetResult(int.Parse(found.Groups["port"].ValueSpan, CultureInfo.InvariantCulture));
        }
        _process.OutputDataReceived += Read;
        _process.ErrorDataReceived += Read;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var first = await Task.WhenAny(port.Task, _process.WaitForExitAsync(), Task.Delay(TimeSpan.FromMinutes(1)));
        if (first != port.Task)
            throw new InvalidOperationException($"The stand-in for MongoDB did not start: {said}");
        Port = await port.Task;
    }

    /// <summary>Without a chance to tidy up.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    [GeneratedRegex(@"127\.0\.0\.1:(?<port>[0-9]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Listening();
}
