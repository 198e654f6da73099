using System.Diagnostics;
using System.Text;

namespace SecureDrop.Benchmarks.Drop;

/// <summary>Programs started by a benchmark; each ends with it.</summary>
internal static class ChildProcess
{
    internal static Process Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? variables = null, bool withInput = false)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = withInput,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        // As ./run and the service unit start it: no debugger may attach.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach ((string name, string value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    /// <summary>Collects what a program says beside its result, to be shown if it fails.</summary>
    internal static StringBuilder CollectErrors(Process process)
    {
        StringBuilder errors = new();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
        return errors;
    }

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    internal static string Run(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? variables = null)
    {
        using Process process = Start(program, arguments, variables);
        StringBuilder errors = CollectErrors(process);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with code {process.ExitCode}. {output}{errors}");
    }
}
