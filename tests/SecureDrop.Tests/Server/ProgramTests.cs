using System.Diagnostics;
using Xunit;

namespace SecureDrop.Tests.Server;

/// <summary>The program itself, as a process: its exit codes, and one sentence for whoever started it.</summary>
public sealed class ProgramTests
{
    private static readonly string Assembly = typeof(SecureDrop.Server.Hosting.DropServer).Assembly.Location;

    [Fact]
    public async Task Start_WrongSetting_ExitCode2AndOneSentence()
    {
        var (exitCode, output, errors) = await RunAsync("--SecureDrop:Drop:DataDirectory=/data", "--SecureDrop:Tickets:LeastDifficulty=99");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Equal("SecureDrop:Tickets:LeastDifficulty must be 0 to 24: clients give up above that.\n", errors);
    }

    [Fact]
    public async Task Start_FolderOfARunningServerOrNoFolder_ExitCode3AndOneSentence()
    {
        using var folder = new TemporaryFolder();
        // The page must be there, or the start ends before the folder is looked at.
        var page = Path.Combine(Path.GetDirectoryName(Assembly)!, "wwwroot", "page.html");
        Assert.SkipUnless(File.Exists(page), "The page is not built.");
        using (SecureDrop.Server.Storage.Sqlite.DataFolder.Open(folder.Path))
        {
            var (exitCode, _, errors) = await RunAsync($"--SecureDrop:Drop:DataDirectory={folder.Path}", "--SecureDrop:Source:Listen=http://127.0.0.1:0", "--SecureDrop:Reviewer:Listen=http://127.0.0.1:0");
            Assert.Equal(3, exitCode);
            Assert.Equal($"The data folder {folder.Path} is in use by another process; stop that one first, or set SecureDrop:Drop:DataDirectory to another folder.\n", errors);
        }
        File.WriteAllText(folder.File("file"), "");
        var (code, _, sentence) = await RunAsync($"--SecureDrop:Drop:DataDirectory={folder.File("file")}");
        Assert.Equal(3, code);
        Assert.Matches("^The data folder [^\n]+\n$", sentence);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
        return (process.ExitCode, await output, await errors);
    }
}
