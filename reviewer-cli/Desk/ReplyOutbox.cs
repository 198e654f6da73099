using System.Security.Cryptography;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Replies;
using SecureDrop.Crypto.Reports;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Desk.Rosters;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk;

/// <summary>What became of the day's batch.</summary>
/// <param name="Posted">The server has it.</param>
/// <param name="InBatch">Parts of replies that stand in it.</param>
/// <param name="Waiting">Parts that wait for another day's.</param>
/// <param name="GivenUp">Parts that waited longer than a source would take them.</param>
internal sealed record BatchResult(bool Posted, int InBatch, int Waiting, int GivenUp);

/// <summary>
/// Replies on their way. Each day has one batch of fixed size, sent whether anybody is answered or not, so that its sending and its size
/// say nothing.
/// </summary>
internal sealed class ReplyOutbox(UnlockedHome home)
{
    private const int LongestDayInCells = 20;

    /// <summary>
    /// Puts a reply into the outbox, in parts. The same words to the same source are there once while they are on their way: whoever gives them
    /// again does not know what became of a run that was broken off, and the source is not to be answered twice.
    /// </summary>
    /// <returns>Number of parts, and whether they were there.</returns>
    /// <exception cref="ReviewerException">The conversation cannot be answered, or the text cannot be sent.</exception>
    public (int Parts, bool WereThere) Queue(string conversation, string kind, string message, MinisignPublicKey dropKey)
    {
        ConversationEntry entry = home.Index.Conversations[conversation];
        MinisignPublicKey signing = MinisignPublicKey.Parse(conversation);
        if (!ReplySealer.CanAnswer(new ReportConversation(entry.Recipient, signing, entry.TagKey)))
        {
            throw new ReviewerException(ExitCode.BadReport, "This source cannot be answered: the key it gave for answers is not one. Nothing was sent.");
        }

        Reply whole = new()
        {
            Id = Reply.NewId(), DropKey = dropKey, Conversation = signing, Day = home.Clock.Today(), Part = 1, Parts = 1, Kind = kind, Message = message,
        };
        IReadOnlyList<Reply> parts;
        try
        {
            parts = ReplySplitter.Split(whole);
        }
        catch (ArgumentException e)
        {
            throw new ReviewerException(ExitCode.BadInput, "The text cannot be sent: it is far too long or not valid text.", e);
        }

        // A receipt has no words: each is for another message of the source.
        if (kind != ReplyKind.Receipt && IsUnderWay(entry, parts))
        {
            Conversations.Acknowledge(home.Index, conversation, kind);
            return (parts.Count, true);
        }

        RequireRoom(parts.Count);
        foreach (Reply part in parts)
        {
            home.Index.Outbox.Add(new QueuedPart
            {
                Conversation = conversation, Id = part.Id, Day = part.Day, Part = part.Part, Parts = part.Parts, Kind = part.Kind, Message = part.Message,
            });
            entry.Replies.Add(new SentReply(home.Keys.Signing.PublicKey.Text, part.Id, Days.Text(part.Day), part.Kind, part.Part, part.Parts,
                part.Message, IsMine: true));
        }

        Conversations.Acknowledge(home.Index, conversation, kind);
        return (parts.Count, false);
    }

    /// <summary>Makes the batch of the server's running day anew and posts it.</summary>
    public async Task<BatchResult> PostAsync(ReviewerApi api, WireStatus status, VerifiedRoster verified, CancellationToken cancel)
    {
        DateOnly day = RequireDay(status);
        RequireWidth(status);
        int givenUp = Settle(day);
        List<QueuedPart> chosen = Choose(day);
        int waiting = home.Index.Outbox.Count - chosen.Count;
        if (verified.IsClosed)
        {
            home.SaveIndex();
            return new BatchResult(false, 0, home.Index.Outbox.Count, givenUp);
        }

        ReplySealer sealer = new(home.Keys.Signing, verified.Roster.DropKey, [.. verified.Recipients.Select(r => r.Key)], status.ShardBits);
        DeadDropEntry[] entries = [.. chosen.Select(part => Seal(sealer, part, verified.Roster.DropKey)), .. Fillers(sealer, day, chosen.Count)];
        // In the order of the outbox the first ones would be the real ones.
        RandomNumberGenerator.Shuffle(entries.AsSpan());
        await api.PostBatchAsync(DeadDropBatch.Write(entries), cancel);
        // What stood in the batch that this one replaced, and found no room in it (the settings say fewer slots since), is not out.
        foreach (QueuedPart part in home.Index.Outbox)
        {
            part.PostedOn = chosen.Contains(part) ? day : null;
        }

        home.Index.LastBatch = day;
        home.SaveIndex();
        return new BatchResult(true, chosen.Count, waiting, givenUp);
    }

    /// <summary>By what is kept of the whole answer: of a long one, the first parts may be out already.</summary>
    private bool IsUnderWay(ConversationEntry to, IReadOnlyList<Reply> parts) => home.Index.Outbox.Select(p => p.Id).Distinct().Any(id =>
        to.Replies.Where(r => r.IsMine && r.Id == id && r.Kind == parts[0].Kind).OrderBy(r => r.Part).Select(r => r.Message)
            .SequenceEqual(parts.Select(p => p.Message), StringComparer.Ordinal));

    /// <summary>The server's running day. By a day of its choice it could have every answer given up as too old, or dated so that no source shows it.</summary>
    private DateOnly RequireDay(WireStatus status)
    {
        DateOnly today = home.Clock.Today();
        return Days.TryParse(status.Day, out DateOnly day) && Math.Abs(day.DayNumber - today.DayNumber) <= 1
            ? day
            : throw new ReviewerException(ExitCode.Refused,
                $"The server's day is {TerminalText.Line(status.Day, LongestDayInCells)}, this machine's {Days.Text(today)}: one of the two clocks is wrong. Nothing was sent; answers wait.");
    }

    /// <summary>A day is as wide as a roster said. By a width of its choice the server would learn up to 16 bits of who is answered, and so tell
    /// answers from fillers and one source's from another's.</summary>
    private void RequireWidth(WireStatus status)
    {
        int widest = new RosterKnowledge(home).WidestShardBits();
        if (status.ShardBits < 0 || status.ShardBits > widest)
        {
            throw new ReviewerException(ExitCode.Refused,
                $"The server cuts its dead drop into 2^{status.ShardBits}, and no roster known here allows more than 2^{widest}. Nothing was sent; answers wait.");
        }
    }

    /// <summary>Lets go of what was published, and of what no source would take any more.</summary>
    private int Settle(DateOnly day)
    {
        home.Index.Outbox.RemoveAll(p => p.PostedOn < day);
        // A source shows nothing dated after its dead drop; a clock that runs ahead of the server's must not cost the answer.
        foreach (QueuedPart part in home.Index.Outbox.Where(p => p.Day > day))
        {
            part.Day = day;
        }

        List<QueuedPart> late = [.. home.Index.Outbox.Where(p => !ReplyDays.IsTimely(p.Day, day))];
        foreach (QueuedPart part in late)
        {
            GiveUp(part);
            home.Index.Outbox.Remove(part);
        }

        return late.Count;
    }

    /// <summary>The words stay here to be sent again; whom they were for counts as unanswered, if nothing else answered.</summary>
    private void GiveUp(QueuedPart part)
    {
        ConversationEntry conversation = home.Index.Conversations[part.Conversation];
        conversation.Replies =
        [
            .. conversation.Replies.Select(r => r.IsMine && r.Id == part.Id && r.Part == part.Part ? r with { IsGivenUp = true } : r),
        ];
        conversation.IsAcknowledged = conversation.Replies.Exists(r => !r.IsGivenUp);
        if (!conversation.Replies.Exists(r => !r.IsGivenUp && r.Kind != ReplyKind.Receipt))
        {
            foreach (ReportEntry report in home.Index.Reports.Where(r => r.Conversation == part.Conversation))
            {
                report.IsAnswered = false;
            }
        }
    }

    /// <summary>
    /// First what stands in today's batch already (leaving it out would take it back). Then each answer's next part before any answer's
    /// second, or one long answer would keep everybody else waiting for days; words before receipts, oldest first.
    /// </summary>
    private List<QueuedPart> Choose(DateOnly day) =>
    [
        .. home.Index.Outbox.GroupBy(p => (p.Conversation, p.Id)).SelectMany(answer => answer.Select((part, place) => (Part: part, Place: place)))
            .OrderByDescending(p => p.Part.PostedOn == day).ThenBy(p => p.Place).ThenBy(p => p.Part.Kind == ReplyKind.Receipt)
            .Select(p => p.Part).Take(home.Settings.SlotsPerDay),
    ];

    /// <summary>An answer whose last part a source would no longer take, and which keeps others waiting meanwhile, is not begun.</summary>
    private void RequireRoom(int parts)
    {
        int fit = (home.Settings.SlotsPerDay * ReplyDays.MaxWaitInDays) - home.Index.Outbox.Count(p => p.Kind != ReplyKind.Receipt);
        if (parts > 1 && parts > fit)
        {
            throw new ReviewerException(ExitCode.BadInput,
                $"The text is too long: it needs {parts} parts, and {Math.Max(fit, 0)} can still be out within the {ReplyDays.MaxWaitInDays} days that a source takes them "
                + $"({home.Settings.SlotsPerDay} a day, \"slotsPerDay\" in settings.json). Shorten it; nothing was sent.");
        }
    }

    private IEnumerable<DeadDropEntry> Fillers(ReplySealer sealer, DateOnly day, int used)
    {
        for (int i = used; i < home.Settings.SlotsPerDay; i++)
        {
            yield return sealer.SealFiller(day);
        }
    }

    private DeadDropEntry Seal(ReplySealer sealer, QueuedPart part, MinisignPublicKey dropKey)
    {
        ConversationEntry conversation = home.Index.Conversations[part.Conversation];
        MinisignPublicKey signing = MinisignPublicKey.Parse(part.Conversation);
        Reply reply = new()
        {
            Id = part.Id, DropKey = dropKey, Conversation = signing, Day = part.Day, Part = part.Part, Parts = part.Parts, Kind = part.Kind,
            Message = part.Message,
        };
        return sealer.Seal(reply, new ReportConversation(conversation.Recipient, signing, conversation.TagKey));
    }
}
