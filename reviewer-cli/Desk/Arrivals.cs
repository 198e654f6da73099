using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk;

/// <summary>Takes in what has come: what is new and no decoy gets an entry in the index and a file, and is counted.</summary>
internal sealed class Arrivals(UnlockedHome home, ReportJudge judge, SyncResult result)
{
    /// <summary>Judges what has come; true when its file is to be kept, under an entry that then stands in the index.</summary>
    public bool Judge(string id, DateOnly day, Stream sealedBytes, long size)
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
    public void Keep(Action write)
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
    public void TakeOrphans()
    {
        if (!Directory.Exists(home.Home.Reports))
        {
            return;
        }

        foreach (string unfinished in Directory.EnumerateFiles(home.Home.Reports, "*" + AtomicFile.UnfinishedSuffix, SearchOption.AllDirectories))
        {
            File.Delete(unfinished);
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
                keep = Judge(id, day, sealedBytes, sealedBytes.Length);
            }

            if (!keep)
            {
                File.Delete(path);
            }
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
}
