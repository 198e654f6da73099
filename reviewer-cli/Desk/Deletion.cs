using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Keystore;

namespace SecureDrop.Reviewer.Desk;

/// <summary>
/// Takes a report off this disk. The server keeps its day as it is (a report that vanished there would tell which one was no decoy).
/// A digest stays in the sealed index, so that the same bytes sent again are not taken for news.
/// </summary>
internal static class Deletion
{
    /// <summary>Deletes; true if the conversation went with it, because this was its last report here.</summary>
    public static bool Delete(UnlockedHome home, ReportEntry report)
    {
        InboxIndex index = home.Index;
        string path = home.Home.Report(report.Day, report.Id);
        // Index first: after a crash between the two, a file without entry would be read again by sync; so the tombstone comes first.
        index.Reports.Remove(report);
        index.Deleted.Add(report.Id);
        bool last = report.Conversation is not null && index.Reports.All(r => r.Conversation != report.Conversation);
        if (last)
        {
            index.Conversations.Remove(report.Conversation!);
            index.Outbox.RemoveAll(p => p.Conversation == report.Conversation);
        }

        home.SaveIndex();
        if (File.Exists(path))
        {
            AtomicFile.Delete(path);
        }

        return last;
    }
}
