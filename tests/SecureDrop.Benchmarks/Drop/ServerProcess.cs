using System.Diagnostics;
using System.Text;

namespace SecureDrop.Benchmarks.Drop;

/// <summary>The server as it is shipped, in a process of its own, over the embedded store.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _errors;

    private ServerProcess(Process process, StringBuilder errors, string setupToken, Uri source, Uri reviewers) =>
        (_process, _errors, SetupToken, Source, Reviewers) = (process, errors, setupToken, source, reviewers);

    internal int Id => _process.Id;

    /// <summary>What it had to say beside its addresses; empty where nothing went wrong.</summary>
    internal string Errors => _errors.ToString().Trim();

    internal string SetupToken { get; }

    internal Uri Source { get; }

    internal Uri Reviewers { get; }

    /// <param name="dataFolder">Where its data lie.</param>
    /// <param name="settings">Further settings, as the command line takes them.</param>
    internal static ServerProcess Start(string dataFolder, params string[] settings) => Start(dataFolder, [], settings);

    /// <param name="dataFolder">Where its data lie; null where the settings name a database.</param>
    /// <param name="variables">Settings by environment, which others cannot read.</param>
    /// <param name="settings">Further settings, as the command line takes them.</param>
    internal static ServerProcess Start(string? dataFolder, Dictionary<string, string> variables, params string[] settings)
    {
        Process process = ChildProcess.Start("dotnet",
        [
            Repository.Server, .. dataFolder is null ? (string[])[] : [$"--SecureDrop:Drop:DataDirectory={dataFolder}"],
            "--SecureDrop:Source:Listen=http://127.0.0.1:0", "--SecureDrop:Reviewer:Listen=http://127.0.0.1:0",
            .. settings,
        ], variables);
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

            return new ServerProcess(process, errors, printed.GetValueOrDefault("setup-token", ""), new Uri(printed["source"]), new Uri(printed["reviewer"]));
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
