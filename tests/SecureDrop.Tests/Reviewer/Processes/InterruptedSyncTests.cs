using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Processes;

/// <summary>A <c>sync</c> that breaks, by whatever: nothing half has a name, nothing is lost, and the next one goes on from there.</summary>
public sealed class InterruptedSyncTests
{
    private const int FileSizeInBytes = 6_000_000;
    private const int HeldAtInBytes = 3_000_000;

    public static TheoryData<string> Breaks => ["Ctrl-C", "SIGTERM", "SIGKILL", "cut", "server gone"];

    [Theory, MemberData(nameof(Breaks))]
    public async Task Sync_BrokenInALargeReport_GoesOnFromThere(string how)
    {
        await using DeskBehindProxy at = await DeskBehindProxy.StartAsync();
        using SourceAtWork source = new(at.At.Drop);
        byte[] file = new byte[FileSizeInBytes];
        System.Security.Cryptography.RandomNumberGenerator.Fill(file);
        await source.TellAsync("see file", files: [TestDrop.Attach("a.bin", file)]);

        Ran broken = await BreakAsync(at, how);
        if (how != "SIGKILL")
        {
            ExitCode expected = how is "Ctrl-C" or "SIGTERM" ? ExitCode.Interrupted : ExitCode.Unreachable;
            Assert.True(broken.Code == expected, $"{broken.Code}: {broken.Error}");
            Assert.Empty(broken.Output);
            AssertIsOneSentence(broken.Error);
        }

        string part = Assert.Single(at.At.SealedFiles());
        Assert.EndsWith(".part", part, StringComparison.Ordinal);
        long kept = new FileInfo(part).Length;
        Assert.InRange(kept, HeldAtInBytes / 2, HeldAtInBytes);
        Assert.Empty(await at.At.InboxAsync());

        at.Proxy.Mend();
        Ran next = await ReviewerProcess.RunAsync(at.Desk, "sync");
        Assert.True(next.Code == ExitCode.Ok, next.Error);
        Assert.Contains("1 new", next.Output, StringComparison.Ordinal);
        // It went on: what had come was not asked for again.
        Assert.InRange(at.Proxy.BytesFromServer, FileSizeInBytes - kept, FileSizeInBytes - kept + 500_000);
        Assert.EndsWith(".age", Assert.Single(at.At.SealedFiles()), StringComparison.Ordinal);
        string folder = at.Desk.File_("out");
        await at.Desk.OkAsync("open", await at.At.OnlyHandleAsync(), "--out", folder);
        Assert.Equal(file, File.ReadAllBytes(Path.Combine(folder, "0001.bin")));
    }

    [Theory, InlineData("Ctrl-C"), InlineData("SIGKILL"), InlineData("cut")]
    public async Task Sync_BrokenInTheStreamOfTexts_ListsEachOnce(string how)
    {
        const int count = 60;
        await using DeskBehindProxy at = await DeskBehindProxy.StartAsync();
        for (int i = 0; i < count; i++)
        {
            using SourceAtWork source = new(at.At.Drop);
            await source.TellAsync($"report number {i}");
        }

        _ = await BreakAsync(at, how);
        string[] came = at.At.SealedFiles();
        Assert.NotEmpty(came);
        Assert.True(came.Length < count);
        at.Proxy.Mend();
        Ran next = await ReviewerProcess.RunAsync(at.Desk, "sync");
        Assert.True(next.Code == ExitCode.Ok, next.Error);
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"report number {i}").Order(StringComparer.Ordinal),
            (await at.At.InboxAsync()).Select(l => l.GetProperty("firstWords").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(count, at.At.SealedFiles().Length);
        Assert.All(at.At.SealedFiles(), f => Assert.EndsWith(".age", f, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sync_DownloadOfADayThatEnded_DoesNotStayForEver()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("hello");
        string folder = Path.GetDirectoryName(Assert.Single(at.SealedFiles()))!;
        string part = Path.Combine(folder, new string('0', 32) + ".age.part"), unfinished = Path.Combine(folder, new string('1', 32) + ".age.unfinished");
        await File.WriteAllTextAsync(part, "half");
        await File.WriteAllTextAsync(unfinished, "half");
        await at.Desk.OkAsync("sync");
        Assert.True(File.Exists(part));
        Assert.False(File.Exists(unfinished));
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(4));
        await at.Desk.OkAsync("sync");
        Assert.False(File.Exists(part));
        Assert.Single(await at.InboxAsync());
    }

    private static async Task<Ran> BreakAsync(DeskBehindProxy at, string how)
    {
        Task reached = how == "cut" ? at.Proxy.CutAfter(HeldAtInBytes) : at.Proxy.HoldAfter(HeldAtInBytes);
        using ReviewerProcess process = ReviewerProcess.Start(at.Desk, "sync");
        await reached.WaitAsync(TimeSpan.FromMinutes(1));
        await SettledAsync(at.At);
        switch (how)
        {
            case "Ctrl-C":
                process.Interrupt();
                break;
            case "SIGTERM":
                process.Terminate();
                break;
            case "SIGKILL":
                await process.KillAsync();
                break;
            case "server gone":
                // What is dead takes no new connection either.
                _ = at.Proxy.CutAfter(0);
                await at.Proxy.HangUpAsync();
                break;
        }

        return await process.EndAsync();
    }

    /// <summary>Waits until what has come is on the disk: no more is coming. A tool that goes on gives its files other names meanwhile.</summary>
    private static async Task SettledAsync(DropAndDesk at)
    {
        long before = -1, now;
        while ((now = at.SealedFiles().Sum(f => new FileInfo(f) is { Exists: true } there ? there.Length : 0)) == 0 || now != before)
        {
            before = now;
            await Task.Delay(200);
        }
    }

    internal static void AssertIsOneSentence(string error)
    {
        string line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("reviewer: ", line, StringComparison.Ordinal);
        Assert.EndsWith(".", line, StringComparison.Ordinal);
    }
}
