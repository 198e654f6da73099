using System.Security.Cryptography;
using SecureDrop.Server.Storage;
using Xunit;

namespace SecureDrop.Tests.Contracts;

/// <summary>What every store of the roster does.</summary>
public abstract class RosterStoreContract
{
    private static readonly CancellationToken None = CancellationToken.None;

    protected abstract IRosterStore Store { get; }

    [Fact]
    public async Task Replace_OnTheRevisionThatWasRead_Stored()
    {
        Assert.Null(await Store.ReadAsync(None));
        Assert.Equal(RosterOutcome.Stored, await Store.ReplaceAsync(0, new byte[] { 1 }, None));
        Assert.Equal(RosterOutcome.Stored, await Store.ReplaceAsync(1, new byte[] { 2 }, None));
        var document = (await Store.ReadAsync(None))!;
        Assert.Equal(2, document.Revision);
        Assert.Equal([2], document.Answer.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Replace_OnAnotherRevision_Conflict(long expected)
    {
        await Store.ReplaceAsync(0, new byte[] { 1 }, None);
        Assert.Equal(RosterOutcome.Conflict, await Store.ReplaceAsync(expected, new byte[] { 2 }, None));
        Assert.Equal([1], (await Store.ReadAsync(None))!.Answer.ToArray());
    }

    [Fact]
    public async Task Replace_ManyAtOnce_ExactlyOneIsStored()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => Task.Run(() => Store.ReplaceAsync(0, new[] { (byte)n }, None))));
        Assert.Single(outcomes, RosterOutcome.Stored);
    }

    [Fact]
    public async Task Replace_LongerThanSixteenMebibytes_ReadBackWholeAndReplacedWhole()
    {
        // A roster's document is its answer (8 MiB at most) and what was handed out before it (16 MiB at most).
        var (first, second) = (RandomNumberGenerator.GetBytes(25 << 20), RandomNumberGenerator.GetBytes(17 << 20));
        Assert.Equal(RosterOutcome.Stored, await Store.ReplaceAsync(0, first, None));
        Assert.Equal(first, (await Store.ReadAsync(None))!.Answer.ToArray());
        Assert.Equal(RosterOutcome.Stored, await Store.ReplaceAsync(1, second, None));
        Assert.Equal(second, (await Store.ReadAsync(None))!.Answer.ToArray());
    }

    [Fact]
    public async Task Replace_WhileOthersRead_EachReadsAWholeOne()
    {
        byte[] Document(int revision) => [.. Enumerable.Repeat((byte)revision, 100_000 + revision)];
        await Store.ReplaceAsync(0, Document(1), None);
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var n = 0; n < 40; n++)
            {
                var document = (await Store.ReadAsync(None))!;
                Assert.True(Document((int)document.Revision).AsSpan().SequenceEqual(document.Answer.Span));
            }
        })).ToList();
        for (var revision = 1; revision < 20; revision++)
            Assert.Equal(RosterOutcome.Stored, await Store.ReplaceAsync(revision, Document(revision + 1), None));
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task SetupTokenHash_WrittenAndDestroyed()
    {
        Assert.Null(await Store.ReadSetupTokenHashAsync(None));
        await Store.WriteSetupTokenHashAsync(new byte[] { 7 }, None);
        await Store.WriteSetupTokenHashAsync(new byte[] { 8 }, None);
        Assert.Equal([8], (await Store.ReadSetupTokenHashAsync(None))!.Value.ToArray());
        await Store.WriteSetupTokenHashAsync(null, None);
        Assert.Null(await Store.ReadSetupTokenHashAsync(None));
    }
}

/// <summary>What every store of day keys and of the ends of days does.</summary>
public abstract class DayStoreContract
{
    private static readonly DateOnly Day = new(2026, 11, 24);
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken None = CancellationToken.None;

    protected abstract IDayStore Store { get; }

    [Fact]
    public async Task ReadOrCreateKey_ManyAtOnce_AllGetOne()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Store.ReadOrCreateKeyAsync(Day, NewKey(), None))));
        Assert.All(keys, key => Assert.Equal(keys[0], key));
        Assert.Equal(keys[0], await Store.ReadKeyAsync(Day, None));
        Assert.Equal([Day], await Store.ListKeyDaysAsync(None));
    }

    [Fact]
    public async Task DestroyKey_IsGoneAndOnlyThat()
    {
        await Store.ReadOrCreateKeyAsync(Day, NewKey(), None);
        await Store.ReadOrCreateKeyAsync(Day.AddDays(1), NewKey(), None);
        await Store.DestroyKeyAsync(Day, None);
        Assert.Null(await Store.ReadKeyAsync(Day, None));
        Assert.Equal([Day.AddDays(1)], await Store.ListKeyDaysAsync(None));
    }

    [Fact]
    public async Task Keys_OfSeveralDays_ListedInOrderAndNoneMadeByReading()
    {
        foreach (var day in new[] { Day.AddDays(2), Day, Day.AddDays(1) })
            await Store.ReadOrCreateKeyAsync(day, NewKey(), None);
        Assert.Null(await Store.ReadKeyAsync(Day.AddDays(3), None));
        Assert.Equal([Day, Day.AddDays(1), Day.AddDays(2)], await Store.ListKeyDaysAsync(None));
        await Store.DestroyKeyAsync(Day.AddDays(3), None);
        await Store.BlurTimesAsync(Noon, None);
        Assert.Equal(3, (await Store.ListKeyDaysAsync(None)).Count);
    }

    [Fact]
    public async Task EndEarly_ManyAtOnce_OneWishStands()
    {
        var ends = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() => Store.EndEarlyAsync(Day, Day.AddDays(8 + n), None))));
        Assert.All(ends, end => Assert.Equal(ends[0], end));
        Assert.Equal(ends[0], Assert.Single(await Store.ListEarlyEndsAsync(None)).Value);
    }

    [Fact]
    public async Task EndEarly_Again_TheFirstWishStands()
    {
        Assert.Equal(Day.AddDays(8), await Store.EndEarlyAsync(Day, Day.AddDays(8), None));
        Assert.Equal(Day.AddDays(8), await Store.EndEarlyAsync(Day, Day.AddDays(20), None));
        Assert.Equal(Day.AddDays(8), (await Store.ListEarlyEndsAsync(None))[Day]);
        await Store.ForgetEarlyEndAsync(Day, None);
        Assert.Empty(await Store.ListEarlyEndsAsync(None));
    }

    [Fact]
    public async Task TryClaimEnd_OnceAnHourAndKind()
    {
        Assert.True(await Store.TryClaimEndAsync(DayEnd.Reports, Noon, None));
        Assert.False(await Store.TryClaimEndAsync(DayEnd.Reports, Noon.AddMinutes(59), None));
        Assert.True(await Store.TryClaimEndAsync(DayEnd.DeadDrop, Noon, None));
        Assert.True(await Store.TryClaimEndAsync(DayEnd.Reports, Noon.AddHours(1), None));
    }

    [Fact]
    public async Task TryClaimEnd_ManyAtOnce_OneGetsIt()
    {
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Store.TryClaimEndAsync(DayEnd.Key, Noon, None))));
        Assert.Single(claims, true);
    }

    [Fact]
    public async Task TryClaimEnd_ClockSetBack_WaitsOneHourAndGoesOn()
    {
        await Store.TryClaimEndAsync(DayEnd.Reports, Noon.AddYears(1), None);
        Assert.False(await Store.TryClaimEndAsync(DayEnd.Reports, Noon, None));
        Assert.True(await Store.TryClaimEndAsync(DayEnd.Reports, Noon.AddHours(1), None));
    }

    [Fact]
    public async Task Look_AtMostADayAfterTheLast_NobodyHasToWait()
    {
        await SettleAsync();
        for (var hour = 0; hour < 50; hour += IDayStore.LongestPauseInHours)
        {
            await Store.LookAsync(Noon.AddHours(hour), None);
            Assert.True(await Store.TryClaimEndAsync(DayEnd.Reports, Noon.AddHours(hour), None));
        }
    }

    /// <summary>A store that has been looked at for longer than the first look holds, up to noon.</summary>
    private async Task SettleAsync()
    {
        for (var hour = -IDayStore.HoldInHours - 1; hour <= 0; hour += 5)
            await Store.LookAsync(Noon.AddHours(hour), None);
    }

    [Fact]
    public async Task Look_TheFirst_NothingEndsForADay()
    {
        await Store.LookAsync(Noon, None);
        Assert.False(await Store.TryClaimEndAsync(DayEnd.Reports, Noon, None));
        foreach (var (hours, isGranted) in new[] { (IDayStore.HoldInHours, false), (IDayStore.HoldInHours + 1, true) })
        {
            await Store.LookAsync(Noon.AddHours(hours), None);
            Assert.Equal(isGranted, await Store.TryClaimEndAsync(DayEnd.Reports, Noon.AddHours(hours), None));
        }
    }

    [Fact]
    public async Task Look_AfterALongPause_NothingEndsForADayAndThenOneAnHour()
    {
        await SettleAsync();
        Assert.True(await Store.TryClaimEndAsync(DayEnd.Key, Noon, None));
        var later = Noon.AddHours(IDayStore.LongestPauseInHours + 1);
        foreach (var hours in new[] { 0, 1, 13, IDayStore.HoldInHours, IDayStore.HoldInHours + 1, IDayStore.HoldInHours + 2 })
        {
            await Store.LookAsync(later.AddHours(hours), None);
            foreach (var kind in Enum.GetValues<DayEnd>())
            {
                Assert.Equal(hours > IDayStore.HoldInHours, await Store.TryClaimEndAsync(kind, later.AddHours(hours), None));
                Assert.False(await Store.TryClaimEndAsync(kind, later.AddHours(hours).AddMinutes(59), None));
            }
        }
    }

    [Fact]
    public async Task Look_ByAClockThatJumpedAndWasSetRight_TheRightOneGoesOn()
    {
        await Store.LookAsync(Noon, None);
        await Store.LookAsync(Noon.AddDays(100), None);
        Assert.False(await Store.TryClaimEndAsync(DayEnd.Reports, Noon.AddDays(100), None));
        foreach (var (hours, isGranted) in new[] { (0, false), (1, true), (2, true) })
        {
            await Store.LookAsync(Noon.AddHours(hours), None);
            Assert.Equal(isGranted, await Store.TryClaimEndAsync(DayEnd.Reports, Noon.AddHours(hours), None));
        }
        // And the pause after it is one for this clock as well.
        var later = Noon.AddHours(2 + IDayStore.LongestPauseInHours + 1);
        await Store.LookAsync(later, None);
        Assert.False(await Store.TryClaimEndAsync(DayEnd.Reports, later, None));
        Assert.True(await Store.TryClaimEndAsync(DayEnd.Reports, later.AddHours(IDayStore.HoldInHours + 1), None));
    }

    private static byte[] NewKey() => RandomNumberGenerator.GetBytes(IDayStore.KeySizeInBytes);
}

/// <summary>What every store of logins does.</summary>
public abstract class SessionStoreContract
{
    private static readonly DateOnly Day = new(2026, 11, 24);
    private static readonly CancellationToken None = CancellationToken.None;

    protected abstract ISessionStore Store { get; }

    [Fact]
    public async Task Add_ManyWithOneChallengeAtOnce_OneIsStored()
    {
        var challenge = RandomNumberGenerator.GetBytes(ISessionStore.ChallengeSizeInBytes);
        var tokens = Enumerable.Range(0, 8).Select(_ => RandomNumberGenerator.GetBytes(32)).ToList();
        Assert.Null(await Store.FindAsync(challenge, None));
        var added = await Task.WhenAll(tokens.Select(token => Task.Run(() => Store.TryAddAsync(challenge, token, Day, None))));
        Assert.Single(added, true);
        Assert.Equal(tokens[Array.IndexOf(added, true)], (await Store.FindAsync(challenge, None))!.Value.ToArray());
    }

    [Fact]
    public async Task Forget_ThoseWhoseLastDayIsOver_AndNoOther()
    {
        var (yesterday, today) = (RandomNumberGenerator.GetBytes(ISessionStore.ChallengeSizeInBytes), RandomNumberGenerator.GetBytes(ISessionStore.ChallengeSizeInBytes));
        await Store.TryAddAsync(yesterday, new byte[32], Day.AddDays(-1), None);
        await Store.TryAddAsync(today, new byte[32], Day, None);
        await Store.ForgetAsync(Day, None);
        Assert.Null(await Store.FindAsync(yesterday, None));
        Assert.NotNull(await Store.FindAsync(today, None));
    }
}
