using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using MongoDB.Driver;
using SecureDrop.Server.Storage.Mongo;
using SecureDrop.Tests.Interop;
using SecureDrop.Tests.Server.Storage.Mongo;
using Xunit;

[assembly: AssemblyFixture(typeof(MongoServer))]

namespace SecureDrop.Tests.Server.Storage.Mongo;

/// <summary>
/// The MongoDB that tests run on: the one that <c>SECUREDROP_TEST_MONGODB</c> names, else an optional stock program that speaks its
/// protocol, started once for all tests, else none, and then they are skipped with the reason.
/// </summary>
public sealed partial class MongoServer : IAsyncDisposable
{
    private const string Variable = "SECUREDROP_TEST_MONGODB";
    private const string Why = "no MongoDB to test with: set " + Variable + " to a connection string (a replica set of 5.3 or newer, which may be a cluster)";

    private readonly TemporaryFolder _folder = new();
    private readonly SemaphoreSlim _once = new(1);
    private Process? _process;
    private string? _connectionString;

    /// <summary>Whether it is more than a stand-in of one member: then failover and majority can be shown.</summary>
    public static bool IsCluster => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };

    /// <summary>A database of the test's own; the test is skipped where there is no server.</summary>
    public async Task<MongoConnection> NewDatabaseAsync() =>
        new(await ConnectionStringAsync(), "securedrop_test_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));

    /// <summary>Removes what a test made.</summary>
    public static async Task DropAsync(MongoConnection options)
    {
        using var client = new MongoClient(options.ConnectionString);
        await client.DropDatabaseAsync(options.Database);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
        _once.Dispose();
        _folder.Dispose();
    }

    private async Task<string> ConnectionStringAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            return given;
        var stock = StockProgram.Beside("secantusd-rs", "SecantusDB 0.5.3");
        Assert.SkipWhen(stock.SkipReason is not null, Why + "; or " + stock.SkipReason);
        await _once.WaitAsync();
        try
        {
            return _connectionString ??= await StartAsync(stock.Path);
        }
        finally
        {
            _once.Release();
        }
    }

    private async Task<string> StartAsync(string path)
    {
        var start = new ProcessStartInfo(path,
            ["--host", "127.0.0.1", "--port", "0", "--storage-path", Path.Combine(_folder.Path, "db"), "--sync-on-commit", "--cache-size", "256M"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
        };
        _process = Process.Start(start)!;
        var port = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new System.Text.StringBuilder();
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
        return $"mongodb://127.0.0.1:{await port.Task}/?directConnection=true";
    }

    [GeneratedRegex(@"127\.0\.0\.1:(?<port>[0-9]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Listening();
}
