using SecureDrop.Crypto.Reports;
using SecureDrop.Crypto.Replies;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Desk.Rosters;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary>How an opened report looks.</summary>
internal static class OpenedView
{
    // No form asks as much. A hundred thousand answers would push the verdict out of every scroll-back.
    private const int MostAnswers = 100;

    private const int SizeColumnInCells = 12;

    private const int MostOthers = 5;

    // "zh-Hans" fits. It ends a line that may be wrapped.
    private const int LongestLanguageInCells = 8;

    public static void Draw(Screen screen, UnlockedHome home, OpenedForReading opened, string name, string? folder)
    {
        foreach (string alarm in opened.Alarms)
        {
            screen.Alarm($"{alarm}");
        }

        screen.Line($"{Verdict(home, opened)}", LineStyle.Strong);
        if (opened.Opened.Report is not { } report)
        {
            screen.Line($"A file sealed by hand: not signed, no conversation, so nobody can be answered and nothing says who changed it.");
            DrawFiles(screen, opened, name, folder);
            return;
        }

        Roster? roster = new RosterKnowledge(home).Newest();
        string conversation = "c:" + Handles.OfConversation(report.Conversation.SigningKey.Text)[..8];
        screen.Line($"{Kind(report.Kind)} of {report.Day} · conversation {conversation} · written in {TerminalText.Line(report.Language, LongestLanguageInCells)}", LineStyle.Faint);
        DrawOthers(screen, home, opened);
        if (report.Category is { } category)
        {
            screen.Line($"category: {Fitted(screen, Label(roster?.Form.Categories.FirstOrDefault(c => c.Id == category)?.Label, category))}");
        }

        screen.Gap();
        screen.Block(report.Message);
        foreach ((string id, string answer) in report.Answers.Take(MostAnswers))
        {
            screen.Gap();
            screen.Line($"{Fitted(screen, Label(roster?.Form.Questions.FirstOrDefault(q => q.Id == id)?.Label, id))}");
            screen.Block(answer);
        }

        if (report.Answers.Count > MostAnswers)
        {
            screen.Gap();
            screen.Line($"… and {report.Answers.Count - MostAnswers} more answers, to questions that no form asks: `--json` has all of them.");
        }

        if (report.Contact is { } contact)
        {
            screen.Gap();
            screen.Line($"To be reached at (as the source wrote it):");
            screen.Block(contact);
        }

        if (report.Reward)
        {
            screen.Gap();
            screen.Line($"Asks for a reward.");
        }

        DrawFiles(screen, opened, name, folder);
        DrawReplies(screen, opened);
    }

    public static OpenOutput Output(UnlockedHome home, OpenedForReading opened, bool receipt)
    {
        Report? report = opened.Opened.Report;
        return new OpenOutput(
            opened.Entry is null ? null : opened.Entry.Id[..Handles.UniqueLength(home.Index.Reports.Select(r => r.Id))],
            opened.Entry?.Id, opened.Opened.Verdict switch
            {
                ReportVerdict.Plain => "plain", ReportVerdict.Decoy => "decoy", _ => opened.Alarms.Count > 0 ? "alarm" : "intact",
            },
            report?.Kind, report is null ? null : Days.Text(report.Day), opened.Recipients, opened.Message, opened.Alarms,
            report is null ? null : "c:" + Handles.OfConversation(report.Conversation.SigningKey.Text)[..8], report?.Language, report?.Category,
            report?.Answers, report?.Message, report?.Contact, report?.Reward ?? false,
            report is null
                ? [.. opened.Written.Select(p => new AttachmentOutput(0, "", "", opened.Opened.PlaintextSizeInBytes, "", false, p))]
                : [.. report.Attachments.Select((a, i) => new AttachmentOutput(i + 1, a.Name, a.Type, a.SizeInBytes, a.Sha256, a.Scrubbed,
                    i < opened.Written.Count ? opened.Written[i] : null))],
            [.. Replies(opened.Conversation)], receipt);
    }

    /// <summary>One line: who can read it, whether roster, signature and files hold, and whether this person wrote before.</summary>
    private static string Verdict(UnlockedHome home, OpenedForReading opened)
    {
        string others = opened.Recipients switch
        {
            1 => "sealed to you alone", 2 => "sealed to you and 1 other", _ => $"sealed to you and {opened.Recipients - 1} others",
        };
        if (opened.Opened.Report is not { } report)
        {
            return $"{others} · a plain file, unsigned";
        }

        if (opened.Opened.Verdict == ReportVerdict.Decoy)
        {
            return $"{others} · a decoy: a visit that had nothing to say";
        }

        long newest = new RosterKnowledge(home).Newest()?.Version ?? 0;
        string roster = opened.Alarms.Count > 0 ? "SEE THE ALARM"
            : report.Roster.Version == newest ? "current roster" : $"roster {report.Roster.Version}, of its day";
        string files = report.Attachments.Count > 0 ? "signature and files intact" : "signature intact";
        string person = opened.Message switch
        {
            0 => opened.Conversation is null ? "a person unknown to this desk" : "a person known to this desk",
            1 => "first message of this person",
            2 => "second message of this person",
            3 => "third message of this person",
            _ => $"message {opened.Message} of this person",
        };
        return $"{others} · {roster} · {files} · {person}";
    }

    private static void DrawFiles(Screen screen, OpenedForReading opened, string name, string? folder)
    {
        if (opened.Opened.Report is { Attachments.Count: 0 })
        {
            return;
        }

        screen.Gap();
        foreach ((ReportAttachment file, int i) in (opened.Opened.Report?.Attachments ?? []).Select((f, i) => (f, i)))
        {
            string where = i < opened.Written.Count ? opened.Written[i] : AttachmentNames.Of(i + 1, file.Name);
            string scrubbed = file.Scrubbed ? "" : "  (may tell who made it)";
            int room = Math.Clamp(screen.WidthInCells - SizeColumnInCells - TerminalText.WidthInCells(where) - scrubbed.Length - 4, 16, 60);
            screen.Line($"  {ByteCount.Text(file.SizeInBytes),8}  {where}  “{TerminalText.Line(file.Name, room)}”{scrubbed}");
        }

        foreach (string path in opened.Opened.Report is null ? opened.Written : [])
        {
            screen.Line($"  {ByteCount.Text(opened.Opened.PlaintextSizeInBytes),8}  {path}");
        }

        if (folder is null)
        {
            screen.Line($"Write them: reviewer open {name} --out DIR", LineStyle.Faint);
        }
        else
        {
            screen.Line($"Open files from strangers only on a machine that may be lost.", LineStyle.Faint);
        }
    }

    /// <summary>What else this person wrote, so that a follow-up can be read with what it follows.</summary>
    private static void DrawOthers(Screen screen, UnlockedHome home, OpenedForReading opened)
    {
        if (opened.Entry is not { Conversation: { } conversation } entry)
        {
            return;
        }

        InboxLine[] others = [.. InboxList.Lines(home.Index, new InboxFilter(Conversation: conversation)).Where(l => l.Id != entry.Id)];
        if (others.Length > 0)
        {
            string more = others.Length > MostOthers ? $" and {others.Length - MostOthers} more (`reviewer inbox --conversation {entry.Id[..others[0].Handle.Length]}`)" : "";
            screen.Line($"this person also wrote: {string.Join(", ", others.TakeLast(MostOthers).Select(o => o.Handle))}{more}", LineStyle.Faint);
        }
    }

    private static void DrawReplies(Screen screen, OpenedForReading opened)
    {
        foreach (ReplyShown reply in Replies(opened.Conversation))
        {
            screen.Gap();
            screen.Line($"{reply.Day}  {(reply.Mine ? "you" : "another reviewer")} ({Short(reply.Kind)}){Missing(reply.PartsMissing)}{(reply.GivenUp ? ", never sent: it waited too long" : "")}", LineStyle.Faint);
            if (reply.Message.Length > 0)
            {
                screen.Block(reply.Message, "  > ");
            }
        }
    }

    private static IEnumerable<ReplyShown> Replies(ConversationEntry? conversation) => (conversation?.Replies ?? [])
        .GroupBy(r => (r.Signer, r.Id))
        .Select(g => g.OrderBy(r => r.Part).ToArray())
        .Select(parts => new ReplyShown(parts[0].Day, parts[0].Kind, parts[0].IsMine, parts[0].Signer, string.Concat(parts.Select(p => p.Message)),
            parts.Max(p => p.Parts) - parts.Length, parts.Any(p => p.IsGivenUp)))
        .OrderBy(r => r.Day, StringComparer.Ordinal);

    // Copies that have not come, or that the server kept back: what is left must not read as if it were all.
    private static string Missing(int parts) => parts <= 0 ? "" : parts == 1 ? ", 1 part of it is not here" : $", {parts} parts of it are not here";

    private static string Kind(string kind) => kind switch
    {
        ReportKind.Report => "report", ReportKind.FollowUp => "follow-up", ReportKind.Decoy => "decoy", _ => $"“{Short(kind)}” (a kind unknown to this version)",
    };

    // What a source or another reviewer names in one word is cut: a terminal wraps a line that is too long, and what is wrapped stands
    // where our own words begin.
    private static string Short(string hostile) => TerminalText.Line(hostile, 24);

    private static string Fitted(Screen screen, string hostile) => TerminalText.Line(hostile, screen.WidthInCells - 10);

    private static string Label(IReadOnlyDictionary<string, string>? texts, string id) =>
        texts is null ? id : texts.TryGetValue("en", out string? english) ? english : texts.Values.First();
}
