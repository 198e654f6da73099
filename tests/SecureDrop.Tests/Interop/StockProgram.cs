using Xunit;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace SecureDrop.Tests.Interop;

/// <summary>What a program left behind.</summary>
public sealed record StockProgramResult(int ExitCode, byte[] Output, string Errors)
{
    public string OutputText => Encoding.UTF8.GetString(Output);

    /// <summary>Fails the test, with what the program said, unless it ended well.</summary>
    public StockProgramResult MustSucceed()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Errors}{OutputText}");
        return this;
    }
}

/// <summary>
/// A program of somebody else that our formats are checked against. Where it is missing the test is skipped, and the run prints
/// which program to install. Arguments are passed as a list, so nothing is ever read by a shell.
/// </summary>
public sealed class StockProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string? _path;

    private StockProgram(string? path, string skipReason)
    {
        _path = path;
        SkipReason = path is null ? skipReason : null;
    }

    /// <summary>Why the tests that need it are skipped, or null where the program is there.</summary>
    public string? SkipReason { get; }

    /// <summary>Path of the program.</summary>
    public string Path => _path ?? throw new InvalidOperationException(SkipReason);

    /// <summary>The root of the repository: the directory of the solution, above the test's binaries.</summary>
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    /// <summary>A program that the system has installed.</summary>
    /// <param name="name">Its name, as on a command line.</param>
    /// <param name="package">How to get it, for the reason printed.</param>
    public static StockProgram Installed(string name, string package)
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => System.IO.Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);
        return new StockProgram(path, $"{name} is not installed ({package})");
    }

    /// <summary>An optional stock program, which stands beside the repository in <c>../shared/bin</c>.</summary>
    /// <param name="name">Its file name.</param>
    /// <param name="release">What it is, for the reason printed.</param>
    public static StockProgram Beside(string name, string release)
    {
        string path = System.IO.Path.GetFullPath(System.IO.Path.Combine(RepositoryRoot, "..", "shared", "bin", name));
        return new StockProgram(File.Exists(path) ? path : null, $"the optional stock program {name} ({release}) is not there");
    }

    /// <summary>Skips the running test, with the reason, where the program is missing.</summary>
    public StockProgram OrSkip()
    {
        Assert.SkipWhen(SkipReason is not null, SkipReason ?? "");
        return this;
    }

    /// <summary>Runs the program to its end.</summary>
    /// <param name="arguments">Arguments, unquoted.</param>
    /// <param name="input">What it reads from standard input.</param>
    /// <param name="workingDirectory">Where it runs.</param>
    /// <exception cref="TimeoutException">It ran for more than two minutes, and was ended.</exception>
    public async Task<StockProgramResult> RunAsync(IEnumerable<string> arguments, ReadOnlyMemory<byte> input = default, string? workingDirectory = null) =>
        await RunAsync(arguments, input, workingDirectory, keepInputOpen: false);

    private async Task<StockProgramResult> RunAsync(IEnumerable<string> arguments, ReadOnlyMemory<byte> input, string? workingDirectory, bool keepInputOpen)
    {
        var start = new ProcessStartInfo(Path, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        using Process process = Process.Start(start) ?? throw new Win32Exception("The program did not start.");
        using var output = new MemoryStream();
        Task copyOutput = process.StandardOutput.BaseStream.CopyToAsync(output);
        Task<string> readErrors = process.StandardError.ReadToEndAsync();
        await FeedAsync(process, input, keepInputOpen);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{System.IO.Path.GetFileName(Path)} did not end within {Patience}.", e);
        }

        await copyOutput;
        return new StockProgramResult(process.ExitCode, output.ToArray(), await readErrors);
    }

    /// <summary>Runs the program on a terminal of its own (by util-linux' <c>script</c>), for programs that ask for a passphrase there.</summary>
    /// <param name="arguments">Arguments without characters that a shell knows; files by their names in <paramref name="workingDirectory"/>.</param>
    /// <param name="typed">What is typed, one line each.</param>
    /// <param name="workingDirectory">Where it runs.</param>
    public async Task<StockProgramResult> RunOnTerminalAsync(IReadOnlyList<string> arguments, IEnumerable<string> typed, string workingDirectory)
    {
        StockProgram script = Installed("script", "Debian's bsdutils").OrSkip();
        Assert.All([Path, .. arguments], word => Assert.Matches("^[A-Za-z0-9./_=-]+$", word));
        string command = string.Join(' ', [Path, .. arguments]);
        string keys = string.Concat(typed.Select(line => line + "\n"));
        return await script.RunAsync(["--quiet", "--return", "--command", command, "/dev/null"], Encoding.UTF8.GetBytes(keys), workingDirectory, keepInputOpen: true);
    }

    private static async Task FeedAsync(Process process, ReadOnlyMemory<byte> input, bool keepOpen)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input);
            await process.StandardInput.BaseStream.FlushAsync();
            if (!keepOpen)
            {
                // A terminal that ends its input hangs up on the program.
                process.StandardInput.Close();
            }
        }
        catch (IOException)
        {
            // The program ended without reading all of its input; its exit code says what it thought of it.
        }
    }

    private static string FindRepositoryRoot()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "SecureDrop.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException("The tests run from within the repository: no SecureDrop.sln above " + AppContext.BaseDirectory);
    }
}
