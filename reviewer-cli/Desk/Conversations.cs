using SecureDrop.Crypto.Replies;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk;

/// <summary>Who has been answered, by this reviewer or (read in their copies) by others.</summary>
internal static class Conversations
{
    /// <summary>Marks what a reply of some kind does to a conversation.</summary>
    public static void Acknowledge(InboxIndex index, string conversation, string kind)
    {
        index.Conversations[conversation].IsAcknowledged = true;
        if (kind == ReplyKind.Receipt)
        {
            return;
        }

        foreach (ReportEntry report in index.Reports.Where(r => r.Conversation == conversation))
        {
            report.IsAnswered = true;
        }
    }

    /// <summary>Takes a day's copies. One that cannot be opened or checked is not for us or not true; it is passed over.</summary>
    public static async Task ReadCopiesAsync(UnlockedHome home, Stream copies, Roster roster, DateOnly day, CancellationToken cancel)
    {
        await foreach (StoredRecord record in RecordStream.ReadAsync(copies, ReviewerApi.LongestCopyInBytes, null, cancel))
        {
            try
            {
                Take(home, ReplyCopy.Open(record.Bytes, home.Keys.Openers, roster, day));
            }
            catch (ReplyException)
            {
                // Made before this reviewer was in the roster, or by somebody who is not.
            }
        }
    }

    private static void Take(UnlockedHome home, SignedReply signed)
    {
        Reply reply = signed.Reply;
        string conversation = reply.Conversation.Text;
        string signer = signed.Signer.SigningKey.Text;
        if (reply.Kind == ReplyKind.Filler || !home.Index.Conversations.TryGetValue(conversation, out ConversationEntry? entry)
            || entry.Replies.Any(r => r.Signer == signer && r.Id == reply.Id && r.Part == reply.Part))
        {
            return;
        }

        bool isMine = signed.Signer.SigningKey.Equals(home.Keys.Signing.PublicKey);
        entry.Replies.Add(new SentReply(signer, reply.Id, Days.Text(reply.Day), reply.Kind, reply.Part, reply.Parts, reply.Message, isMine));
        entry.IsAcknowledged = true;
        if (reply.Kind == ReplyKind.Receipt)
        {
            return;
        }

        // The order within a day is nobody's to know: what the source wrote on a later day is still unanswered.
        foreach (ReportEntry report in home.Index.Reports.Where(r => r.Conversation == conversation && r.Day <= reply.Day))
        {
            report.IsAnswered = true;
        }
    }
}
