using System.Diagnostics;
using System.Globalization;
using SecureDrop.Tests.Reviewer.Processes;
using Xunit;

namespace SecureDrop.Tests.Server.Backups;

/// <summary>The command as a process of its own, in the middle of a backup: killed, asked to stop, without room.</summary>
public sealed class InterruptedBackupTests : IDisposable
{
    private static readonly string Assembly = typeof(SecureDrop.Server.Hosting.DropServer).Assembly.Location;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _goOn.TrySetResult();

    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Command_Interrupted_NothingUnderItsNameAndTheNextIsWhole(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are Unix's.");
        await using var lived = await LivedDrop.StartAsync(reports: inner => new StallingStore(inner, _stalled, _goOn.Task));
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Assembly, "backup", lived.File_("backup"), $"--SecureDrop:Drop:DataDirectory={lived.Drop.DataFolder}"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(None), process.StandardError.ReadToEndAsync(None));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await _stalled.Task.WaitAsync(patience.Token);
        using (var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(None);
        await process.WaitForExitAsync(patience.Token);
        Assert.False(Directory.Exists(lived.File_("backup")));
        Assert.Equal("", await output);
        if (signal == "KILL")
            Assert.NotEmpty(Directory.GetFiles(lived.File_("backup.unfinished"), "copies-*"));
        else
        {
            Assert.Equal((5, "Stopped; nothing of the backup was left.\n"), (process.ExitCode, await errors));
            Assert.Empty(Directory.GetFileSystemEntries(lived.File_("")));
        }
        _goOn.SetResult();
        Assert.Equal(lived.Files, LivedDrop.Read(await BackUpOnceFreeAsync(lived)).Keys);
        Assert.Equal(["backup"], Directory.GetFileSystemEntries(lived.File_("")).Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public async Task Disk_WithoutRoom_OneSentenceAndNothingIsLeft()
    {
        SmallDisk.OrSkip();
        await using var lived = await LivedDrop.StartAsync();
        using var disk = new SmallDisk(lived.File_("disk"), 1024);
        Assert.Equal($"The disk of {lived.File_("disk/backup")} is full; nothing of the backup was left there. Make room on it, or name a folder on another disk.",
            await Command.RefusedAsync(lived.Drop.Time, 5, "backup", lived.File_("disk/backup"), $"--SecureDrop:Drop:DataDirectory={lived.Drop.DataFolder}"));
        Assert.Empty(Directory.GetFileSystemEntries(lived.File_("disk")));
        // The place of a disk itself gives up its name to nobody.
        Assert.StartsWith($"The backup cannot be written to {lived.File_("disk")}; nothing of it was left there.",
            await Command.RefusedAsync(lived.Drop.Time, 5, "backup", lived.File_("disk"), $"--SecureDrop:Drop:DataDirectory={lived.Drop.DataFolder}"));
    }

    /// <summary>The server notices that a command is gone with the next bytes that it sends.</summary>
    private static async Task<string> BackUpOnceFreeAsync(LivedDrop lived)
    {
        for (var n = 0; ; n++)
        {
            var (code, _, errors) = await Command.RunAsync(lived.Drop.Time, None, "backup", lived.File_("backup"), $"--SecureDrop:Drop:DataDirectory={lived.Drop.DataFolder}");
            if (code == 0)
                return lived.File_("backup");
            Assert.True(n < 500 && errors.StartsWith("Another backup is being made", StringComparison.Ordinal), errors);
            await Task.Delay(20, None);
        }
    }
}
