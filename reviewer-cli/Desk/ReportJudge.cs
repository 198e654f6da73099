using System.Security.Cryptography;
using System.Text;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Reports;
using SecureDrop.Reviewer.Desk.Index;

namespace SecureDrop.Reviewer.Desk;

/// <summary>What became of a fetched report.</summary>
internal enum Judgement
{
    /// <summary>To be kept and listed.</summary>
    Kept,

    /// <summary>A decoy: dropped silently.</summary>
    Decoy,

    /// <summary>The same report again (a source sends again what it does not know to have arrived).</summary>
    Duplicate,
}

/// <summary>Opens what came, once, and writes into the index what the inbox shows of it. Nothing that arrives is ever dropped because it is
/// broken: it is listed, so that a source's message cannot vanish in silence.</summary>
internal sealed class ReportJudge(UnlockedHome home, KnownRosters known)
{
    /// <summary>Texts shorter than this are equal by chance ("hello").</summary>
    private const int ShortestTellingText = 32;

    private const string IdReused =
        "It carries the id of another report with other words: somebody wants the two taken for one. Believe neither without asking.";

    private const string SameText = "Its text", SameFile = "A file in it", AsAnother = " is the same as in an earlier report of conversation ";

    private readonly IReadOnlyList<HybridIdentity> _mine = home.Keys.Openers;
    private readonly ReportLedger _ledger = new(home.Index.Seen);

    public Judgement Judge(string id, DateOnly day, Stream sealedBytes, long sizeInBytes)
    {
        ReportEntry entry = new() { Id = id, Day = day, SizeInBytes = sizeInBytes };
        OpenedReport opened;
        try
        {
            opened = ReportReader.Read(sealedBytes, _mine, known, new DiscardingAttachmentSink());
        }
        catch (ReportException e)
        {
            entry.Verdict = EntryVerdict.Broken;
            entry.Problem = Problem(e);
            // It is kept for whoever wants to look at it with other tools: so it must not become unreadable when its key goes.
            entry.OpenedBy = e.IdentityIndex is { } mine ? ReportRoster.RecipientSha256(_mine[mine].Recipient) : null;
            home.Index.Reports.Add(entry);
            return Judgement.Kept;
        }

        if (opened.Verdict == ReportVerdict.Decoy)
        {
            return Judgement.Decoy;
        }

        ReportNovelty novelty = _ledger.Remember(opened);
        if (novelty == ReportNovelty.Duplicate)
        {
            return Judgement.Duplicate;
        }

        IReadOnlyList<ReportAlarm> alarms = AlarmsOf(opened, _mine);
        entry.Recipients = RecipientsOf(opened, _mine);
        entry.OpenedBy = ReportRoster.RecipientSha256(_mine[opened.IdentityIndex].Recipient);
        entry.Alarms.AddRange(alarms.Select(ReportWords.Sentence));
        if (opened.Report is not { } report)
        {
            entry.Verdict = EntryVerdict.Plain;
            home.Index.Reports.Add(entry);
            return Judgement.Kept;
        }

        if (novelty == ReportNovelty.IdReused)
        {
            entry.Alarms.Add(IdReused);
        }

        Describe(entry, report);
        if (alarms.Count == 0 && novelty == ReportNovelty.New)
        {
            home.Index.Seen[report.Id] = opened.ReportJsonSha256!;
            CompareContent(entry, report);
        }

        home.Index.Reports.Add(entry);
        return Judgement.Kept;
    }

    /// <summary>Whether the file is one that <see cref="KeyRenewal"/> sealed again, to the last of our identities, which nobody else knows of.</summary>
    public static bool IsSealedAgain(OpenedReport opened, IReadOnlyList<HybridIdentity> mine) => opened.IdentityIndex == mine.Count - 1;

    /// <summary>The alarms of how a report came. In a file sealed again the stanzas are ours, and no fault of whoever sent it.</summary>
    public static IReadOnlyList<ReportAlarm> AlarmsOf(OpenedReport opened, IReadOnlyList<HybridIdentity> mine) =>
    [
        .. opened.Alarms.Where(alarm => !IsSealedAgain(opened, mine)
            || alarm is not (ReportAlarm.RecipientsAreNotTheStanzas or ReportAlarm.OwnRecipientNotNamed)),
    ];

    /// <summary>How many could read a report as it came.</summary>
    public static int RecipientsOf(OpenedReport opened, IReadOnlyList<HybridIdentity> mine) =>
        IsSealedAgain(opened, mine) && opened.Report is { } report ? report.Roster.Recipients.Count : opened.RecipientCount;

    /// <summary>
    /// Whether an alarm is about what the report says alone: the same text or file as another person's. Its sealing and signature are
    /// sound, and two people may well hold the same document. Any alarm that is not known to be of these two is about more.
    /// </summary>
    public static bool IsAboutContent(string alarm) =>
        alarm.StartsWith(SameText + AsAnother, StringComparison.Ordinal) || alarm.StartsWith(SameFile + AsAnother, StringComparison.Ordinal);

    /// <summary>Why a file could not be opened, in a few words.</summary>
    public static string Problem(ReportException e) => e switch
    {
        { Check: ReportCheck.Age, AgeFailure: AgeFailure.NoMatch } => "not sealed to you",
        { Check: ReportCheck.Age } => "damaged: the sealed file is cut or changed",
        { Check: ReportCheck.Signature or ReportCheck.KeyNumber or ReportCheck.Purpose } => "not signed by its sender",
        { Check: ReportCheck.Attachment } => "a file in it is not what it says",
        _ => $"not a report of the right form: {e.CheckName}",
    };

    private void Describe(ReportEntry entry, Report report)
    {
        string key = report.Conversation.SigningKey.Text;
        if (!home.Index.Conversations.TryGetValue(key, out ConversationEntry? conversation))
        {
            conversation = new ConversationEntry { Recipient = report.Conversation.Recipient, TagKey = report.Conversation.TagKey };
            home.Index.Conversations.Add(key, conversation);
        }

        entry.Verdict = EntryVerdict.Report;
        entry.Conversation = key;
        entry.Kind = report.Kind;
        entry.ReportId = report.Id;
        entry.ReportDay = Terminal.Days.Text(report.Day);
        entry.Category = report.Category;
        entry.FirstWords = InboxList.FirstWordsOf(report.Message);
        entry.Attachments = report.Attachments.Count;
        entry.Ordinal = ++conversation.Messages;
    }

    private void CompareContent(ReportEntry entry, Report report)
    {
        string text = report.Message.Trim();
        List<string> digests = [.. report.Attachments.Where(a => a.SizeInBytes > 0).Select(a => "file " + a.Sha256)];
        if (text.Length >= ShortestTellingText)
        {
            digests.Add("text " + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
        }

        foreach (string digest in digests)
        {
            if (!home.Index.ContentOwners.TryAdd(digest, entry.Conversation!) && home.Index.ContentOwners[digest] != entry.Conversation)
            {
                string what = digest.StartsWith("text", StringComparison.Ordinal) ? SameText : SameFile;
                string sentence = what + AsAnother
                    + $"c:{Handles.OfConversation(home.Index.ContentOwners[digest])[..8]}: somebody may claim what another told. Pay no reward before asking both.";
                if (!entry.Alarms.Contains(sentence))
                {
                    entry.Alarms.Add(sentence);
                }
            }
        }
    }
}
