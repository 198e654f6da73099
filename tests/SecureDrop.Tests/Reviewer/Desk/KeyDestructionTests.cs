using System.Text;
using System.Text.Json;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Age;
using SecureDrop.Tests.Archives;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Desk;

/// <summary>Old identities go when nothing can come for them any more: not sooner, and whatever the server or the disk does.</summary>
public sealed class KeyDestructionTests
{
    [Fact]
    public async Task Sync_DayThatEndedOnTheServerBeforeItWasComplete_KeepsNoKeyForEver()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("hello");
        await at.Desk.OkAsync("key", "renew", "--days", "1");
        await at.Desk.OkAsync("key", "renew", "--days", "14");
        await at.Desk.OkAsync("sync");
        // Away for so long that the day is gone from the server.
        for (int hour = 0; hour < 4; hour++)
        {
            await at.Drop.AdvanceAsync(hour == 0 ? TimeSpan.FromDays(92) : TimeSpan.FromHours(1));
        }

        Assert.Equal(1, await DestroyedAsync(at));
    }

    [Fact]
    public async Task Sync_DayThatTheServerLeavesOutForAMoment_DestroysNothing()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("hello");
        await at.Desk.OkAsync("key", "renew", "--days", "1");
        await at.Desk.OkAsync("key", "renew", "--days", "14");
        await at.Desk.OkAsync("sync");
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(5));
        at.Desk.Network = () => new RewritingNetwork((what, _) => what == "GET /api/v1/days" ? "[]"u8.ToArray() : null);
        Assert.Equal(0, await DestroyedAsync(at));
        at.Desk.Network = null;
        Assert.Equal(1, await DestroyedAsync(at));
    }

    [Fact]
    public async Task Sync_DayThatComesBackAfterItWasTakenForEnded_IsFetched()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("before");
        await source.TellAsync("after");
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(12));
        at.Desk.Network = () => new RewritingNetwork((what, _) => what == "GET /api/v1/days" ? "[]"u8.ToArray() : null);
        await at.Desk.OkAsync("sync");
        Assert.Single(await at.InboxAsync());
        at.Desk.Network = null;
        await at.Desk.OkAsync("sync");
        Assert.Equal(2, (await at.InboxAsync()).Length);
    }

    [Fact]
    public async Task Sync_IndexLostAfterReportsWereSealedAgain_RaisesNoAlarm()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        await at.Desk.OkAsync("sync");
        await at.Desk.OkAsync("key", "renew", "--days", "1");
        await source.TellAsync("hello");
        await at.Desk.OkAsync("sync");
        await at.Desk.OkAsync("key", "renew", "--days", "14");
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(5));
        Assert.Equal(1, await DestroyedAsync(at));
        File.Delete(at.Desk.HomeDirectory.Index);
        await at.Desk.OkAsync("sync");
        string handle = await at.OnlyHandleAsync();
        Assert.Contains("sealed to you alone · current roster · signature intact", await at.Desk.OkAsync("open", handle, "--no-receipt"), StringComparison.Ordinal);
        Assert.Contains("current roster", await at.Desk.OkAsync("open", Assert.Single(at.SealedFiles())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sync_KeptReportDamagedOnThisDisk_IsMarkedAndStopsNothing()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        await at.Desk.OkAsync("sync");
        await at.Desk.OkAsync("key", "renew", "--days", "1");
        await source.TellAsync("whole");
        await source.TellAsync("damaged");
        await at.Desk.OkAsync("sync");
        await at.Desk.OkAsync("key", "renew", "--days", "14");
        JsonElement[] lines = await at.InboxAsync();
        string Id(string words) => lines.Single(l => l.GetProperty("firstWords").GetString() == words).GetProperty("id").GetString()!;
        string damaged = Id("damaged"), whole = Id("whole");
        string path = at.SealedFiles().Single(f => f.Contains(damaged, StringComparison.Ordinal));
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        await at.Drop.AdvanceAsync(TimeSpan.FromDays(5));
        Assert.Equal(1, await DestroyedAsync(at));
        Assert.Equal(0, await DestroyedAsync(at));
        Assert.Contains("whole", await at.Desk.OkAsync("open", whole, "--no-receipt"), StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadReport, (await at.Desk.RunAsync("open", damaged)).Code);
        Assert.Equal("not opened", (await at.InboxAsync()).Single(l => l.GetProperty("id").GetString() == damaged).GetProperty("state").GetString());
        // Nothing half sealed again stays beside it.
        Assert.Equal(2, at.SealedFiles().Length);
    }

    [Fact]
    public async Task Sync_KeptFileThatIsNoReport_IsSealedAgainAndStillOpensWithTheKeystore()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        await at.Desk.OkAsync("sync");
        await at.Desk.OkAsync("key", "renew", "--days", "1");
        // Signed by somebody else than it says: not opened as a report, and kept.
        using MinisignKeyPair another = MinisignKeyPair.Generate();
        byte[] json = (await source.NewReportAsync("hostile")).Write();
        byte[] plaintext = TarBytes.Archive(65_536, TarBytes.Member("report.json", json),
            TarBytes.Member("report.json.minisig", Encoding.ASCII.GetBytes(SignedStatement.Sign(StatementPurpose.Report, json, another).Signature)));
        VerifiedRoster roster = await source.RosterAsync();
        await source.UploadAsync(AgeFiles.Seal(plaintext, [.. roster.Recipients.Select(r => r.Key)]));
        await at.Desk.OkAsync("sync");
        string problem = Assert.Single(await at.InboxAsync()).GetProperty("firstWords").GetString()!;
        await at.Desk.OkAsync("key", "renew", "--days", "14");
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(5));
        Assert.Equal(1, await DestroyedAsync(at));
        Assert.Equal(problem, Assert.Single(await at.InboxAsync()).GetProperty("firstWords").GetString());
        using UnlockedHome home = at.Desk.Unlock();
        await using FileStream sealedBytes = File.OpenRead(Assert.Single(at.SealedFiles()));
        using AgeOpenStream open = AgeOpenStream.Open(sealedBytes, [home.Keys.Own]);
        using MemoryStream bytes = new();
        await open.CopyToAsync(bytes);
        Assert.Equal(plaintext, bytes.ToArray());
    }

    private static async Task<int> DestroyedAsync(DropAndDesk at)
    {
        using JsonDocument json = JsonDocument.Parse((await at.Desk.RunAsync("sync", "--json")).Output);
        return json.RootElement.GetProperty("identitiesDestroyed").GetInt32();
    }
}
