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
        Assert.DoesNotContain(Directory.EnumerateFiles(drop.DataFolder), file => Path.GetFileName(file).StartsWith("reports-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Clock_JumpedAhead_OneDayAnHourAndItIsSaid()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var first = drop.Today;
        for (var n = 0; n < 4; n++)
        {
            await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text());
            await drop.AdvanceAsync(TimeSpan.FromDays(1));
        }
        await drop.AdvanceAsync(TimeSpan.FromDays(365));
        Assert.Equal([first.AddDays(1), first.AddDays(2), first.AddDays(3)], (await drop.Stores.Reports.ListDaysAsync(None)).Select(day => day.Day));
        for (var minute = 0; minute < 50; minute += 10)
            await drop.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(3, (await drop.Stores.Reports.ListDaysAsync(None)).Count);
        Assert.Contains("due to end", drop.Log.ToString());
        Assert.Contains("due to end", RunningDrop.Member(await drop.Reviewers.GetByteArrayAsync("/api/v1/status"), "warnings"));
        await drop.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(2, (await drop.Stores.Reports.ListDaysAsync(None)).Count);
    }

    [Fact]
    public async Task Clock_SetBack_ItIsSaidAndNothingEnds()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        await drop.Stores.DeadDrops.BeginDayAsync(drop.Today.AddDays(5), 0, None);
        await drop.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Contains("Check the clock", drop.Log.ToString());
        Assert.Contains("correct it", RunningDrop.Member(await drop.Reviewers.GetByteArrayAsync("/api/v1/status"), "warnings"));
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
            await Task.Yield();
        }
        Assert.Contains(await drop.Stores.DeadDrops.ListAsync(None), entry => entry.Day == day && entry.IsPublished);
    }
}
