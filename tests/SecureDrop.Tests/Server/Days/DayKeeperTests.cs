using SecureDrop.Server.Days;
using SecureDrop.Server.Storage;
using Xunit;

namespace SecureDrop.Tests.Server.Days;

public sealed class DayKeeperTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Reports_EndAfterNinetyDays()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var day = drop.Today;
        await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text());
        await drop.AdvanceToAsync(day.AddDays(90));
        Assert.Single(await drop.Stores.Reports.ListDaysAsync(None));
        await drop.AdvanceToAsync(day.AddDays(91));
        Assert.Empty(await drop.Stores.Reports.ListDaysAsync(None));
        Assert.False(File.Exists(Path.Combine(drop.DataFolder, $"reports-{day:yyyy-MM-dd}.sqlite")));
    }

    [Fact]
    public async Task Clock_JumpedAhead_NothingForADayThenOneDayAnHourAndItIsSaid()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var first = drop.Today;
        for (var n = 0; n < 4; n++)
        {
            await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text());
            await drop.AdvanceAsync(TimeSpan.FromDays(1));
        }
        await drop.NoteLooksAsync();
        var (keys, deadDrops) = ((await drop.Stores.Days.ListKeyDaysAsync(None)).Count, (await drop.Stores.DeadDrops.ListAsync(None)).Count);
        await drop.AdvanceAsync(TimeSpan.FromDays(365));
        var jumpedTo = drop.Today.DayNumber;
        for (var hour = 0; hour < 24; hour += 4)
            await drop.AdvanceAsync(TimeSpan.FromHours(4));
        Assert.Equal(4, (await drop.Stores.Reports.ListDaysAsync(None)).Count);
        // A new day began with the jump, and at midnight; nothing else is other than before.
        var began = 1 + drop.Today.DayNumber - jumpedTo;
        Assert.Equal((keys + began, deadDrops + began), ((await drop.Stores.Days.ListKeyDaysAsync(None)).Count, (await drop.Stores.DeadDrops.ListAsync(None)).Count));
        Assert.Contains("due to end", drop.Log.ToString());
        Assert.Contains("due to end", RunningDrop.Member(await drop.Reviewers.GetByteArrayAsync("/api/v1/status"), "warnings"));
        await drop.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal([first.AddDays(1), first.AddDays(2), first.AddDays(3)], (await drop.Stores.Reports.ListDaysAsync(None)).Select(day => day.Day));
        for (var minute = 0; minute < 50; minute += 10)
            await drop.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(3, (await drop.Stores.Reports.ListDaysAsync(None)).Count);
        await drop.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(2, (await drop.Stores.Reports.ListDaysAsync(None)).Count);
    }

    [Fact]
    public async Task Clock_SetBack_ItIsSaidAndNothingEnds()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var day = drop.Today;
        Assert.Equal(System.Net.HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text()));
        // One day less than its key, its dead drop and its reports are kept.
        await drop.AdvanceToAsync(day.AddDays(2));
        var before = await KeptAsync(drop);
        // Fake clocks do not go back: the server starts anew with one that stands years before, and one that stands a day before.
        foreach (var by in new[] { TimeSpan.FromDays(2000), TimeSpan.FromDays(1) })
        {
            await using var behind = await drop.AheadAsync(-by);
            for (var hour = 0; hour < 5; hour++)
                await behind.AdvanceAsync(TimeSpan.FromHours(1));
            Assert.Contains("Check the clock", behind.Log.ToString());
            Assert.DoesNotContain($"day {day.Year}-", behind.Log.ToString());
            Assert.Contains("correct it", RunningDrop.Member(await behind.Reviewers.GetByteArrayAsync("/api/v1/status"), "warnings"));
            Assert.Superset(before, await KeptAsync(drop));
        }
        await drop.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Superset(before, await KeptAsync(drop));
    }

    /// <summary>Days with a key, with reports, and with a dead drop.</summary>
    private static async Task<HashSet<string>> KeptAsync(RunningDrop drop) =>
    [
        .. (await drop.Stores.Days.ListKeyDaysAsync(None)).Select(day => $"key {day}"),
        .. (await drop.Stores.Reports.ListDaysAsync(None)).Select(day => $"{day.Reports} reports {day.Day}"),
        .. (await drop.Stores.DeadDrops.ListAsync(None)).Select(day => $"dead drop {day.Day}"),
    ];

    [Fact]
    public async Task Clock_JumpedAheadAndSetRight_TheNextDayTakesRepliesAgain()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        // Fake clocks do not go back: a second server's runs ahead instead, over the same stores.
        await using (var ahead = await drop.AheadAsync(TimeSpan.FromDays(200)))
            await ahead.Server.Days.TickAsync(None);
        var day = drop.Today;
        await drop.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Contains("correct it", RunningDrop.Member(await drop.Reviewers.GetByteArrayAsync("/api/v1/status"), "warnings"));
        await drop.AdvanceToAsync(day.AddDays(1));
        var running = (await drop.Stores.DeadDrops.ListAsync(None)).Single(entry => entry.Day == day.AddDays(1));
        Assert.False(running.IsPublished);
    }

    [Fact]
    public async Task DayKeys_DestroyedByOneServer_GoFromTheMemoryOfEach()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        await using var second = await drop.SecondAsync();
        var day = drop.Today;
        foreach (var server in new[] { drop, second })
        {
            await UploadClient.NewAsync(server.Source);
            Assert.True(server.Server.Keys.Remembers(day));
        }
        await drop.AdvanceToAsync(day.AddDays(3));
        Assert.False(drop.Server.Keys.Remembers(day));
        await second.Server.Days.TickAsync(None);
        Assert.False(second.Server.Keys.Remembers(day));
    }

    [Fact]
    public void DayKey_Destroyed_NothingIsBelievedOrMadeWithItsZeros()
    {
        var key = new DayKey(new DateOnly(2026, 11, 24), new byte[IDayStore.KeySizeInBytes]);
        // Anybody can make this ticket: the key of a destroyed one is zeros.
        var forged = SecureDrop.Crypto.ProofOfWork.Ticket.Issue(new byte[IDayStore.KeySizeInBytes], 0, RunningDrop.Start.ToUnixTimeSeconds());
        Assert.True(key.TryVerify(forged, out _, out _));
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.TryVerify(forged, out _, out _));
        Assert.Throws<ObjectDisposedException>(() => key.StoredIdOf(new byte[16]));
        Assert.Throws<ObjectDisposedException>(() => key.IssueTicket(0, RunningDrop.Start));
    }

    [Fact]
    public async Task Days_WithoutAReport_LeaveNoFileForEver()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var day = drop.Today;
        await (await UploadClient.NewAsync(drop.Source)).PutPartAsync(1, new byte[10]);
        await drop.AdvanceToAsync(day.AddDays(1));
        await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text());
        for (var n = 3; n <= 5; n++)
            await drop.AdvanceToAsync(day.AddDays(n));
        Assert.False(File.Exists(Path.Combine(drop.DataFolder, $"reports-{day:yyyy-MM-dd}.sqlite")));
        for (var n = 6; n <= 20; n++)
            await drop.AdvanceToAsync(day.AddDays(n));
        // Each day begins with a file, and those that stayed empty do not pile up: one is complete, three are open.
        Assert.Equal(5, Directory.EnumerateFiles(drop.DataFolder, "reports-*.sqlite").Count());
        Assert.True(File.Exists(Path.Combine(drop.DataFolder, $"reports-{day.AddDays(1):yyyy-MM-dd}.sqlite")));
        await drop.AdvanceToAsync(day.AddDays(92));
        Assert.False(File.Exists(Path.Combine(drop.DataFolder, $"reports-{day.AddDays(1):yyyy-MM-dd}.sqlite")));
    }

    [Fact]
    public async Task DayKeys_OfTwoServers_AreOneAndGoOnTheThirdDay()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        await using var second = await drop.SecondAsync();
        var day = drop.Today;
        var upload = (await UploadClient.NewAsync(drop.Source)).At(second.Source);
        Assert.Equal(System.Net.HttpStatusCode.NoContent, await upload.PutTextAsync(SealedBytes.Text()));
        await drop.AdvanceToAsync(day.AddDays(2));
        Assert.NotNull(await drop.Stores.Days.ReadKeyAsync(day, None));
        await drop.AdvanceToAsync(day.AddDays(3));
        Assert.Null(await drop.Stores.Days.ReadKeyAsync(day, None));
        Assert.Empty(await upload.PartsAsync());
        Assert.Equal(1, Assert.Single(await drop.Stores.Reports.ListDaysAsync(None)).Reports);
    }

    [Fact]
    public async Task Timer_DoesWhatIsDueByItself()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var day = drop.Today;
        drop.Time.Advance(TimeSpan.FromDays(1));
        // The timer runs beside the test; the minute that matters is the fake clock's.
        for (var n = 0; n < 200 && !(await drop.Stores.DeadDrops.ListAsync(None)).Any(entry => entry.Day == day && entry.IsPublished); n++)
        {
            drop.Time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(5);
        }
        Assert.Contains(await drop.Stores.DeadDrops.ListAsync(None), entry => entry.Day == day && entry.IsPublished);
    }
}
