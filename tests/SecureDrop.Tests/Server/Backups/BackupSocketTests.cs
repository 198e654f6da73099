using System.Net.Sockets;
using System.Text;
using SecureDrop.Server.Storage;
using Xunit;

namespace SecureDrop.Tests.Server.Backups;

/// <summary>The socket by which a running server hands out a backup: its owner's alone, one at a time, and nothing that a server could fall over.</summary>
public sealed class BackupSocketTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Socket_IsItsOwnersAlone_AndGoesWithTheServer()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var path = Path.Combine(drop.DataFolder, "backup.sock");
        Assert.True(File.Exists(path));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        await drop.RestartAsync(() =>
        {
            Assert.False(File.Exists(path));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task Socket_LeftByAKill_IsReplaced()
    {
        await using var lived = await LivedDrop.StartAsync();
        await lived.Drop.RestartAsync(() =>
        {
            using var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            dead.Bind(new UnixDomainSocketEndPoint(lived.File_("dead")));
            File.Move(lived.File_("dead"), Path.Combine(lived.Drop.DataFolder, "backup.sock"));
            return Task.CompletedTask;
        });
        Assert.Equal(lived.Files, LivedDrop.Read(await lived.BackUpAsync()).Keys);
        Assert.DoesNotContain("warning", lived.Drop.Log.ToString());
    }

    [Fact]
    public async Task Folder_TooLongForASocket_TheServerSaysSoAndGoesOnAndSoDoesTheCommand()
    {
        using var folder = new TemporaryFolder();
        var data = folder.File(new string('d', 120));
        await using var drop = await RunningDrop.EmptyAsync(options => new() { Drop = new() { DataDirectory = data, FreeSpaceFloorInMebibytes = 1 }, Source = options.Source, Reviewer = options.Reviewer });
        Assert.Equal($"warning: no backup can be made while this server runs, since {data}/backup.sock is longer than the 107 bytes that a socket's path may have; stop it for one, or move the data folder\n", drop.Log.ToString());
        var sentence = await Command.RefusedAsync(drop.Time, 3, "backup", folder.File("backup"), $"--SecureDrop:Drop:DataDirectory={data}");
        Assert.StartsWith($"The data folder {data} is in use by another process", sentence);
        Assert.EndsWith("would be longer than 107 bytes.", sentence);
        Assert.False(Directory.Exists(folder.File("backup")));
    }

    [Fact]
    public async Task SomethingElse_InTheSocketsPlace_StaysAndTheServerGoesOn()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var path = Path.Combine(drop.DataFolder, "backup.sock");
        await drop.RestartAsync(() => File.WriteAllTextAsync(path, "mine", None));
        Assert.StartsWith($"warning: no backup can be made while this server runs, since {path} cannot be made a socket", drop.Log.ToString());
        Assert.Equal("mine", File.ReadAllText(path));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", true)]
    [InlineData("securedrop-backup/9\n", true)]
    [InlineData("securedrop", false)]
    [InlineData("", false)]
    public async Task Client_ThatSpeaksOtherwise_IsAnsweredOrLeftAndTheNextIsServed(string said, bool isAnswered)
    {
        await using var lived = await LivedDrop.StartAsync();
        var log = lived.Drop.Log.ToString();
        using (var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            await client.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(lived.Drop.DataFolder, "backup.sock")), None);
            await using var stream = new NetworkStream(client);
            await client.SendAsync(Encoding.ASCII.GetBytes(said), None);
            client.Shutdown(SocketShutdown.Send);
            using var answer = new MemoryStream();
            try
            {
                await stream.CopyToAsync(answer, None);
            }
            catch (IOException)
            {
                // Reset: the server had not read all when it hung up.
            }
            Assert.Equal(isAnswered, Encoding.UTF8.GetString(answer.ToArray()).Contains("The running server is of another version than this command", StringComparison.Ordinal));
        }
        await lived.BackUpAsync();
        // Nothing of it is anybody's business.
        Assert.Equal(log, lived.Drop.Log.ToString());
    }

    [Fact]
    public async Task Second_WhileOneIsMade_IsToldToWait_AndAServerThatStopsBreaksItOff()
    {
        var stalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var lived = await LivedDrop.StartAsync(reports: inner => new StallingStore(inner, stalled, Task.Delay(Timeout.Infinite, CancellationToken.None)));
        var settings = $"--SecureDrop:Drop:DataDirectory={lived.Drop.DataFolder}";
        var first = Command.RunAsync(lived.Drop.Time, None, "backup", lived.File_("first"), settings);
        await stalled.Task;
        Assert.Equal("Another backup is being made: wait until it is there.", await Command.RefusedAsync(lived.Drop.Time, 5, "backup", lived.File_("second"), settings));
        // To the same name, by a command that found no server: the folder that is being written is let alone.
        Assert.StartsWith("Another backup is being written to", await Command.RefusedAsync(lived.Drop.Time, 5, "backup", lived.File_("first"), $"--SecureDrop:Drop:DataDirectory={lived.File_("none")}"));
        await lived.Drop.RestartAsync();
        var (code, output, errors) = await first;
        Assert.Equal((5, "", "The server stopped while it handed out the backup; nothing of it was left. Make it again.\n"), (code, output, errors));
        Assert.Empty(Directory.GetFileSystemEntries(lived.File_("")));
    }
}

/// <summary>Says when it is first asked for a part that a backup reads, and does not answer before it is let.</summary>
internal sealed class StallingStore(IReportStore inner, TaskCompletionSource asked, Task answer) : ReportStoreProxy(inner)
{
    public override async Task<int?> ReadPartIntoAsync(DateOnly day, StoredId id, int part, Memory<byte> buffer, CancellationToken cancel)
    {
        // The second part of a report: something of it has been written by then.
        if (part == 1)
        {
            asked.TrySetResult();
            await answer.WaitAsync(cancel);
        }
        return await base.ReadPartIntoAsync(day, id, part, buffer, cancel);
    }
}
