using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Replies;
using SecureDrop.Tests.Vectors;

namespace SecureDrop.Tests.Replies;

/// <summary>Replies and dead drops for tests.</summary>
internal static class TestReplies
{
    internal static Reply New(TestDrop drop, string message, string kind = ReplyKind.Message) => new()
    {
        Id = Reply.NewId(),
        DropKey = drop.DropKey.PublicKey,
        Conversation = drop.Keys.Signing.PublicKey,
        Day = TestDrop.Today,
        Part = 1,
        Parts = 1,
        Kind = kind,
        Message = message,
    };

    /// <summary>A slot for the drop's source, whatever the reply says, signed by the first reviewer.</summary>
    internal static byte[] Slot(TestDrop drop, Reply reply, MinisignKeyPair? signer = null) =>
        Slot(drop, ReplyPlaintext.Write(reply, signer ?? drop.Reviewers[0].Signing));

    internal static byte[] Slot(TestDrop drop, byte[] plaintext) => DeadDropSlot.Seal(plaintext, drop.Keys.Recipient.Recipient, drop.Keys.Tag);

    internal static FoundReplies Find(TestDrop drop, params IEnumerable<byte[]> slots) => Find(drop, TestDrop.Today, TestDrop.Today, slots);

    internal static FoundReplies Find(TestDrop drop, DateOnly day, DateOnly today, params IEnumerable<byte[]> slots) =>
        DeadDropReader.Read([new DeadDrop(day, (byte[])[.. slots.SelectMany(slot => slot)])], drop.Keys, drop.Roster, today);
}
