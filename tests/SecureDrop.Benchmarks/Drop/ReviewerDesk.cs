using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace SecureDrop.Benchmarks.Drop;

/// <summary>
/// The reviewer's tool as it is shipped: a drop made by <c>init</c>, then one <c>shell</c> that unlocks once. What is measured comes
/// after the unlocking, whose scrypt takes a second and 256 MiB by design.
/// </summary>
internal sealed class ReviewerDesk : IDisposable
{
    private readonly Dictionary<string, string> _variables;
    private Process? _shell;
    private StringBuilder _errors = new();

    private ReviewerDesk(Dictionary<string, string> variables) => _variables = variables;

    /// <summary>The shell's process.</summary>
    internal int Id => _shell!.Id;

    /// <summary>Makes the keys and the first roster and publishes it.</summary>
    internal static ReviewerDesk Create(ScratchFolder folder, Uri reviewers, Uri source, string setupToken)
    {
        string passphrase = folder.File("passphrase");
        string token = folder.File("setup-token");
        File.WriteAllText(passphrase, "a passphrase for benchmarks alone\n");
        File.WriteAllText(token, setupToken + "\n");
        ReviewerDesk desk = new(new()
        {
            ["SECUREDROP_HOME"] = folder.File("desk"), ["SECUREDROP_PASSPHRASE_FILE"] = passphrase,
        });
        desk.Run("init", "--name", "Benchmark", "--as", "Reviewer", "--url", source.GetLeftPart(UriPartial.Authority),
            "--server", reviewers.GetLeftPart(UriPartial.Authority), "--json");
        desk.Run("roster", "publish", "--setup-token-file", token);
        return desk;
    }

    /// <summary>One command in a process of its own, unlocking included.</summary>
    internal string Run(params string[] arguments) => ChildProcess.Run("dotnet", [Repository.Reviewer, .. arguments], _variables);

    /// <summary>Starts the shell; returns once it is unlocked.</summary>
    internal void Unlock()
    {
        _shell = ChildProcess.Start("dotnet", [Repository.Reviewer, "shell"], _variables, withInput: true);
        _errors = ChildProcess.CollectErrors(_shell);
        using JsonDocument inbox = Command("inbox");
    }

    /// <summary>One command in the unlocked shell; returns its JSON, which is the last thing it prints.</summary>
    internal JsonDocument Command(string command)
    {
        _shell!.StandardInput.WriteLine(command + " --json");
        _shell.StandardInput.Flush();
        StringBuilder json = new();
        while (true)
        {
            string line = _shell.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The shell ended at `{command}`. {_errors}");
            json.Append(line).Append('\n');
            // The document is indented, so only its own end stands at the beginning of a line.
            if (line == "}")
            {
                return JsonDocument.Parse(json.ToString());
            }
        }
    }

    /// <summary>Ends the shell.</summary>
    internal void Lock()
    {
        _shell?.Kill();
        _shell?.WaitForExit();
        _shell?.Dispose();
        _shell = null;
    }

    public void Dispose() => Lock();
}
