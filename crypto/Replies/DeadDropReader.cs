using SecureDrop.Crypto.Codenames;
using SecureDrop.Crypto.Rosters;

namespace SecureDrop.Crypto.Replies;

/// <summary>A day's dead drop, of one shard, as the server gave it.</summary>
/// <param name="Day">The day in the index.</param>
/// <param name="Slots">The slots, one after another. Bytes after the last whole slot are not looked at.</param>
public sealed record DeadDrop(DateOnly Day, ReadOnlyMemory<byte> Slots);

/// <summary>What a source finds.</summary>
/// <param name="Replies">The replies to show, oldest first; of one day in the order found, receipts before the rest.</param>
/// <param name="UncheckedCount">Slots that matched and could not be opened or checked, or were not for this drop, conversation or day.</param>
public sealed record FoundReplies(IReadOnlyList<ShownReply> Replies, int UncheckedCount);

/// <summary>Finds a source's replies in the dead drops of the days kept.</summary>
public static class DeadDropReader
{
    /// <summary>Looks through dead drops; a slot that fails stands in the way of no other.</summary>
    /// <param name="deadDrops">The dead drops, in the order of the index.</param>
    /// <param name="keys">The codename's keys.</param>
    /// <param name="roster">The current roster, verified.</param>
    /// <param name="today">The source's day by its own clock; dead drops after it, or too long before it, are ignored (<see cref="ReplyDays"/>).</param>
    public static FoundReplies Read(IEnumerable<DeadDrop> deadDrops, CodenameKeys keys, Roster roster, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(deadDrops);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(roster);
        ReplyAssembly assembly = new();
        int notChecked = 0;
        foreach (DeadDrop deadDrop in deadDrops.Where(deadDrop => ReplyDays.IsLookedAt(deadDrop.Day, today)))
        {
            for (int at = 0; at + DeadDropSlot.SizeInBytes <= deadDrop.Slots.Length; at += DeadDropSlot.SizeInBytes)
            {
                ReadOnlySpan<byte> slot = deadDrop.Slots.Span.Slice(at, DeadDropSlot.SizeInBytes);
                if (!DeadDropSlot.Matches(slot, keys.Tag))
                {
                    continue;
                }
                try
                {
                    assembly.Add(Open(slot, keys, roster, deadDrop.Day));
                }
                catch (ReplyException)
                {
                    notChecked++;
                }
            }
        }
        return new FoundReplies(assembly.Shown(), notChecked);
    }

    private static SignedReply Open(ReadOnlySpan<byte> slot, CodenameKeys keys, Roster roster, DateOnly deadDropDay)
    {
        SignedReply signed = ReplyPlaintext.Read(SealedText.Open(DeadDropSlot.SealedReply(slot), [keys.Recipient]), roster);
        if (!signed.Reply.DropKey.Equals(roster.DropKey))
        {
            throw new ReplyException(ReplyCheck.DropKey, "It is for another drop.");
        }
        // A reviewer of two drops, or one who answers two sources, could otherwise be made to answer the wrong one by a copied slot.
        if (!signed.Reply.Conversation.Equals(keys.Signing.PublicKey))
        {
            throw new ReplyException(ReplyCheck.Conversation, "It is for another conversation.");
        }
        return ReplyDays.IsTimely(signed.Reply.Day, deadDropDay)
            ? signed
            : throw new ReplyException(ReplyCheck.Day, $"It was written after its dead drop's day, or more than {ReplyDays.MaxWaitInDays} days before.");
    }
}
