using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Rosters;

namespace SecureDrop.Crypto.Replies;

/// <summary>
/// A copy of a reply for the other reviewers: the same plaintext sealed to the roster. With each slot goes one, filler or not, so copies say
/// nothing about how many were answered.
/// </summary>
public static class ReplyCopy
{
    /// <summary>The most recipients a copy may have.</summary>
    public const int MaxRecipients = 64;

    /// <summary>Size of a copy to this many recipients (1 to 64).</summary>
    public static int SizeInBytes(int recipients) => checked((int)AgeSizes.SealedSizeInBytes(recipients, ReplyPlaintext.SizeInBytes));

    /// <summary>Seals a copy.</summary>
    /// <exception cref="ArgumentException">The plaintext's length is wrong, or there are no recipients.</exception>
    public static byte[] Seal(ReadOnlySpan<byte> plaintext, IReadOnlyList<HybridRecipient> roster) => SealedText.Seal(plaintext, roster);

    /// <summary>Opens a copy. A filler's says that it is one (<see cref="Reply.Kind"/>).</summary>
    /// <param name="sealedCopy">The age file.</param>
    /// <param name="mine">The reader's identities.</param>
    /// <param name="roster">The roster whose reviewers (and former ones) may have signed it.</param>
    /// <param name="day">The day under which the server gave it; it must have been written on that day or at most 14 before.</param>
    /// <exception cref="ReplyException">With the check that failed.</exception>
    public static SignedReply Open(ReadOnlyMemory<byte> sealedCopy, IReadOnlyList<HybridIdentity> mine, Roster roster, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(roster);
        SignedReply signed = ReplyPlaintext.Read(SealedText.Open(sealedCopy.Span, mine), roster);
        if (!signed.Reply.DropKey.Equals(roster.DropKey))
        {
            throw new ReplyException(ReplyCheck.DropKey, "It is for another drop.");
        }
        return ReplyDays.IsTimely(signed.Reply.Day, day)
            ? signed
            : throw new ReplyException(ReplyCheck.Day, $"It was written after its day, or more than {ReplyDays.MaxWaitInDays} days before.");
    }
}
