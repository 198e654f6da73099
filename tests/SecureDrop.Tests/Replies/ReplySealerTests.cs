using SecureDrop.Crypto.Reports;
using SecureDrop.Crypto.Replies;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Replies;

public sealed class ReplySealerTests
{
    private static readonly TestDrop Drop = new();

    private static ReplySealer Sealer(int shardBits = 0) => new(Drop.Reviewers[1].Signing, Drop.DropKey.PublicKey, Drop.Recipients, shardBits);

    [Fact]
    public void Entry_OfAReply_IsFoundByTheSourceAndCopiedToEveryReviewer()
    {
        Reply reply = TestReplies.New(Drop, "谢谢");
        DeadDropEntry entry = Sealer(16).Seal(reply, Drop.Conversation);
        Assert.Equal(Shard.Of(Drop.Keys.Tag, 16), entry.Shard);
        Assert.Equal("谢谢", Assert.Single(TestReplies.Find(Drop, entry.Slot.ToArray()).Replies).Message);
        Assert.Equal(ReplyCopy.SizeInBytes(3), entry.Copy.Length);
        Assert.All(Drop.Reviewers, reviewer =>
        {
            SignedReply copy = ReplyCopy.Open(entry.Copy, [reviewer.Identity], Drop.Roster, TestDrop.Today);
            Assert.Equal(reply, copy.Reply);
            Assert.Equal(Drop.Reviewers[1].Signing.PublicKey, copy.Signer.SigningKey);
        });
    }

    [Fact]
    public void Filler_Sealed_LooksLikeAReplyAndItsCopySaysWhatItIs()
    {
        DeadDropEntry filler = Sealer().SealFiller(TestDrop.Today);
        DeadDropEntry reply = Sealer().Seal(TestReplies.New(Drop, new string('x', 5000)), Drop.Conversation);
        Assert.Equal((reply.Slot.Length, reply.Copy.Length), (filler.Slot.Length, filler.Copy.Length));
        Assert.False(DeadDropSlot.Matches(filler.Slot.Span, Drop.Keys.Tag));
        Assert.Equal(ReplyKind.Filler, ReplyCopy.Open(filler.Copy, [Drop.Reviewers[2].Identity], Drop.Roster, TestDrop.Today).Reply.Kind);
    }

    /// <summary>The batch is made while the server waits for it. What is allocated stands for the work: it repeats exactly, as a time does not.</summary>
    [Fact]
    public void Filler_Sealed_CostsTheWorkOfAReply()
    {
        ReplySealer sealer = Sealer();
        Reply reply = TestReplies.New(Drop, "");
        long Allocated(Action seal)
        {
            seal();
            long before = GC.GetAllocatedBytesForCurrentThread();
            seal();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        long difference = Allocated(() => sealer.Seal(reply, Drop.Conversation)) - Allocated(() => sealer.SealFiller(TestDrop.Today));
        Assert.InRange(difference, -512, 512);
    }

    /// <summary>All in one shard, or the one codename's for each, would tell fillers from replies.</summary>
    [Fact]
    public void Fillers_OfABatch_AreSpreadOverTheShards() =>
        Assert.True(Enumerable.Range(0, 24).Select(_ => Sealer(16).SealFiller(TestDrop.Today).Shard).Distinct().Count() > 16);

    [Fact]
    public void Copy_OfAnotherDropOrDayOrReader_IsRefused()
    {
        Reply reply = TestReplies.New(Drop, "x");
        ReplyCheck Check(Reply copied, DateOnly day, TestReviewer reader) => Assert.Throws<ReplyException>(() => ReplyCopy.Open(
            ReplyCopy.Seal(ReplyPlaintext.Write(copied, Drop.Reviewers[0].Signing), Drop.Recipients), [reader.Identity], Drop.Roster, day)).Check;
        Assert.Equal(ReplyCheck.DropKey, Check(reply with { DropKey = Drop.Keys.Signing.PublicKey }, TestDrop.Today, Drop.Reviewers[0]));
        Assert.Equal(ReplyCheck.Day, Check(reply, TestDrop.Today.AddDays(15), Drop.Reviewers[0]));
        Assert.Equal(ReplyCheck.Day, Check(reply, TestDrop.Today.AddDays(-1), Drop.Reviewers[0]));
        Assert.Equal(ReplyCheck.Age, Check(reply, TestDrop.Today, Drop.Former));
    }

    [Fact]
    public void Conversation_WithoutAValidRecipient_CannotBeAnswered()
    {
        Assert.True(ReplySealer.CanAnswer(Drop.Conversation));
        foreach (string recipient in (string[])["", "age1xyz", Drop.Conversation.Recipient.ToUpperInvariant(), Drop.Conversation.Recipient + " "])
        {
            ReportConversation conversation = Drop.Conversation with { Recipient = recipient };
            Assert.False(ReplySealer.CanAnswer(conversation));
            Assert.Throws<ArgumentException>(() => Sealer().Seal(TestReplies.New(Drop, "x"), conversation));
        }
    }

    [Fact]
    public void Reply_ForAnotherDropOrConversation_IsMisuse()
    {
        Reply reply = TestReplies.New(Drop, "x");
        Assert.Throws<ArgumentException>(() => Sealer().Seal(reply with { DropKey = Drop.Keys.Signing.PublicKey }, Drop.Conversation));
        Assert.Throws<ArgumentException>(() => Sealer().Seal(reply with { Conversation = Drop.DropKey.PublicKey }, Drop.Conversation));
        Assert.Throws<ArgumentException>(() => Sealer().Seal(reply with { Message = new string('x', 6000) }, Drop.Conversation));
    }
}
