using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Reports;
using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Desk.Rosters;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk;

/// <summary>An opened report with all that a person is told about it.</summary>
internal sealed record OpenedForReading(ReportEntry? Entry, OpenedReport Opened, IReadOnlyList<string> Alarms, int Recipients, int Message,
    ConversationEntry? Conversation, IReadOnlyList<string> Written);

/// <summary>Opens a report again for reading, every check made anew.</summary>
internal static class ReportOpener
{
    /// <summary>Opens one of this desk's reports.</summary>
    /// <param name="home">The home.</param>
    /// <param name="entry">The report.</param>
    /// <param name="outFolder">Where its files go, or null to write none.</param>
    public static OpenedForReading Open(UnlockedHome home, ReportEntry entry, string? outFolder)
    {
        string path = home.Home.Report(entry.Day, entry.Id);
        if (!File.Exists(path))
        {
            throw new ReviewerException(ExitCode.NotFound,
                $"The file of report {entry.Id[..8]} is no longer in {home.Home.Reports}. Bring it back from a copy, or `reviewer delete` its entry.");
        }

        (OpenedReport opened, bool sealedAgain, List<string> written) = Read(home, path, outFolder);
        // Alarms that compare with other reports are made once, when the report comes.
        // A file sealed again names stanzas it no longer has: what was found when it came is what counts.
        IReadOnlyList<string> alarms = sealedAgain ? entry.Alarms : [.. opened.Alarms.Select(ReportWords.Sentence).Union(entry.Alarms.Where(alarm => !ReportWords.IsAboutSealing(alarm)))];
        ConversationEntry? conversation = entry.Conversation is null ? null : home.Index.Conversations.GetValueOrDefault(entry.Conversation);
        return new OpenedForReading(entry, opened, alarms, sealedAgain ? entry.Recipients : opened.RecipientCount, entry.Ordinal, conversation, written);
    }

    /// <summary>Opens any file, on a machine that may never have seen the server.</summary>
    public static OpenedForReading OpenFile(UnlockedHome home, string path, string? outFolder)
    {
        (OpenedReport opened, _, List<string> written) = Read(home, path, outFolder);
        string? key = opened.Report?.Conversation.SigningKey.Text;
        ConversationEntry? conversation = key is null ? null : home.Index.Conversations.GetValueOrDefault(key);
        return new OpenedForReading(null, opened, [.. opened.Alarms.Select(ReportWords.Sentence)], opened.RecipientCount, 0, conversation, written);
    }

    private static (OpenedReport Opened, bool SealedAgain, List<string> Written) Read(UnlockedHome home, string path, string? outFolder)
    {
        IReadOnlyList<HybridIdentity> mine = home.Keys.Openers;
        IAttachmentSink sink = outFolder is null ? new DiscardingAttachmentSink() : new FolderAttachmentSink(Prepare(outFolder));
        try
        {
            using FileStream sealedBytes = File.OpenRead(path);
            OpenedReport opened = ReportReader.Read(sealedBytes, mine, new RosterKnowledge(home).Known(), sink);
            List<string> written = outFolder is null || sink is not FolderAttachmentSink folder ? [] : AttachmentNames.Finish(folder.Paths, opened, outFolder);
            return (opened, opened.IdentityIndex == mine.Count - 1, written);
        }
        catch (ReportException e)
        {
            throw new ReviewerException(ExitCode.BadReport,
                $"This report cannot be trusted or opened: {ReportJudge.Problem(e)}. ({e.Message.TrimEnd('.')}.) Nothing of it was written.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Explain(e, outFolder ?? path);
        }
    }

    private static string Prepare(string folder)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any(e => AttachmentNames.IsOurs(Path.GetFileName(e))))
        {
            throw new ReviewerException(ExitCode.AlreadyThere, $"{folder} holds files of a report already and was left as it is. Give another --out.");
        }

        if (!Directory.Exists(folder))
        {
            HomeDirectory.CreatePrivate(folder);
        }

        return folder;
    }
}
