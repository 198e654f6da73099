using System.Diagnostics;
using SecureDrop.Tests.Reviewer.Processes;
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

    [Fact]
    public async Task Start_PortOrSocketOfAnotherProgram_ExitCode2AndOneSentence()
    {
        SkipWithoutPage();
        using var folder = new TemporaryFolder();
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var (code, _, sentence) = await RunAsync($"--SecureDrop:Drop:DataDirectory={folder.File("data")}", $"--SecureDrop:Source:Listen=http://{other.LocalEndpoint}", "--SecureDrop:Reviewer:Listen=http://127.0.0.1:0");
        Assert.Equal((2, "SecureDrop:Source:Listen cannot be listened on: another program has this port, this user may not take it, or the address is not one of this machine's.\n"), (code, sentence));
        if (OperatingSystem.IsWindows())
            return;
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(folder.File("socket")));
        socket.Listen();
        (code, _, sentence) = await RunAsync($"--SecureDrop:Drop:DataDirectory={folder.File("data")}", $"--SecureDrop:Source:Listen=unix:{folder.File("socket")}", "--SecureDrop:Source:Hosts:0=drop.example", "--SecureDrop:Reviewer:Listen=http://127.0.0.1:0");
        Assert.Equal((2, "SecureDrop:Source:Listen names a socket on which another server listens; stop that one or choose another path.\n"), (code, sentence));
    }

    [Theory]
    [InlineData("full", 1, "^The data folder [^\n]+ cannot be written; check that its disk is not full or read-only, [^\n]+\n$|^The disk of [^\n]+ is full; make room on it, [^\n]+\n$")]
    [InlineData("read-only", 3, "^The data folder [^\n]+ cannot be written; check that its disk is not full or read-only, [^\n]+\n$")]
    public async Task Start_DiskFullOrReadOnly_ExitCodeAndOneSentence(string how, int exitCode, string expected)
    {
        SkipWithoutPage();
        SmallDisk.OrSkip();
        using var folder = new TemporaryFolder();
        using var disk = new SmallDisk(folder.File("disk"), 256);
        // What the server would do first is done: it is to come to the files.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.File("disk"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var filled = how == "full" ? disk.Fill() : null;
        if (how == "read-only")
            disk.MakeReadOnly();
        var (code, _, sentence) = await RunAsync($"--SecureDrop:Drop:DataDirectory={folder.File("disk")}", "--SecureDrop:Source:Listen=http://127.0.0.1:0", "--SecureDrop:Reviewer:Listen=http://127.0.0.1:0");
        // 1: whoever starts it again has it back once there is room.
        Assert.Equal(exitCode, code);
        Assert.Matches(expected, sentence);
    }

    [Fact]
    public async Task Start_FolderOfAnotherUser_ExitCode3AndOneSentence()
    {
        SkipWithoutPage();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The folder's owner is looked at on Unix.");
        using var folder = new TemporaryFolder();
        string[] arguments = ["--SecureDrop:Source:Listen=http://127.0.0.1:0", "--SecureDrop:Reviewer:Listen=http://127.0.0.1:0"];
        // Root may write to everybody's folders: then it is somebody else who starts the server.
        string[] somebodyElse = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
        var path = Environment.IsPrivilegedProcess ? folder.File("data") : "/usr";
        if (somebodyElse.Length > 0)
        {
            var (test, _, _) = await RunAsync(somebodyElse, "test", "-r", Assembly);
            Assert.SkipWhen(test != 0, "Run as root, and no other user can read the server's files here.");
        }
        var (code, _, sentence) = await RunAsync(somebodyElse, ["dotnet", Assembly, $"--SecureDrop:Drop:DataDirectory={path}", .. arguments]);
        Assert.Equal(3, code);
        Assert.Matches($"^The data folder {path} cannot be made, or not closed to others; it has to belong to the user that the server runs as\\. [^\n]+\n$", sentence);
    }

    [Fact]
    public async Task Start_FileThatCannotBeMade_ExitCode3AndOneSentence()
    {
        SkipWithoutPage();
        using var folder = new TemporaryFolder();
        // Nobody can open a folder as a database, root neither.
        Directory.CreateDirectory(folder.File("data/state.sqlite"));
        var (code, _, sentence) = await RunAsync($"--SecureDrop:Drop:DataDirectory={folder.File("data")}", "--SecureDrop:Source:Listen=http://127.0.0.1:0", "--SecureDrop:Reviewer:Listen=http://127.0.0.1:0");
        Assert.Equal(3, code);
        Assert.Matches("^[^\n]+/state\\.sqlite cannot be made \\([^\n]+\\); check the disk, and that the data folder belongs to the user that the server runs as\\.\n$", sentence);
    }

    [Fact]
    public async Task Start_DamagedDay_ExitCode3AndOneSentence()
    {
        SkipWithoutPage();
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("reports-2026-11-24.sqlite"), "");
        var (code, _, sentence) = await RunAsync($"--SecureDrop:Drop:DataDirectory={folder.Path}", "--SecureDrop:Source:Listen=http://127.0.0.1:0", "--SecureDrop:Reviewer:Listen=http://127.0.0.1:0");
        Assert.Equal(3, code);
        Assert.Equal($"{folder.File("reports-2026-11-24.sqlite")} is damaged (it is empty); stop the server, put back a copy of the file, or move it, with the files that are named after it, out of the data folder, and start again.\n", sentence);
    }

    private static void SkipWithoutPage() =>
        Assert.SkipUnless(File.Exists(Path.Combine(Path.GetDirectoryName(Assembly)!, "wwwroot", "page.html")), "The page is not built.");

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("restore")]
    public async Task BackupOrRestore_WithoutAFolder_ExitCode2AndOneSentence(string command)
    {
        Assert.Equal((2, "", $"{command} wants a folder behind it: {command} DIR, and then settings as the server takes them.\n"), await RunAsync(command, "--SecureDrop:Drop:DataDirectory=/data"));
        var (code, _, sentence) = await RunAsync(command, "/x", "--SecureDrop:Drop:DataDirectory=/data", "--SecureDrop:Nonsense=1");
        Assert.Equal((2, "SecureDrop:Nonsense is not a setting of this server.\n"), (code, sentence));
    }

    [Fact]
    public async Task Backup_BesideARunningServer_AsksThatServer()
    {
        SkipWithoutPage();
        using var folder = new TemporaryFolder();
        var data = $"--SecureDrop:Drop:DataDirectory={folder.File("data")}";
        using var server = Start(data, "--SecureDrop:Source:Listen=http://127.0.0.1:0", "--SecureDrop:Reviewer:Listen=http://127.0.0.1:0");
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            while ((await server.StandardOutput.ReadLineAsync(patience.Token))?.StartsWith("reviewer: ", StringComparison.Ordinal) == false)
                Assert.False(server.HasExited);
            while (!File.Exists(folder.File("data/backup.sock")))
                await Task.Delay(20, patience.Token);
            // The answer is the server's: without it the folder could not have been opened.
            Assert.Equal((5, "", "There is no drop here yet, and so nothing to back up: no roster was ever published.\n"), await RunAsync("backup", folder.File("backup"), data));
            Assert.False(Directory.Exists(folder.File("backup")));
            var (code, _, sentence) = await RunAsync("restore", folder.File("backup"), data);
            Assert.Equal((5, $"{folder.File("backup")} is not a backup: there is no manifest.json in it, or this user may not look.\n"), (code, sentence));
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
        // A killed server leaves its socket; the next is not kept from its own.
        Assert.Equal((5, "", "There is no drop here yet, and so nothing to back up: no roster was ever published.\n"), await RunAsync("backup", folder.File("backup"), data));
    }

    private static Process Start(params string[] arguments) => StartAny(["dotnet", Assembly, .. arguments]);

    private static Process StartAny(string[] line) =>
        Process.Start(new ProcessStartInfo(line[0], line[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) => RunAsync(["dotnet"], [Assembly, .. arguments]);

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string[] program, params string[] arguments)
    {
        using var process = StartAny([.. program, .. arguments]);
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
