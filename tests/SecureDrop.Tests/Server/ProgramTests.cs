using System.Diagnostics;
using SecureDrop.Tests.Server.Storage.Mongo;
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

    [Fact]
    public async Task Start_DatabaseAwayThenThere_SaysOneSentenceAndBeginsByItself()
    {
        Assert.SkipWhen(MongoProcess.SkipReason is not null, MongoProcess.SkipReason ?? "");
        Assert.SkipUnless(File.Exists(Path.Combine(Path.GetDirectoryName(Assembly)!, "wwwroot", "page.html")), "The page is not built.");
        using var folder = new TemporaryFolder();
        var port = FreePort();
        File.WriteAllText(folder.File("mongo"), $"mongodb://127.0.0.1:{port}/?directConnection=true&serverSelectionTimeoutMS=300");
        using var server = Start($"--SecureDrop:Mongo:ConnectionStringFile={folder.File("mongo")}", "--SecureDrop:Source:Listen=http://127.0.0.1:0", "--SecureDrop:Reviewer:Listen=http://127.0.0.1:0");
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            Assert.Equal("warning: MongoDB does not answer (TimeoutException). It is asked again until it does", await server.StandardError.ReadLineAsync(patience.Token));
            await using var database = await MongoProcess.StartAsync(port: port);
            Assert.StartsWith("setup-token: ", await server.StandardOutput.ReadLineAsync(patience.Token));
            Assert.StartsWith("source: http://127.0.0.1:", await server.StandardOutput.ReadLineAsync(patience.Token));
            Assert.Equal("the store answers again", await server.StandardError.ReadLineAsync(patience.Token));
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task Start_ConnectionStringWithAPasswordThatIsNone_ExitCode2AndThePasswordNowhere()
    {
        var (exitCode, output, errors) = await RunAsync("--SecureDrop:Mongo:ConnectionString=mongodb://user:hunter2@127.0.0.1/");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.DoesNotContain("hunter2", errors);
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("mongo"), "mongodb://user:hunter2/x@127.0.0.1/");
        (exitCode, output, errors) = await RunAsync($"--SecureDrop:Mongo:ConnectionStringFile={folder.File("mongo")}");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith("SecureDrop:Mongo:ConnectionStringFile is not a connection string of MongoDB", errors);
        Assert.DoesNotContain("hunter2", errors);
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [Assembly, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
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
