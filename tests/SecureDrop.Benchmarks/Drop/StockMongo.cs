using System.Diagnostics;
using System.Text.RegularExpressions;

namespace SecureDrop.Benchmarks.Drop;

/// <summary>The MongoDB that a run uses: the one that <c>SECUREDROP_TEST_MONGODB</c> names, else an optional stock program beside the repository.</summary>
internal sealed partial class StockMongo : IDisposable
{
    private const string Variable = "SECUREDROP_TEST_MONGODB";

    private readonly Process? _process;

    private StockMongo(Process? process, string connectionString) => (_process, ConnectionString) = (process, connectionString);

    internal string ConnectionString { get; }

    internal static StockMongo Start(ScratchFolder folder)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            return new StockMongo(null, given);
        }

        string program = Repository.Stock("secantusd-rs")
            ?? throw new InvalidOperationException($"There is no MongoDB to load: set {Variable} to a connection string.");
        Process process = ChildProcess.Start(program, ["--host", "127.0.0.1", "--port", "0", "--storage-path", folder.File("mongodb"), "--sync-on-commit", "--cache-size", "256M"]);
        TaskCompletionSource<string> port = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Read(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is null)
            {
                port.TrySetException(new InvalidOperationException("The database did not start."));
            }
            else if (Listening().Match(line.Data) is { Success: true } found)
            {
                port.TrySetResult(found.Groups["port"].Value);
            }
        }

        process.OutputDataReceived += Read;
        process.ErrorDataReceived += Read;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new StockMongo(process, $"mongodb://127.0.0.1:{port.Task.GetAwaiter().GetResult()}/?directConnection=true");
    }

    public void Dispose()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
    }

    [GeneratedRegex(@"127\.0\.0\.1:(?<port>[0-9]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Listening();
}
