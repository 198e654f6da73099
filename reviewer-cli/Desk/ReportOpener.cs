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
    /// <param name="progress">Sealed bytes read, and all of them (0 where nobody knows).</param>
    /// <param name="cancel">Stops; nothing of it is left.</param>
    public static OpenedForReading Open(UnlockedHome home, ReportEntry entry, string? outFolder, IProgress<(long Done, long Total)>? progress,
        CancellationToken cancel)
    {
        string path = home.Home.Report(entry.Day, entry.Id);
        if (!File.Exists(path))
        {
            throw new ReviewerException(ExitCode.NotFound,
                $"The file of report {entry.Id[..8]} is no longer in {home.Home.Reports}. Bring it back from a copy, or `reviewer delete` its entry.");
        }

        (OpenedReport opened, bool sealedAgain, List<string> written) = Read(home, path, outFolder, progress, cancel);
        // Alarms that compare with other reports are made once, when the report comes.
        // A file sealed again names stanzas it no longer has: what was found when it came is what counts.
        IReadOnlyList<string> alarms = sealedAgain ? entry.Alarms : [.. opened.Alarms.Select(ReportWords.Sentence).Union(entry.Alarms.Where(alarm => !ReportWords.IsAboutSealing(alarm)))];
        // Whoever may write here could otherwise have one person's words read and another person answered. One that never opened before
        // (its key was brought back since) is nobody's yet, and cannot be answered.
        bool wasOpened = entry.Verdict != EntryVerdict.Broken || entry.ReportId is not null;
        if (wasOpened && (opened.Report?.Id != entry.ReportId || opened.Report?.Conversation.SigningKey.Text != entry.Conversation))
        {
            alarms = ["The file was exchanged on this disk: it is not the report that came under this handle. Do not answer by this handle.", .. alarms];
        }

        ConversationEntry? conversation = entry.Conversation is null ? null : home.Index.Conversations.GetValueOrDefault(entry.Conversation);
        return new OpenedForReading(entry, opened, alarms, sealedAgain ? entry.Recipients : opened.RecipientCount, entry.Ordinal, conversation, written);
    }

    /// <summary>Opens any file, on a machine that may never have seen the server.</summary>
    public static OpenedForReading OpenFile(UnlockedHome home, string path, string? outFolder, IProgress<(long Done, long Total)>? progress,
        CancellationToken cancel)
    {
        (OpenedReport opened, _, List<string> written) = Read(home, path, outFolder, progress, cancel);
        string? key = opened.Report?.Conversation.SigningKey.Text;
        ConversationEntry? conversation = key is null ? null : home.Index.Conversations.GetValueOrDefault(key);
        IReadOnlyList<HybridIdentity> mine = home.Keys.Openers;
        return new OpenedForReading(null, opened, [.. ReportJudge.AlarmsOf(opened, mine).Select(ReportWords.Sentence)],
            ReportJudge.RecipientsOf(opened, mine), 0, conversation, written);
    }

    private static (OpenedReport Opened, bool SealedAgain, List<string> Written) Read(UnlockedHome home, string path, string? outFolder,
        IProgress<(long Done, long Total)>? progress, CancellationToken cancel)
    {
        IReadOnlyList<HybridIdentity> mine = home.Keys.Openers;
        using OutFolder? folder = outFolder is null ? null : OutFolder.Prepare(home, outFolder);
        IAttachmentSink sink = folder is null ? new DiscardingAttachmentSink() : new FolderAttachmentSink(folder.Unfinished);
        try
        {
            using StoppableStream sealedBytes = new(File.OpenRead(path), cancel, progress);
            OpenedReport opened = ReportReader.Read(sealedBytes, mine, new RosterKnowledge(home).Known(), sink);
            List<string> written = folder is null || sink is not FolderAttachmentSink { Paths: var paths } ? []
                : folder.Finish(AttachmentNames.Finish(paths, opened, folder.Unfinished));
            return (opened, ReportJudge.IsSealedAgain(opened, mine), written);
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
}
