using System.Security.Cryptography;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Codenames;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Reports;

namespace SecureDrop.Crypto.Replies;

/// <summary>Makes the entries of a batch: a slot for one source and a copy for the reviewers, with the shard the slot belongs to.</summary>
/// <param name="signer">The reviewer's signing key; stays the caller's.</param>
/// <param name="dropKey">The drop's first key.</param>
/// <param name="roster">Whom copies are sealed to: those a report of the day would be.</param>
/// <param name="shardBits">Width of the day's dead drop, 0 to 16.</param>
public sealed class ReplySealer(MinisignKeyPair signer, MinisignPublicKey dropKey, IReadOnlyList<HybridRecipient> roster, int shardBits)
{
    /// <summary>Seals one reply (a part) to the conversation it names. Made anew each time: a batch that replaces another repeats no byte.</summary>
    /// <exception cref="ArgumentException">The reply is for another drop or conversation, too large, or the conversation cannot be answered.</exception>
    public DeadDropEntry Seal(Reply reply, ReportConversation conversation)
    {
        ArgumentNullException.ThrowIfNull(reply);
        ArgumentNullException.ThrowIfNull(conversation);
        if (!reply.DropKey.Equals(dropKey) || !reply.Conversation.Equals(conversation.SigningKey))
        {
            throw new ArgumentException("The reply is for another drop or another conversation.", nameof(reply));
        }
        // A filler's work too, for nothing: the batch is made while the server waits for it, and a server with a clock must not count the
        // fillers, which cost a codename more.
        _ = MakeFiller(reply.Day);
        return SealTo(conversation, reply);
    }

    /// <summary>Seals a filler to the keys of a codename that is thrown away, in that codename's shard.</summary>
    /// <param name="day">The day it says.</param>
    public DeadDropEntry SealFiller(DateOnly day)
    {
        (Reply filler, ReportConversation nobody) = MakeFiller(day);
        return SealTo(nobody, filler);
    }

    /// <summary>Whether a conversation can be answered: its recipient is a valid <c>age1pq1…</c>.</summary>
    public static bool CanAnswer(ReportConversation conversation)
    {
        ArgumentNullException.ThrowIfNull(conversation);
        return HybridRecipient.TryParse(conversation.Recipient, out _);
    }

    private (Reply Filler, ReportConversation Nobody) MakeFiller(DateOnly day)
    {
        using Codename codename = Codename.Generate();
        using CodenameKeys keys = codename.DeriveKeys(dropKey);
        Reply filler = new()
        {
            Id = Reply.NewId(),
            DropKey = dropKey,
            Conversation = keys.Signing.PublicKey,
            Day = day,
            Part = 1,
            Parts = 1,
            Kind = ReplyKind.Filler,
            Message = "",
        };
        return (filler, new ReportConversation(keys.Recipient.Recipient.Text, keys.Signing.PublicKey, Convert.ToHexStringLower(keys.Tag)));
    }

    private DeadDropEntry SealTo(ReportConversation conversation, Reply reply)
    {
        if (!HybridRecipient.TryParse(conversation.Recipient, out HybridRecipient? recipient))
        {
            throw new ArgumentException("The conversation cannot be answered: its recipient is not a valid age1pq1… key.", nameof(conversation));
        }
        byte[] tagKey = Convert.FromHexString(conversation.TagKey);
        byte[] plaintext = ReplyPlaintext.Write(reply, signer);
        try
        {
            return new DeadDropEntry(
                checked((ushort)Shard.Of(tagKey, shardBits)),
                DeadDropSlot.Seal(plaintext, recipient, tagKey),
                ReplyCopy.Seal(plaintext, roster));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }
}
