using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Desk.Rosters;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk;

/// <summary>
/// Fetches whole days, everything in them, decoys too: what is fetched says nothing about what is wanted. Then posts the day's batch.
/// </summary>
internal sealed class Synchroniser(UnlockedHome home, ReviewerApi api, Meter meter)
{
    /// <summary>A day's key is destroyed on the second day after it has ended; from the next on nothing can be added to the day.</summary>
    private const int DaysUntilComplete = 3;

    /// <summary>Full days after a day before a server may end it.</summary>
    private const int ShortestLifeInDays = 7;

    private readonly SyncResult _result = new();

    public async Task<SyncResult> RunAsync(CancellationToken cancel)
    {
        DateOnly today = home.Clock.Today();
        WireStatus status = await api.StatusAsync(cancel);
        VerifiedRoster? verified = await TakeRosterAsync(today, cancel);
        List<(DateOnly Day, WireDay Listed)> days;
        try
        {
            Arrivals arrivals = new(home, new ReportJudge(home, new RosterKnowledge(home).Known()), _result);
            arrivals.TakeOrphans();
            days = Listed(await api.DaysAsync(cancel), today);
            // The earlier of two clocks: one that runs ahead must not close a day that still grows.
            DateOnly settled = Earlier(today, Days.TryParse(status.Day, out DateOnly theirs) && theirs.DayNumber > DaysUntilComplete ? theirs : today)
                .AddDays(-DaysUntilComplete);
            DayFetch fetch = new(home, api, arrivals, meter, _result);
            foreach ((DateOnly day, WireDay listed) in days)
            {
                await fetch.RunAsync(day, listed, day <= settled, cancel);
            }

            if (verified is not null)
            {
                await ReadCopiesAsync(days, verified.Roster, settled.AddDays(DaysUntilComplete), cancel);
            }

            _result.GoneDays = EarlyEnds.Gone(home.Index, days);
            ForgetEndedDays(days, settled);
            arrivals.RemoveUnfinished();
            home.Index.CompleteThrough = _result.Undelivered.Count == 0 ? settled : Earlier(settled, _result.Undelivered.Min(u => u.Day).AddDays(-1));
            home.Index.LastSync = today;
        }
        finally
        {
            home.SaveIndex();
        }

        if (verified is not null)
        {
            _result.IdentitiesDestroyed = KeyRenewal.DestroyOld(home, today, meter, cancel);
            _result.Batch = await new ReplyOutbox(home).PostAsync(api, status, verified, cancel);
        }

        // Last, as it is said once: what breaks off before this says it the next time.
        if (EarlyEnds.Alarm(home.Index, days) is { } alarm)
        {
            _result.Alarms.Add(alarm);
            home.SaveIndex();
        }

        return _result;
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

    private async Task ReadCopiesAsync(List<(DateOnly Day, WireDay Listed)> days, Roster roster, DateOnly today, CancellationToken cancel)
    {
        foreach ((DateOnly day, WireDay listed) in days)
        {
            DayState state = home.Index.Days[day];
            if (state.CopiesDone)
            {
                continue;
            }

            if (listed.Copies > 0)
            {
                try
                {
                    await using Stream body = await api.CopiesAsync(day, null, cancel);
                    await Conversations.ReadCopiesAsync(home, body, roster, day, cancel);
                }
                catch (Exception e) when (e is IOException or InvalidDataException or HttpRequestException)
                {
                    throw Broken(day, e);
                }
            }

            // Until its day has ended, a batch may be replaced.
            state.CopiesDone = day < today;
        }
    }

    private static ReviewerException Broken(DateOnly day, Exception e) => new(ExitCode.Unreachable,
        $"The connection broke while fetching {Days.Text(day)} ({e.Message.TrimEnd('.')}). What had arrived is kept; run `reviewer sync` again and it goes on from there.", e);
}
