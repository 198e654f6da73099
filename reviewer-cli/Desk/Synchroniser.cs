using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Desk.Rosters;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk;

/// <summary>What a sync did.</summary>
internal sealed class SyncResult
{
    /// <summary>Reports that are new on this disk.</summary>
    public int New { get; set; }

    /// <summary>Of these, from somebody who wrote before.</summary>
    public int FollowUps { get; set; }

    /// <summary>Of these, with an alarm or not to be opened.</summary>
    public int Marked { get; set; }

    public long FetchedBytes { get; set; }

    /// <summary>Old identities destroyed.</summary>
    public int IdentitiesDestroyed { get; set; }

    public BatchResult? Batch { get; set; }

    public List<string> Alarms { get; } = [];

    /// <summary>Why nothing could be sent, where nothing was.</summary>
    public ReviewerException? RosterProblem { get; set; }
}

/// <summary>
/// Fetches whole days, everything in them, decoys too: what is fetched says nothing about what is wanted. Progress is kept as it is made,
/// so that a broken connection or a full disk costs no more than the report it broke in.
/// </summary>
internal sealed class Synchroniser(UnlockedHome home, ReviewerApi api, Meter meter)
{
    /// <summary>A day's key is destroyed on the second day after it has ended; from the next on nothing can be added to the day.</summary>
    private const int DaysUntilComplete = 3;

    /// <summary>Full days after a day before a server may end it.</summary>
    private const int ShortestLifeInDays = 7;

    private static readonly TimeSpan SavePace = TimeSpan.FromSeconds(5);
    private readonly SyncResult _result = new();
    private long _lastSaved;

    public async Task<SyncResult> RunAsync(CancellationToken cancel)
    {
        _lastSaved = home.Clock.GetTimestamp();
        DateOnly today = home.Clock.Today();
        WireStatus status = await api.StatusAsync(cancel);
        VerifiedRoster? verified = await TakeRosterAsync(today, cancel);
        try
        {
            ReportJudge judge = new(home, new RosterKnowledge(home).Known());
            TakeOrphans(judge);
            List<(DateOnly Day, WireDay Listed)> days = Listed(await api.DaysAsync(cancel), today);
            // The earlier of two clocks: one that runs ahead must not close a day that still grows.
            DateOnly settled = Earlier(today, Days.TryParse(status.Day, out DateOnly theirs) && theirs.DayNumber > DaysUntilComplete ? theirs : today)
                .AddDays(-DaysUntilComplete);
            foreach ((DateOnly day, WireDay listed) in days)
            {
                await FetchDayAsync(judge, day, listed, day <= settled, cancel);
            }

            if (verified is not null)
            {
                await ReadCopiesAsync(days, verified.Roster, settled.AddDays(DaysUntilComplete), cancel);
            }

            CloseEndedDays(days, settled);
            home.Index.CompleteThrough = settled;
            home.Index.LastSync = today;
        }
        finally
        {
            home.SaveIndex();
        }

        if (verified is not null)
        {
            _result.IdentitiesDestroyed = KeyRenewal.DestroyOld(home, today);
            _result.Batch = await new ReplyOutbox(home).PostAsync(api, status, verified, cancel);
        }

        return _result;
    }

    private static DateOnly Earlier(DateOnly a, DateOnly b) => a < b ? a : b;

    private static List<(DateOnly Day, WireDay Listed)> Listed(List<WireDay> days, DateOnly today) =>
    [
        .. days.Select(d => (Parsed: Days.TryParse(d.Day, out DateOnly day), Day: day, Listed: d))
            .Where(d => d.Parsed && d.Day.DayNumber - today.DayNumber is > -4000 and <= 1).Select(d => (d.Day, d.Listed)).OrderBy(d => d.Day),
    ];

    private async Task<VerifiedRoster?> TakeRosterAsync(DateOnly today, CancellationToken cancel)
    {
        RosterKnowledge knowledge = new(home);
        try
        {
            VerifiedRoster verified = knowledge.Take(await api.RosterAsync(cancel), today);
            _result.Alarms.AddRange(knowledge.Alarms);
            return verified;
        }
        catch (ReviewerException e) when (e.ExitCode == ExitCode.RosterRefused)
        {
            _result.RosterProblem = e;
            return null;
        }
    }

    private async Task FetchDayAsync(ReportJudge judge, DateOnly day, WireDay listed, bool settled, CancellationToken cancel)
    {
        if (!home.Index.Days.TryGetValue(day, out DayState? state))
        {
            home.Index.Days.Add(day, state = new DayState());
        }

        if (state.IsComplete)
        {
            return;
        }

        meter.What = $"Fetching {Days.Text(day)}";
        HomeDirectory.CreatePrivate(home.Home.Reports);
        HomeDirectory.CreatePrivate(Path.GetDirectoryName(home.Home.Report(day, "x"))!);
        if (!state.TextsDone)
        {
            await FetchTextsAsync(judge, day, state, listed.Bytes, cancel);
        }

        foreach (WireReport report in await api.ReportsAsync(day, cancel))
        {
            if (!state.Judged.Contains(report.Id))
            {
                await FetchOneAsync(judge, day, state, report, cancel);
            }
        }

        if (settled)
        {
            state.IsComplete = true;
            state.Judged.Clear();
        }
    }

    private async Task FetchTextsAsync(ReportJudge judge, DateOnly day, DayState state, long dayBytes, CancellationToken cancel)
    {
        try
        {
            await using Stream body = await api.TextsAsync(day, state.TextsAfter, cancel);
            await foreach (StoredRecord record in RecordStream.ReadAsync(body, ReviewerApi.LongestTextInBytes, state.TextsAfter, cancel))
            {
                if (!state.Judged.Contains(record.Id))
                {
                    using MemoryStream sealedBytes = new(record.Bytes, writable: false);
                    if (Judge(judge, record.Id, day, sealedBytes, record.Bytes.Length))
                    {
                        Keep(() => AtomicFile.Write(home.Home.Report(day, record.Id), record.Bytes));
                    }
                }

                state.Judged.Add(record.Id);
                state.TextsAfter = record.Id;
                Fetched(record.Bytes.Length, dayBytes);
            }

            state.TextsDone = true;
            state.TextsAfter = null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or HttpRequestException)
        {
            throw Broken(day, e);
        }
    }

    private async Task FetchOneAsync(ReportJudge judge, DateOnly day, DayState state, WireReport report, CancellationToken cancel)
    {
        string path = home.Home.Report(day, report.Id);
        string part = path + ".part";
        try
        {
            await DownloadAsync(report, part, cancel);
        }
        catch (Exception e) when (e is InvalidDataException or HttpRequestException || (e is IOException && !IsDisk(e)))
        {
            throw Broken(day, e);
        }

        bool keep;
        using (FileStream sealedBytes = File.OpenRead(part))
        {
            keep = Judge(judge, report.Id, day, sealedBytes, report.Bytes);
        }

        if (keep)
        {
            Keep(() => File.Move(part, path, overwrite: true));
            AtomicFile.FlushFolder(Path.GetDirectoryName(path)!);
        }
        else
        {
            File.Delete(part);
        }

        state.Judged.Add(report.Id);
        SaveNowAndThen();
    }

    private async Task DownloadAsync(WireReport report, string part, CancellationToken cancel)
    {
        long have = File.Exists(part) ? new FileInfo(part).Length : 0;
        if (have > report.Bytes)
        {
            File.Delete(part);
            have = 0;
        }

        if (have == report.Bytes)
        {
            return;
        }

        await using Stream body = await api.ReportAsync(report.Id, have, cancel);
        await using FileStream file = have > 0 ? new FileStream(part, FileMode.Append, FileAccess.Write) : CreateNew(part);
        byte[] buffer = new byte[128 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, cancel)) > 0)
        {
            if (have + read > report.Bytes)
            {
                throw new InvalidDataException("a report is longer than the server said");
            }

            await file.WriteAsync(buffer.AsMemory(0, read), cancel);
            have += read;
            Fetched(read, report.Bytes);
        }

        if (have != report.Bytes)
        {
            throw new InvalidDataException("a report ended early");
        }

        file.Flush(flushToDisk: true);
    }

    private static FileStream CreateNew(string part)
    {
        File.Delete(part);
        return AtomicFile.Create(part);
    }

    private bool Judge(ReportJudge judge, string id, DateOnly day, Stream sealedBytes, long size)
    {
        if (home.Index.Deleted.Contains(id) || home.Index.Reports.Exists(r => r.Id == id))
        {
            return false;
        }

        if (judge.Judge(id, day, sealedBytes, size) != Judgement.Kept)
        {
            return false;
        }

        ReportEntry entry = home.Index.Reports[^1];
        _result.New++;
        _result.FollowUps += entry.Ordinal > 1 ? 1 : 0;
        _result.Marked += entry.Alarms.Count > 0 || entry.Verdict == EntryVerdict.Broken ? 1 : 0;
        return true;
    }

    /// <summary>Puts the file under its name; where that fails, the entry made for it must not stay: it would name a file that is not there.</summary>
    private void Keep(Action write)
    {
        try
        {
            write();
        }
        catch
        {
            home.ForgetChanges();
            throw;
        }
    }

    /// <summary>Reports whose file was written and whose entry was not, because the machine stopped between the two.</summary>
    private void TakeOrphans(ReportJudge judge)
    {
        if (!Directory.Exists(home.Home.Reports))
        {
            return;
        }

        HashSet<string> known = [.. home.Index.Reports.Select(r => r.Id)];
        foreach (string path in Directory.EnumerateFiles(home.Home.Reports, "*.age", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string id = Path.GetFileNameWithoutExtension(path);
            if (known.Contains(id) || !ReviewerApi.IsId(id) || !Days.TryParse(Path.GetFileName(Path.GetDirectoryName(path)), out DateOnly day))
            {
                continue;
            }

            bool keep;
            using (FileStream sealedBytes = File.OpenRead(path))
            {
                keep = Judge(judge, id, day, sealedBytes, sealedBytes.Length);
            }

            if (!keep)
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>
    /// Days that ended on the server before they were fetched whole: nothing of them comes any more, and they must not keep old keys alive.
    /// Days end no sooner than 7 days after; one that is missing before that is the server's fault, and may be there again tomorrow.
    /// </summary>
    private void CloseEndedDays(List<(DateOnly Day, WireDay Listed)> days, DateOnly settled)
    {
        HashSet<DateOnly> listed = [.. days.Select(d => d.Day)];
        foreach ((DateOnly day, DayState state) in home.Index.Days)
        {
            if (!state.IsComplete && !listed.Contains(day) && day.AddDays(ShortestLifeInDays) <= settled)
            {
                state.IsComplete = true;
                state.Judged.Clear();
            }
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

    private void Fetched(int bytes, long of)
    {
        _result.FetchedBytes += bytes;
        meter.Report((_result.FetchedBytes, Math.Max(of, _result.FetchedBytes)));
        SaveNowAndThen();
    }

    private void SaveNowAndThen()
    {
        if (home.Clock.GetElapsedTime(_lastSaved) > SavePace)
        {
            home.SaveIndex();
            _lastSaved = home.Clock.GetTimestamp();
        }
    }

    private static bool IsDisk(Exception e) => (e.HResult & 0xFFFF) is 28 or 122 or 112;

    private static ReviewerException Broken(DateOnly day, Exception e) => IsDisk(e)
        ? AtomicFile.Explain(e, $"a report of {Days.Text(day)}")
        : new ReviewerException(ExitCode.Unreachable,
            $"The connection broke while fetching {Days.Text(day)} ({e.Message.TrimEnd('.')}). What had arrived is kept; run `reviewer sync` again and it goes on from there.", e);
}
