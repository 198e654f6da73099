using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk;

/// <summary>
/// Fetches one day after the other, and looks at nothing of it (see <see cref="Arrivals"/>). Progress is kept as it is made, so that a broken
/// connection or a full disk costs no more than the report it broke in; and one report that does not come keeps no other away.
/// </summary>
internal sealed class DayFetch(UnlockedHome home, ReviewerApi api, Arrivals arrivals, Meter meter, SyncResult result)
{
    private readonly List<DateOnly> _whole = [];

    /// <summary>Everything of a day that is not here yet.</summary>
    /// <param name="day">The day.</param>
    /// <param name="listed">What the server says of it.</param>
    /// <param name="settled">Nothing can be added to it any more: it is complete once all that is listed has come.</param>
    /// <param name="cancel">Stops; what has come stays.</param>
    public async Task RunAsync(DateOnly day, WireDay listed, bool settled, CancellationToken cancel)
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
            await FetchTextsAsync(day, state, listed.Bytes, cancel);
        }

        bool isWhole = true;
        await foreach (WireReport report in api.ReportsAsync(day, cancel))
        {
            try
            {
                if (!state.Judged.Contains(report.Id) && !arrivals.HasCome(day, report))
                {
                    await FetchOneAsync(day, report, cancel);
                }
            }
            catch (NotDeliveredException e)
            {
                // Whether it is this one or the line, the next request shows.
                isWhole = false;
                result.Undelivered.Add(new Undelivered(report.Id, day, e.Message));
            }
        }

        if (settled && isWhole)
        {
            _whole.Add(day);
        }
    }

    /// <summary>What has come was looked at: days that were fetched whole, and to which nothing can be added, are done with.</summary>
    public void CompleteDays()
    {
        foreach (DayState state in _whole.Select(day => home.Index.Days[day]))
        {
            state.IsComplete = true;
            state.Judged.Clear();
        }
    }

    /// <summary>
    /// The day's stream of texts, as far as it goes. It is taken up again as long as it brings something; one text that the server cannot read
    /// must not hide those behind it, so what it leaves is then fetched one by one, as the list names them.
    /// </summary>
    private async Task FetchTextsAsync(DateOnly day, DayState state, long dayBytes, CancellationToken cancel)
    {
        string? before;
        do
        {
            before = state.TextsAfter;
            try
            {
                await FetchTextsOnceAsync(day, state, dayBytes, cancel);
            }
            catch (Exception e) when (e is IOException or InvalidDataException or HttpRequestException or ServerRefusalException { IsOfThisAnswer: true })
            {
                // Broken off; where the line is down, the next request says so.
            }
        }
        while (!state.TextsDone && state.TextsAfter != before);
    }

    private async Task FetchTextsOnceAsync(DateOnly day, DayState state, long dayBytes, CancellationToken cancel)
    {
        await using Stream body = await api.TextsAsync(day, state.TextsAfter, cancel);
        await foreach (StoredRecord record in RecordStream.ReadAsync(body, ReviewerApi.LongestTextInBytes, state.TextsAfter, cancel))
        {
            if (!state.Judged.Contains(record.Id))
            {
                AtomicFile.Write(arrivals.Came(day, record.Id), stream => stream.Write(record.Bytes), flush: false);
            }

            state.TextsAfter = record.Id;
            Fetched(record.Bytes.Length, dayBytes);
        }

        state.TextsDone = true;
        state.TextsAfter = null;
    }

    private async Task FetchOneAsync(DateOnly day, WireReport report, CancellationToken cancel)
    {
        string part = home.Home.Report(day, report.Id) + ReportDownload.PartSuffix;
        await new ReportDownload(api).ToAsync(report, part, read => Fetched(read, report.Bytes), cancel);
        File.Move(part, arrivals.Came(day, report.Id), overwrite: true);
        arrivals.SaveNowAndThen();
    }

    private void Fetched(int bytes, long of)
    {
        result.FetchedBytes += bytes;
        meter.Report((result.FetchedBytes, Math.Max(of, result.FetchedBytes)));
        arrivals.SaveNowAndThen();
    }
}
