using System.Diagnostics;
using System.Text;

namespace SecureDrop.Benchmarks.Drop;

/// <summary>The server as it is shipped, in a process of its own, over the embedded store.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, string setupToken, Uri source, Uri reviewers) =>
        (_process, SetupToken, Source, Reviewers) = (process, setupToken, source, reviewers);

    internal int Id => _process.Id;

    internal string SetupToken { get; }

    internal Uri Source { get; }

    internal Uri Reviewers { get; }

    internal static ServerProcess Start(string dataFolder)
    {
        Process process = ChildProcess.Start("dotnet",
        [
            Repository.Server, $"--SecureDrop:Drop:DataDirectory={dataFolder}",
            "--SecureDrop:Source:Listen=http://127.0.0.1:0", "--SecureDrop:Reviewer:Listen=http://127.0.0.1:0",
        ]);
        StringBuilder errors = ChildProcess.CollectErrors(process);
        try
        {
            Dictionary<string, string> printed = [];
            while (!printed.ContainsKey("reviewer"))
            {
                string line = process.StandardOutput.ReadLine()
                    ?? throw new InvalidOperationException($"The server did not start. {errors}(`npm run build --prefix server/Web` builds the page.)");
                if (line.IndexOf(": ", StringComparison.Ordinal) is var at and > 0)
                {
                    printed[line[..at]] = line[(at + 2)..];
                }
            }

            return new ServerProcess(process, printed["setup-token"], new Uri(printed["source"]), new Uri(printed["reviewer"]));
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
