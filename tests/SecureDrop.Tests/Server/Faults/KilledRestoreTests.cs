using System.Diagnostics;
using SecureDrop.Server.Hosting;
using SecureDrop.Tests.Server.Backups;
using Xunit;

namespace SecureDrop.Tests.Server.Faults;

/// <summary>The command that puts a backup back, killed at moments of chance and typed again: in the end all of it is there.</summary>
public sealed class KilledRestoreTests
{
    private const int MostKills = 4;
    private static readonly string Assembly = typeof(DropServer).Assembly.Location;

    [Fact]
    public async Task Restore_KilledAndTypedAgain_PutsEverythingBack()
    {
        // The command looks at the machine's clock.
        await using var lived = await LivedDrop.StartAsync(TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(4));
        var backup = await lived.BackUpAsync();
        var made = LivedDrop.Read(backup);
        using var folder = new TemporaryFolder();
        // How long it takes when nobody kills it, so that most of the kills meet it at work.
        var watch = Stopwatch.StartNew();
        Assert.Equal(0, await RestoreAsync(backup, folder.File("whole"), Timeout.InfiniteTimeSpan));
        var usual = watch.Elapsed;
        await FaultRounds.RunAsync(3, async chance =>
        {
            using TemporaryFolder round = new();
            var (target, second) = (round.File("restored"), round.File("second"));
            var (kills, atWork) = (0, 0);
            int? code = null;
            for (var most = 1 + chance.Below(MostKills); code != 0;)
            {
                code = await RestoreAsync(backup, target, kills < most ? usual * (0.4 + (chance.Below(600) / 1000.0)) : Timeout.InfiniteTimeSpan);
                kills += code is null ? 1 : 0;
                atWork += code is null && Directory.Exists(target) ? 1 : 0;
                Assert.True(code is null or 0, $"It ended with {code}.");
                if (code is null && Directory.Exists(target))
                {
                    await using var stores = LivedDrop.Stores(target);
                    if (await stores.Rosters.ReadAsync(CancellationToken.None) is null)
                        continue;
                    // Nobody is let in before it is done; killed after that, it has nothing left to do.
                    Assert.Equal(lived.Files.Length - 3, Directory.GetFiles(target, "*-20*.sqlite").Length);
                    code = 0;
                }
            }
            await Command.OkAsync(lived.Drop.Time, "backup", second, $"--SecureDrop:Drop:DataDirectory={target}");
            Assert.Equal(made, LivedDrop.Read(second));
            return $"{kills} kills, {atWork} of them at work, all put back";
        });
    }

    /// <returns>Its exit code; null when it was killed.</returns>
    private static async Task<int?> RestoreAsync(string backup, string target, TimeSpan killedAfter)
    {
        ProcessStartInfo start = new("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { Assembly, "restore", backup, $"--SecureDrop:Drop:DataDirectory={target}", "--SecureDrop:Drop:FreeSpaceFloorInMebibytes=1" })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var deadline = new CancellationTokenSource(killedAfter);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            await Task.WhenAll(output, errors);
            return null;
        }
        Assert.Equal("", process.ExitCode == 0 ? "" : await errors);
        await output;
        return process.ExitCode;
    }
}
