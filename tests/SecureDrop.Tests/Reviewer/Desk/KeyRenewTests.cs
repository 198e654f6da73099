using System.Net;
using System.Text.Json;
using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Reviewer.Processes;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Desk;

/// <summary>The weekly new key, and what may go wrong in the middle of it.</summary>
public sealed class KeyRenewTests
{
    [Fact]
    public async Task KeyRenew_EveryWeek_KeepsWhatCanStillComeAndNoMore()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("week 0");
        List<int> kept = [];
        for (int week = 1; week <= 6; week++)
        {
            await at.Desk.OkAsync("key", "renew");
            await source.TellAsync($"week {week}");
            for (int day = 0; day < 7; day++)
            {
                await at.Drop.AdvanceAsync(TimeSpan.FromDays(1));
                await at.Desk.OkAsync("sync");
            }

            kept.Add((await StatusAsync(at)).GetProperty("identities").GetInt32());
        }

        // The one of the roster (90 days), the present one, and the one before it, whose 14 days are not over and complete.
        Assert.Equal([2, 3, 3, 3, 3, 3], kept);
        foreach (JsonElement line in await at.InboxAsync())
        {
            Assert.Contains(line.GetProperty("firstWords").GetString()!, await at.Desk.OkAsync("open", line.GetProperty("handle").GetString()!, "--no-receipt"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task KeyRenew_RosterWhoseOwnKeysEnd_DestroysThatOneTooAndNoLaterRosterNamesItAgain()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        await at.Desk.OkAsync("sync");
        await SetAsync(at, "\"recipientDays\": 90", "\"recipientDays\": 14");
        await at.Desk.OkAsync("roster", "sign");
        await at.Desk.OkAsync("roster", "publish");
        await source.TellAsync("sealed to the roster's own key");
        for (int week = 1; week <= 3; week++)
        {
            await at.Desk.OkAsync("key", "renew");
            await at.Drop.AdvanceAsync(TimeSpan.FromDays(3));
            await at.Desk.OkAsync("sync");
            await at.Drop.AdvanceAsync(TimeSpan.FromDays(4));
            await at.Desk.OkAsync("sync");
        }

        // Those of the last two statements; the roster's would have stayed for 90 days, as `init` noted.
        Assert.Equal(2, (await StatusAsync(at)).GetProperty("identities").GetInt32());
        Assert.Contains("sealed to the roster's own key", await at.Desk.OkAsync("open", await at.OnlyHandleAsync(), "--no-receipt"), StringComparison.Ordinal);

        Assert.Contains("By renewed keys alone, as the days of their keys in the roster are over: Ana.", await at.Desk.OkAsync("roster", "sign"), StringComparison.Ordinal);
        await at.Desk.OkAsync("roster", "publish");
        await at.Desk.OkAsync("sync");
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(15));
        // No renewed key and no other: whoever comes now is told so, and seals to nobody rather than to a key that is gone.
        Assert.True((await source.RosterAsync()).IsClosed);

        // A new card brings a new key.
        await at.Desk.OkAsync("roster", "add", await Team.CardAsync(at.Desk), "--yes");
        await at.Desk.OkAsync("roster", "sign");
        await at.Desk.OkAsync("roster", "publish");
        await source.TellAsync("sealed to the new one");
        await at.Desk.OkAsync("sync");
        Assert.Equal(2, (await at.InboxAsync()).Count(l => l.GetProperty("state").GetString() != "not opened"));
    }

    [Fact]
    public async Task RosterSign_AfterARosterEndedAndItsKeyIsDestroyed_AsksForANewCardFirst()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        await at.Desk.OkAsync("sync");
        await at.Desk.OkAsync("key", "renew");
        for (int i = 0; i < 7; i++)
        {
            await at.Drop.AdvanceAsync(TimeSpan.FromDays(14));
        }

        await at.Desk.OkAsync("sync");
        Assert.Equal(1, (await StatusAsync(at)).GetProperty("identities").GetInt32());
        byte[] before = await File.ReadAllBytesAsync(at.Desk.HomeDirectory.Roster);
        Ran refused = await at.Desk.RunAsync("roster", "sign");
        Assert.Equal(ExitCode.BadInput, refused.Code);
        Assert.Contains("Ana", refused.Error, StringComparison.Ordinal);
        Assert.Contains("`reviewer key export", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(at.Desk.HomeDirectory.Roster));

        await at.Desk.OkAsync("roster", "add", await Team.CardAsync(at.Desk), "--yes");
        await at.Desk.OkAsync("roster", "sign");
        await at.Desk.OkAsync("roster", "publish");
        await source.TellAsync("after the pause");
        await at.Desk.OkAsync("sync");
        Assert.Equal("new", Assert.Single(await at.InboxAsync()).GetProperty("state").GetString());
        // The same card is given as long as its key is good.
        string card = await File.ReadAllTextAsync(await Team.CardAsync(at.Desk));
        Assert.Equal(card, await File.ReadAllTextAsync(await Team.CardAsync(at.Desk)));
    }

    [Theory]
    [InlineData(14, false)]
    [InlineData(15, true)]
    [InlineData(90, true)]
    public async Task StatusAndRenew_RosterThatNamesItsOwnKeyForLong_SayThatItUndoesTheRotation(int recipientDays, bool isUndone)
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        await at.Desk.SetRecipientDaysAsync(recipientDays);
        await at.Desk.OkAsync("roster", "sign");
        await at.Desk.OkAsync("roster", "publish");
        await at.Desk.OkAsync("sync");
        // Who does not rotate has nothing undone.
        Assert.False(await IsSaidAsync());
        Assert.Equal(isUndone, (await at.Desk.OkAsync("key", "renew")).Contains("protects nothing yet", StringComparison.Ordinal));
        Assert.Equal(isUndone, await IsSaidAsync());

        async Task<bool> IsSaidAsync() => (await StatusAsync(at)).GetProperty("due").EnumerateArray()
            .Any(due => due.GetString()!.Contains("\"recipientDays\": 14", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Status_RosterWhoseOwnKeysEndSoon_SaysUntilWhenSourcesSealToIt()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        await at.Desk.SetRecipientDaysAsync(14);
        await at.Desk.OkAsync("roster", "sign");
        await at.Desk.OkAsync("roster", "publish");
        await at.Desk.OkAsync("sync");
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(10));
        JsonElement status = await StatusAsync(at);
        Assert.Equal("2026-12-08", status.GetProperty("keyLastDay").GetString());
        Assert.Contains(status.GetProperty("due").EnumerateArray(), due => due.GetString()!.Contains("`reviewer key renew`", StringComparison.Ordinal));
    }

    [Fact]
    public async Task KeyRenew_ServerAwayInTheMiddle_IsSaidToBeDueUntilItIsDone()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        await at.Desk.OkAsync("sync");
        await at.Desk.OkAsync("key", "renew", "--days", "10");
        string lastDay = (await StatusAsync(at)).GetProperty("keyLastDay").GetString()!;
        at.Desk.Network = () => new WithoutPut();
        Ran renew = await at.Desk.RunAsync("key", "renew", "--days", "20");
        Assert.Equal(ExitCode.Unreachable, renew.Code);
        at.Desk.Network = null;
        // No source knows of the newer key, so the desk must not say that it is sealed to.
        JsonElement status = await StatusAsync(at);
        Assert.Equal(lastDay, status.GetProperty("keyLastDay").GetString());
        Assert.Contains(status.GetProperty("due").EnumerateArray(), due => due.GetString()!.Contains("no source knows it yet", StringComparison.Ordinal));
        await source.TellAsync("meanwhile");
        await at.Desk.OkAsync("key", "renew", "--days", "20");
        status = await StatusAsync(at);
        Assert.NotEqual(lastDay, status.GetProperty("keyLastDay").GetString());
        Assert.DoesNotContain(status.GetProperty("due").EnumerateArray(), due => due.GetString()!.Contains("no source knows it yet", StringComparison.Ordinal));
        await source.TellAsync("afterwards");
        await at.Desk.OkAsync("sync");
        Assert.Equal(2, (await at.InboxAsync()).Length);
    }

    [Fact]
    public async Task Sync_DiskFullWhileSealingAgain_LosesNothingAndTheNextGoesOn()
    {
        SmallDisk.OrSkip();
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        await at.Desk.OkAsync("sync");
        await at.Desk.OkAsync("key", "renew", "--days", "1");
        byte[] file = new byte[3_000_000];
        System.Security.Cryptography.RandomNumberGenerator.Fill(file);
        using SmallDisk disk = new(at.Desk.HomeDirectory.Reports, 5 * 1024);
        await source.TellAsync("small");
        await source.TellAsync("large", files: [TestDrop.Attach("a.bin", file)]);
        await at.Desk.OkAsync("sync");
        await at.Desk.OkAsync("key", "renew", "--days", "14");
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(5));
        Ran full = await at.Desk.RunAsync("sync");
        Assert.True(full.Code == ExitCode.DiskFull, $"{full.Code}: {full.Error}");
        Assert.Equal(3, (await StatusAsync(at)).GetProperty("identities").GetInt32());
        await AssertBothOpenAsync(at, file, "out1");
        disk.Resize(64 * 1024);
        using JsonDocument sync = JsonDocument.Parse(await at.Desk.OkAsync("sync", "--json"));
        Assert.Equal(1, sync.RootElement.GetProperty("identitiesDestroyed").GetInt32());
        await AssertBothOpenAsync(at, file, "out2");
        Assert.Equal(2, at.SealedFiles().Length);
    }

    private static async Task SetAsync(DropAndDesk at, string what, string to)
    {
        string draft = at.Desk.HomeDirectory.RosterDraft;
        await File.WriteAllTextAsync(draft, (await File.ReadAllTextAsync(draft)).Replace(what, to, StringComparison.Ordinal));
    }

    private static async Task AssertBothOpenAsync(DropAndDesk at, byte[] file, string folder)
    {
        foreach (JsonElement line in await at.InboxAsync())
        {
            string words = line.GetProperty("firstWords").GetString()!, to = Path.Combine(at.Desk.File_(folder), words);
            await at.Desk.OkAsync("open", line.GetProperty("handle").GetString()!, "--no-receipt", "--out", to);
            Assert.Equal(words == "large" ? file : null, words == "large" ? File.ReadAllBytes(Path.Combine(to, "0001.bin")) : null);
        }
    }

    private static async Task<JsonElement> StatusAsync(DropAndDesk at)
    {
        using JsonDocument json = JsonDocument.Parse(await at.Desk.OkAsync("status", "--json"));
        return json.RootElement.GetProperty("desk").Clone();
    }

    /// <summary>The line breaks when something is to be put.</summary>
    private sealed class WithoutPut() : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            request.Method == HttpMethod.Put ? throw new HttpRequestException("cut", new WebException("cut")) : base.SendAsync(request, cancellationToken);
    }
}
