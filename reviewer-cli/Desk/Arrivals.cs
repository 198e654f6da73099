using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk;

/// <summary>
/// Takes in what has come: what is new and no decoy gets an entry in the index and a file, and is counted. Nothing is opened before the
/// server has been asked for everything: a decoy is dropped sooner than a report is taken in, and whoever serves the one after the other
/// would read from the pace, or from when the next request comes, which was which. Until then all lie there alike.
/// </summary>
internal sealed class Arrivals(UnlockedHome home, ReportJudge judge, SyncResult result, Meter meter)
{
    /// <summary>End of the name of a report that has come whole, and that nobody has looked at yet.</summary>
    private const string CameSuffix = ".came";

    private static readonly TimeSpan SavePace = TimeSpan.FromSeconds(5);
    private long _lastSaved = home.Clock.GetTimestamp();

    /// <summary>Where a report lies until it is looked at.</summary>
    public string Came(DateOnly day, string id) => home.Home.Report(day, id) + CameSuffix;

    /// <summary>Whether all bytes of a report that the server lists have come, now or in a run that was interrupted.</summary>
    public bool HasCome(DateOnly day, WireReport report) => new FileInfo(Came(day, report.Id)) is { Exists: true } file && file.Length == report.Bytes;

    /// <summary>Saves the index, once everything that it says has come is on the disk.</summary>
    public void Save()
    {
        if (Directory.Exists(home.Home.Reports))
        {
            AtomicFile.FlushAll(home.Home.Reports);
        }

        home.SaveIndex();
        _lastSaved = home.Clock.GetTimestamp();
    }

    /// <summary>The same, if it was not done lately.</summary>
    public void SaveNowAndThen()
    {
        if (home.Clock.GetElapsedTime(_lastSaved) > SavePace)
        {
            Save();
        }
    }

    /// <summary>Looks at everything that has come.</summary>
    /// <exception cref="OperationCanceledException">The command is to stop; what was not looked at lies there for the next run.</exception>
    public void JudgeAll(CancellationToken cancel)
    {
        if (!Directory.Exists(home.Home.Reports))
        {
            return;
        }

        TakeOrphans();
        meter.What = "Opening what came";
        FileInfo[] came = [.. new DirectoryInfo(home.Home.Reports).EnumerateFiles("*.age" + CameSuffix, SearchOption.AllDirectories).OrderBy(f => f.FullName, StringComparer.Ordinal)];
        (long done, long total) = (0, came.Sum(file => file.Length));
        foreach (FileInfo file in came)
        {
            cancel.ThrowIfCancellationRequested();
            if (Named(file.FullName, ".age" + CameSuffix) is { } report)
            {
                TakeIn(report.Day, report.Id, file, cancel);
            }

            meter.Report((done += file.Length, total));
            SaveNowAndThen();
        }
    }

    /// <summary>Downloads that will never end, because their day is complete or their report was deleted meanwhile.</summary>
    public void RemoveUnfinished()
    {
        if (!Directory.Exists(home.Home.Reports))
        {
            return;
        }

        foreach (string path in Directory.EnumerateFiles(home.Home.Reports, "*" + ReportDownload.PartSuffix, SearchOption.AllDirectories))
        {
            if (!Days.TryParse(Path.GetFileName(Path.GetDirectoryName(path)), out DateOnly day)
                || !home.Index.Days.TryGetValue(day, out DayState? state) || state.IsComplete)
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>Reports whose file was written and whose entry was not, because the machine stopped between the two.</summary>
    private void TakeOrphans()
    {
        foreach (string unfinished in Directory.EnumerateFiles(home.Home.Reports, "*" + AtomicFile.UnfinishedSuffix, SearchOption.AllDirectories))
        {
            File.Delete(unfinished);
        }

        HashSet<string> known = [.. home.Index.Reports.Select(r => r.Id)];
        foreach (string path in Directory.EnumerateFiles(home.Home.Reports, "*.age", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (Named(path, ".age") is not { } report || known.Contains(report.Id))
            {
                continue;
            }

            bool keep;
            using (FileStream sealedBytes = File.OpenRead(path))
            {
                keep = Judge(report.Id, report.Day, sealedBytes, sealedBytes.Length);
            }

            if (!keep)
            {
                File.Delete(path);
            }
        }
    }

    private void TakeIn(DateOnly day, string id, FileInfo file, CancellationToken cancel)
    {
        bool keep;
        using (StoppableStream sealedBytes = new(file.OpenRead(), cancel))
        {
            keep = Judge(id, day, sealedBytes, file.Length);
        }

        if (keep)
        {
            Keep(file, home.Home.Report(day, id));
        }
        else
        {
            File.Delete(file.FullName);
        }

        if (!home.Index.Days.TryGetValue(day, out DayState? state))
        {
            home.Index.Days.Add(day, state = new DayState());
        }

        state.Judged.Add(id);
    }

    /// <summary>Judges one; true when its file is to be kept, under an entry that then stands in the index.</summary>
    private bool Judge(string id, DateOnly day, Stream sealedBytes, long size)
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
        result.New++;
        result.FollowUps += entry.Ordinal > 1 ? 1 : 0;
        result.Marked += entry.Alarms.Count > 0 || entry.Verdict == EntryVerdict.Broken ? 1 : 0;
        return true;
    }

    /// <summary>Puts the file under its name; where that fails, the entry made for it must not stay: it would name a file that is not there.</summary>
    private void Keep(FileInfo file, string path)
    {
        try
        {
            File.Move(file.FullName, path, overwrite: true);
        }
        catch (Exception e)
        {
            home.ForgetChanges();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw AtomicFile.Explain(e, path);
            }

            throw;
        }
    }

    /// <summary>The report that a file in a day's folder is of; null for somebody else's file.</summary>
    private static (DateOnly Day, string Id)? Named(string path, string suffix)
    {
        string id = Path.GetFileName(path)[..^suffix.Length];
        return ReviewerApi.IsId(id) && Days.TryParse(Path.GetFileName(Path.GetDirectoryName(path)), out DateOnly day) ? (day, id) : null;
    }
}
