using SecureDrop.Tests.Reviewer.Processes;
using Xunit;

namespace SecureDrop.Tests.Server.Faults;

/// <summary>A disk that fills up amid uploads, to its last byte, and SIGKILL while it is full. That a server goes on without a restart is shown by FullDiskTests.</summary>
public sealed class FullDiskKillTests
{
    private const int Texts = 150;
    private const int Larger = 6;
    private const int AtOnce = 16;
    private const int RoomyInKibibytes = 64 << 10;

    // All uploads together need more than the roomiest of these.
    private const int LeastInKibibytes = 3 << 10;
    private const int SpanInKibibytes = 7 << 10;

    [Fact]
    public async Task Uploads_DiskFullAndServerKilled_LoseNothingThatWasAcknowledged()
    {
        SmallDisk.OrSkip();
        KillableServer.SkipWithoutPage();
        await FaultRounds.RunAsync(1, async chance =>
        {
            using var folder = new TemporaryFolder();
            using var disk = new SmallDisk(folder.File("data"), LeastInKibibytes + chance.Below(SpanInKibibytes));
            await using var server = await KillableServer.StartAsync(
                $"--SecureDrop:Drop:DataDirectory={folder.File("data")}", "--SecureDrop:Drop:FreeSpaceFloorInMebibytes=1", "--SecureDrop:Limits:NearlyFullInMebibytes=2");
            var uploads = new UploadRound(server.Source, Texts, Larger);
            var running = uploads.RunAsync(AtOnce);
            int acknowledged;
            int? exitCode;
            // Something else takes what is below the floor too, now or once the server has begun to refuse.
            for (var refused = chance.Below(2 * AtOnce); uploads.Tries < refused && !running.IsCompleted;)
                await Task.Delay(2);
            using (disk.Fill())
            {
                while (uploads.Tries < 3 * AtOnce && !running.IsCompleted)
                    await Task.Delay(2);
                await Task.Delay(chance.Below(50));
                await server.KillAsync();
                acknowledged = uploads.Acknowledged;
                // It serves what it has, or ends so that it is started again until there is room.
                (_, exitCode) = await server.TryStartAgainAsync();
                Assert.True(exitCode is null or 1, $"It ended with {exitCode}: {server.Errors}");
                await server.KillAsync();
            }
            disk.Resize(RoomyInKibibytes);
            await server.StartAgainAsync();
            await running;
            using var reviewer = await server.LogInAsync();
            await uploads.AssertIsThereOnceAsync(reviewer);
            Assert.True(acknowledged < uploads.Uploads, "The disk was never full.");
            return $"{uploads.Uploads} uploads, full and killed at {acknowledged} acknowledged, {(exitCode is null ? "served" : "refused to start")} while full, {uploads.Tries} tries again, none lost";
        });
    }
}
