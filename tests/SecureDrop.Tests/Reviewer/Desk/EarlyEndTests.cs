using System.Text.Json;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Desk;

/// <summary>Whoever has a session key can end days early: every other desk says so, in time, and says what is gone.</summary>
public sealed class EarlyEndTests
{
    [Fact]
    public async Task Sync_DayEndedByWhoeverHasTheSessionKey_IsAnAlarmOnce()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("hello");
        using TestDesk thief = CopyOf(at);
        using JsonDocument ended = JsonDocument.Parse(await thief.OkAsync("day", "end", "2026-11-24", "--yes", "--json"));
        Assert.Equal("2026-12-02", ended.RootElement.GetProperty("endsOn").GetString());

        Ran owner = await at.Desk.RunAsync("sync");
        Assert.Equal(ExitCode.Alarm, owner.Code);
        Assert.Contains("2026-11-24 (goes on 2026-12-02)", owner.Output, StringComparison.Ordinal);
        // Once: a script that is told of it every day learns to look away.
        Assert.DoesNotContain("2026-12-02", await at.Desk.OkAsync("sync"), StringComparison.Ordinal);
        Assert.DoesNotContain("2026-12-02", await thief.OkAsync("sync"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sync_DayThatIsGone_IsNamedOnce()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("hello");
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(20));
        await at.Desk.OkAsync("sync");
        using TestDesk thief = CopyOf(at);
        // A day that is old enough goes at once: nobody can be warned of it, so that it is gone is what must be seen.
        await thief.OkAsync("day", "end", "2026-11-24", "--yes");
        using JsonDocument gone = JsonDocument.Parse(await at.Desk.OkAsync("sync", "--json"));
        Assert.Equal("2026-11-24", Assert.Single(gone.RootElement.GetProperty("goneDays").EnumerateArray()).GetString());
        Assert.DoesNotContain("No longer", await at.Desk.OkAsync("sync"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("\u001b[2J")]
    [InlineData("9999-12-31")]
    public async Task Sync_ServerNamesAnyEnd_NothingBreaks(string endsOn)
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        await source.TellAsync("hello");
        byte[] days = JsonSerializer.SerializeToUtf8Bytes(Enumerable.Range(0, 2000)
            .Select(n => new { day = new DateOnly(2026, 11, 24).AddDays(-n).ToString("yyyy-MM-dd"), reports = 0, bytes = 0, copies = 0, endsOn }));
        at.Desk.Network = () => new RewritingNetwork((what, _) => what == "GET /api/v1/days" ? days : null);
        Ran ran = await at.Desk.RunAsync("sync");
        Assert.True(ran.Code is ExitCode.Ok or ExitCode.Alarm, ran.Error);
        Assert.DoesNotContain(ran.Output + ran.Error, c => char.IsControl(c) && c != '\n');
        Assert.True(ran.Output.Length < 2000);
    }

    /// <summary>A second desk with the same keys: another machine of the owner's, or a thief's.</summary>
    private static TestDesk CopyOf(DropAndDesk at)
    {
        TestDesk copy = new(at.Drop.Time);
        HomeDirectory.CreatePrivate(copy.Home);
        foreach (string file in Directory.GetFiles(at.Desk.Home))
        {
            File.Copy(file, Path.Combine(copy.Home, Path.GetFileName(file)));
        }

        return copy;
    }
}
