using System.Runtime.ExceptionServices;
using SecureDrop.Server.Options;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Rosters;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Days;

/// <summary>
/// What happens because a day has passed: dead drops begin and are published, keys are destroyed, days end. What is lost for
/// good is lost one day an hour, and nothing on the first day after a clock jumped ahead, so that this is noticed before anything is gone.
/// </summary>
public sealed class DayKeeper(
    ServerOptions options, TimeProvider time, DayKeyRing keys, RosterDesk rosters,
    IReportStore reports, IDeadDropStore deadDrops, IDayStore days, ISessionStore sessions, ServerLog log)
    : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private DateOnly? _lastTurn;
    private DateOnly? _lastTried;
    private DateOnly? _prepared;
    private int _waitingSaid;

    /// <summary>Days that are due to end and wait for their hour.</summary>
    public int DaysWaitingToEnd { get; private set; }

    /// <summary>Whether the clock stands before a day that the store has seen.</summary>
    public bool IsClockBehind { get; private set; }

    /// <summary>The day of the latest look; null before the first, and where the store did not answer to any.</summary>
    public DateOnly? LookedOn { get; private set; }

    /// <summary>Before a dead drop is read or written: the day may have turned since the last tick.</summary>
    public Task EnsureTurnedAsync(CancellationToken cancel) => _lastTurn == keys.Today ? Task.CompletedTask : TickAsync(cancel);

    /// <summary>
    /// The same before something is only read: what is there can be read also where the day could not be turned. The log says why, and it is
    /// tried again once a minute, not for everybody who comes.
    /// </summary>
    public async Task TryTurnAsync(CancellationToken cancel)
    {
        if (_lastTried == keys.Today)
            return;
        try
        {
            await EnsureTurnedAsync(cancel);
        }
        catch (Exception e) when (e is StoreException { IsAway: false } or AggregateException)
        {
            log.Fault(e);
        }
    }

    /// <summary>Does what is due now; may be called at any time and any number of times. What one step cannot do keeps no other from its own.</summary>
    /// <exception cref="AggregateException">More than one step failed.</exception>
    public async Task TickAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            var now = time.GetUtcNow();
            log.Turn(now);
            var today = keys.Today;
            keys.Forget();
            var waiting = 0;
            var hasLooked = false;
            await StepsAsync(cancel,
                // First, and always: the times of files do not go on saying when somebody came.
                () => days.BlurTimesAsync(now, cancel),
                // Of a day of which there is nothing, so that nothing is counted: it is the room that is asked for.
                async () => log.Room((await reports.MeasureAsync(DateOnly.MinValue, cancel)).FreeInBytes, options.Drop.FreeSpaceFloorInMebibytes),
                () => sessions.ForgetAsync(today, cancel),
                // Before anything ends, and nothing does where it cannot be noted: the next look would not know that the clock jumped.
                async () =>
                {
                    await days.LookAsync(now, cancel);
                    hasLooked = true;
                },
                async () =>
                {
                    try
                    {
                        await TurnDeadDropsAsync(today, cancel);
                        _lastTurn = _lastTried = today;
                    }
                    catch (Exception e) when (e is not StoreException { IsAway: true })
                    {
                        _lastTried = today;
                        throw;
                    }
                },
                async () => waiting += !hasLooked ? 0 : await EndAsync(DayEnd.Key, await DueKeysAsync(today, cancel), EndKeyAsync, cancel),
                async () => waiting += !hasLooked ? 0 : await EndAsync(DayEnd.DeadDrop, await DueDeadDropsAsync(today, cancel), deadDrops.EndDeadDropAsync, cancel),
                async () => waiting += !hasLooked ? 0 : await EndAsync(DayEnd.Reports, await DueReportsAsync(today, cancel), EndReportsAsync, cancel),
                // Last: a disk that is too full for it must not keep days from ending.
                () => PrepareAsync(today, cancel),
                () =>
                {
                    LookedOn = today;
                    return Task.CompletedTask;
                });
            if (waiting > 0 && waiting != _waitingSaid)
                log.DaysWait(waiting);
            DaysWaitingToEnd = _waitingSaid = waiting;
        }
        finally
        {
            _one.Release();
        }
    }

    private static async Task StepsAsync(CancellationToken cancel, params IReadOnlyList<Func<Task>> steps)
    {
        var failures = new List<Exception>();
        foreach (var step in steps)
        {
            try
            {
                await step();
            }
#pragma warning disable CA1031 // Thrown below, when all have had their turn.
            catch (Exception e) when (e is not StoreException { IsAway: true } && !cancel.IsCancellationRequested)
#pragma warning restore CA1031
            {
                failures.Add(e);
            }
        }
        if (failures.Count == 1)
            ExceptionDispatchInfo.Throw(failures[0]);
        if (failures.Count > 1)
            throw new AggregateException(failures);
    }

    /// <summary>
    /// For a server that stops: waits for what is being done (the stores are closed next), and has the files say when it stopped.
    /// </summary>
    public async Task StopAsync()
    {
        await _one.WaitAsync();
        try
        {
            await days.BlurTimesAsync(time.GetUtcNow(), CancellationToken.None);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task TurnDeadDropsAsync(DateOnly today, CancellationToken cancel)
    {
        var known = await deadDrops.ListAsync(cancel);
        foreach (var problem in known.Select(day => day.Problem).OfType<string>())
            log.Problem(problem);
        foreach (var day in known.Where(day => day.Day < today && !day.IsPublished))
            await deadDrops.PublishAsync(day.Day, cancel);
        var newest = known.Count == 0 ? (DateOnly?)null : known[^1].Day;
        if (newest > today && !IsClockBehind)
            log.ClockWentBack(today, newest.Value);
        IsClockBehind = newest > today;
        // Days ahead do not count: after a clock that jumped ahead for a minute, replies would wait until that day is reached.
        var last = known.Select(day => day.Day).Where(day => day <= today).Cast<DateOnly?>().LastOrDefault();
        if (last == today || await rosters.ReadAsync(cancel) is not { } drop)
            return;
        // Days without slots are listed too: a gap would tell that the server was off, and a source would wonder.
        var oldest = today.AddDays(1 - options.Retention.DeadDropDays);
        for (var day = last >= oldest ? last.Value.AddDays(1) : today; day <= today; day = day.AddDays(1))
        {
            await deadDrops.BeginDayAsync(day, drop.Roster.ShardBits, cancel);
            if (day < today)
                await deadDrops.PublishAsync(day, cancel);
        }
    }

    /// <summary>The day's key and file are made before anybody comes: made by the first visit, their times would be its time.</summary>
    private async Task PrepareAsync(DateOnly today, CancellationToken cancel)
    {
        if (_prepared == today || await rosters.ReadAsync(cancel) is null)
            return;
        await keys.TodaysAsync(cancel);
        await reports.BeginDayAsync(today, cancel);
        _prepared = today;
    }

    private async Task<IReadOnlyList<DateOnly>> DueKeysAsync(DateOnly today, CancellationToken cancel) =>
        [.. (await days.ListKeyDaysAsync(cancel)).Union(await reports.ListOpenDaysAsync(cancel))
            .Where(day => day < today && !DayKeyRing.Serves(day, today)).Order()];

    private async Task<IReadOnlyList<DateOnly>> DueDeadDropsAsync(DateOnly today, CancellationToken cancel) =>
        [.. (await deadDrops.ListAsync(cancel)).Select(day => day.Day)
            .Where(day => day.AddDays(options.Retention.DeadDropDays) < today)];

    private async Task<IReadOnlyList<DateOnly>> DueReportsAsync(DateOnly today, CancellationToken cancel)
    {
        var early = await days.ListEarlyEndsAsync(cancel);
        var stored = await reports.ListDaysAsync(cancel);
        foreach (var problem in stored.Select(day => day.Problem).OfType<string>())
            log.Problem(problem);
        var there = stored.Select(day => day.Day)
            .Union((await deadDrops.CountCopiesAsync(cancel)).Keys).Union(early.Keys);
        return [.. there.Where(day => day.AddDays(options.Retention.ReportDays) < today
            || (early.TryGetValue(day, out var endsOn) && endsOn <= today)).Order()];
    }

    private async Task EndKeyAsync(DateOnly day, CancellationToken cancel)
    {
        // The key first: were the server stopped in between, nothing would lead to what is stored, and the rest is done next time.
        await keys.DestroyAsync(day, cancel);
        await reports.CompleteDayAsync(day, cancel);
    }

    private async Task EndReportsAsync(DateOnly day, CancellationToken cancel)
    {
        await reports.EndDayAsync(day, cancel);
        await deadDrops.EndCopiesAsync(day, cancel);
        await days.ForgetEarlyEndAsync(day, cancel);
    }

    /// <returns>How many of those due have to wait.</returns>
    private async Task<int> EndAsync(DayEnd kind, IReadOnlyList<DateOnly> due, Func<DateOnly, CancellationToken, Task> end, CancellationToken cancel)
    {
        if (due.Count == 0 || !await days.TryClaimEndAsync(kind, time.GetUtcNow(), cancel))
            return due.Count;
        await end(due[0], cancel);
        log.DayEnded(kind, due[0]);
        return due.Count - 1;
    }
}
