using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Desk.Rosters;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk;

/// <summary>
/// Fetches whole days, everything in them, decoys too, and posts the day's batch: what is fetched says nothing about what is wanted. What came
/// is looked at when nothing more is asked (see <see cref="Arrivals"/>), so when it is asked says nothing either.
/// </summary>
internal sealed class Synchroniser(UnlockedHome home, ReviewerApi api, Meter meter)
{
    /// <summary>A day's key is destroyed on the second day after it has ended; from the next on nothing can be added to the day.</summary>
    private const int DaysUntilComplete = 3;

    /// <summary>Full days after a day before a server may end it.</summary>
    private const int ShortestLifeInDays = 7;

    private readonly SyncResult _result = new();
    private List<(DateOnly Day, WireDay Listed)> _days = [];
    private bool _isFetched;

    public async Task<SyncResult> RunAsync(CancellationToken cancel)
    {
        DateOnly today = home.Clock.Today();
        WireStatus status = await api.StatusAsync(cancel);
        VerifiedRoster? verified = await TakeRosterAsync(today, cancel);
        Arrivals arrivals = new(home, new ReportJudge(home, new RosterKnowledge(home).Known()), _result, meter);
        DayFetch fetch = new(home, api, arrivals, meter, _result);
        CopiesFetch copies = new(home, api);
        // The earlier of two clocks: one that runs ahead must not close a day that still grows.
        DateOnly settled = Earlier(today, Days.TryParse(status.Day, out DateOnly theirs) && theirs.DayNumber > DaysUntilComplete ? theirs : today)
            .AddDays(-DaysUntilComplete);
        try
        {
            await AskAsync(status, verified, settled, arrivals, fetch, copies, cancel);
        }
        finally
        {
            await TakeInAsync(verified?.Roster, settled, today, arrivals, fetch, copies, cancel);
        }

        if (verified is not null)
        {
            _result.IdentitiesDestroyed = KeyRenewal.DestroyOld(home, today, meter, cancel);
        }

        // Last, as it is said once: what breaks off before this says it the next time.
        if (EarlyEnds.Alarm(home.Index, _days) is { } alarm)
        {
            _result.Alarms.Add(alarm);
            home.SaveIndex();
        }

        return _result;
    }

    /// <summary>All that the server is asked.</summary>
    private async Task AskAsync(
        WireStatus status, VerifiedRoster? verified, DateOnly settled, Arrivals arrivals, DayFetch fetch, CopiesFetch copies, CancellationToken cancel)
    {
        _days = Listed(await api.DaysAsync(cancel), home.Clock.Today());
        foreach ((DateOnly day, WireDay listed) in _days)
        {
            await fetch.RunAsync(day, listed, day <= settled, cancel);
        }

        if (verified is not null)
        {
            await copies.RunAsync(_days, cancel);
        }

        _isFetched = true;
        if (verified is not null)
        {
            arrivals.Save();
            _result.Batch = await new ReplyOutbox(home).PostAsync(api, status, verified, cancel);
        }
    }

    /// <summary>
    /// All that is made of it, with nothing asked any more; also where the asking broke off. But whoever says stop wants no minutes more: then
    /// what has come lies there for the next run.
    /// </summary>
    private async Task TakeInAsync(
        Roster? roster, DateOnly settled, DateOnly today, Arrivals arrivals, DayFetch fetch, CopiesFetch copies, CancellationToken cancel)
    {
        try
        {
            if (cancel.IsCancellationRequested)
            {
                return;
            }

            arrivals.JudgeAll(cancel);
            fetch.CompleteDays();
            if (!_isFetched)
            {
                return;
            }

            if (roster is not null)
            {
                await copies.ReadAsync(roster, settled.AddDays(DaysUntilComplete), cancel);
            }

            _result.GoneDays = EarlyEnds.Gone(home.Index, _days);
            ForgetEndedDays(_days, settled);
            arrivals.RemoveUnfinished();
            home.Index.CompleteThrough = _result.Undelivered.Count == 0 ? settled : Earlier(settled, _result.Undelivered.Min(u => u.Day).AddDays(-1));
            home.Index.LastSync = today;
        }
        finally
        {
            arrivals.Save();
        }
    }

    private static DateOnly Earlier(DateOnly a, DateOnly b) => a < b ? a : b;

    private static List<(DateOnly Day, WireDay Listed)> Listed(List<WireDay> days, DateOnly today) =>
    [
        .. days.Where(d => d is not null).Select(d => (Parsed: Days.TryParse(d.Day, out DateOnly day), Day: day, Listed: d))
            .Where(d => d.Parsed && d.Day.DayNumber - today.DayNumber is > -4000 and <= 1).Select(d => (d.Day, d.Listed)).OrderBy(d => d.Day),
    ];

    private async Task<VerifiedRoster?> TakeRosterAsync(DateOnly today, CancellationToken cancel)
    {
        RosterKnowledge knowledge = new(home);
        try
        {
            VerifiedRoster verified = knowledge.Take(await api.RosterAsync(cancel), today);
            if (await api.EarlierAsync(cancel) is { } earlier)
            {
                knowledge.TakeEarlier(earlier, verified);
            }

            _result.Alarms.AddRange(knowledge.Alarms);
            return verified;
        }
        catch (ReviewerException e) when (e.ExitCode == ExitCode.RosterRefused)
        {
            _result.RosterProblem = e;
            return null;
        }
    }

    /// <summary>
    /// Days that ended on the server before they were fetched whole: nothing of them comes any more, and they must not keep old keys alive.
    /// Days end no sooner than 7 days after; one that is missing before that is the server's fault, and may be there again tomorrow. One that
    /// comes back later still (a server mended from a copy) is fetched as if it were new.
    /// </summary>
    private void ForgetEndedDays(List<(DateOnly Day, WireDay Listed)> days, DateOnly settled)
    {
        HashSet<DateOnly> listed = [.. days.Select(d => d.Day)];
        DateOnly[] ended =
        [
            .. home.Index.Days.Where(d => !d.Value.IsComplete && !listed.Contains(d.Key) && d.Key.AddDays(ShortestLifeInDays) <= settled).Select(d => d.Key),
        ];
        foreach (DateOnly day in ended)
        {
            home.Index.Days.Remove(day);
        }
    }
}
