using System.Security.Cryptography;
using SecureDrop.Crypto.Codenames;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Replies;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Replies;

public sealed class DeadDropReaderTests
{
    private static readonly TestDrop Drop = new();

    public static TheoryData<string> Foreign =>
        ["signer", "conversation", "drop", "tomorrow", "too old", "former too late", "purpose", "sealed byte", "sealed to another", "plaintext"];

    [Fact]
    public void Reply_OfAReviewer_IsShownWithSignerAndDay()
    {
        FoundReplies found = TestReplies.Find(Drop, TestReplies.Slot(Drop, TestReplies.New(Drop, "谢谢")), RandomNumberGenerator.GetBytes(DeadDropSlot.SizeInBytes));
        ShownReply reply = Assert.Single(found.Replies);
        Assert.Equal(("谢谢", TestDrop.Today, "Reviewer 1", false), (reply.Message, reply.Day, reply.Signer.Name!["en"], reply.Signer.IsFormer));
        Assert.Equal(0, found.UncheckedCount);
    }

    [Fact]
    public void Reply_OfAFormerReviewerWithinItsLastDay_IsShownAsSuch()
    {
        Reply reply = TestReplies.New(Drop, "bye") with { Day = Drop.FormerLastDay };
        ShownReply shown = Assert.Single(TestReplies.Find(Drop, TestReplies.Slot(Drop, reply, Drop.Former.Signing)).Replies);
        Assert.Equal(("Gone", true), (shown.Signer.Name!["en"], shown.Signer.IsFormer));
    }

    /// <summary>Each beside a good one, which it must not be in the way of.</summary>
    [Theory, MemberData(nameof(Foreign))]
    public void Slot_ThatMatchesAndDoesNotCheck_IsCountedAndNeverShown(string what)
    {
        using Codename other = Codename.Generate();
        using CodenameKeys otherKeys = other.DeriveKeys(Drop.DropKey.PublicKey);
        Reply reply = TestReplies.New(Drop, "bad");
        byte[] slot = what switch
        {
            "signer" => TestReplies.Slot(Drop, reply, Drop.DropKey),
            "conversation" => TestReplies.Slot(Drop, reply with { Conversation = otherKeys.Signing.PublicKey }),
            "drop" => TestReplies.Slot(Drop, reply with { DropKey = Drop.Keys.Signing.PublicKey }),
            "tomorrow" => TestReplies.Slot(Drop, reply with { Day = TestDrop.Today.AddDays(1) }),
            "too old" => TestReplies.Slot(Drop, reply with { Day = TestDrop.Today.AddDays(-15) }),
            "former too late" => TestReplies.Slot(Drop, reply with { Day = Drop.FormerLastDay.AddDays(1) }, Drop.Former.Signing),
            "purpose" => TestReplies.Slot(Drop, SignedAs(StatementPurpose.Session, reply)),
            "sealed byte" => Flipped(TestReplies.Slot(Drop, reply)),
            "sealed to another" => DeadDropSlot.Seal(ReplyPlaintext.Write(reply, Drop.Reviewers[0].Signing), otherKeys.Recipient.Recipient, Drop.Keys.Tag),
            "plaintext" => TestReplies.Slot(Drop, new byte[ReplyPlaintext.SizeInBytes]),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
        FoundReplies found = TestReplies.Find(Drop, slot, TestReplies.Slot(Drop, TestReplies.New(Drop, "good")));
        Assert.Equal("good", Assert.Single(found.Replies).Message);
        Assert.Equal(1, found.UncheckedCount);
    }

    [Fact]
    public void Slot_OfAnotherSource_IsNotLookedAt()
    {
        TestDrop other = new();
        FoundReplies found = TestReplies.Find(Drop, TestReplies.Slot(other, TestReplies.New(other, "x")));
        Assert.Empty(found.Replies);
        Assert.Equal(0, found.UncheckedCount);
    }

    [Fact]
    public void Parts_OutOfOrderAndWithAGap_AreJoinedAndTheGapNamed()
    {
        IReadOnlyList<Reply> parts = ReplySplitter.Split(TestReplies.New(Drop, new string('长', 6000)));
        Assert.InRange(parts.Count, 4, 6);
        Reply[] some = [parts[3], parts[0], parts[2]];
        ShownReply shown = Assert.Single(TestReplies.Find(Drop, some.Select(part => TestReplies.Slot(Drop, part))).Replies);
        Assert.Equal(parts[0].Message + parts[2].Message + parts[3].Message, shown.Message);
        Assert.Equal([2, .. Enumerable.Range(5, parts.Count - 4)], shown.MissingParts);
        Assert.Equal(parts.Count, shown.Parts);
    }

    [Fact]
    public void Parts_OverSeveralDays_AreOneMessage()
    {
        IReadOnlyList<Reply> parts = ReplySplitter.Split(TestReplies.New(Drop, new string('x', 6000)));
        Assert.Equal(2, parts.Count);
        FoundReplies found = DeadDropReader.Read(
            [
                new DeadDrop(TestDrop.Today.AddDays(14), TestReplies.Slot(Drop, parts[1])),
                new DeadDrop(TestDrop.Today, TestReplies.Slot(Drop, parts[0])),
            ],
            Drop.Keys,
            Drop.Roster,
            TestDrop.Today.AddDays(20));
        Assert.Empty(Assert.Single(found.Replies).MissingParts);
    }

    [Fact]
    public void Part_Repeated_IsShownOnceAndCountedOnlyIfItDisagrees()
    {
        Reply reply = TestReplies.New(Drop, "a");
        byte[] slot = TestReplies.Slot(Drop, reply);
        Reply[] disagreeing = [reply with { Message = "b" }, reply with { Kind = ReplyKind.Closed }, reply with { Parts = 2 }, reply with { Day = TestDrop.Today.AddDays(-1) }];
        FoundReplies found = TestReplies.Find(Drop, [slot, slot, TestReplies.Slot(Drop, reply), .. disagreeing.Select(other => TestReplies.Slot(Drop, other))]);
        Assert.Equal("a", Assert.Single(found.Replies).Message);
        Assert.Equal(disagreeing.Length, found.UncheckedCount);
    }

    /// <summary>A colleague who copies an id can neither change nor hide the reply of another.</summary>
    [Fact]
    public void Id_OfAnotherSigner_IsAnotherReply()
    {
        Reply reply = TestReplies.New(Drop, "a");
        FoundReplies found = TestReplies.Find(Drop, TestReplies.Slot(Drop, reply with { Message = "b" }, Drop.Reviewers[1].Signing), TestReplies.Slot(Drop, reply));
        Assert.Equal(["a", "b"], found.Replies.Select(shown => shown.Message).Order(StringComparer.Ordinal));
        Assert.Equal(0, found.UncheckedCount);
    }

    [Fact]
    public void Filler_EvenForThisSource_IsNeitherShownNorCounted()
    {
        FoundReplies found = TestReplies.Find(Drop, TestReplies.Slot(Drop, TestReplies.New(Drop, "", ReplyKind.Filler)));
        Assert.Empty(found.Replies);
        Assert.Equal(0, found.UncheckedCount);
    }

    [Fact]
    public void Kind_Unknown_IsShownAsSuch() =>
        Assert.Equal("poem", Assert.Single(TestReplies.Find(Drop, TestReplies.Slot(Drop, TestReplies.New(Drop, "x", "poem"))).Replies).Kind);

    [Theory]
    [InlineData(0, true)]
    [InlineData(31, true)]
    [InlineData(32, false)]
    [InlineData(-1, false)]
    public void DeadDrop_OfTomorrowOrTooOld_IsIgnored(int age, bool looked)
    {
        DateOnly day = TestDrop.Today;
        FoundReplies found = TestReplies.Find(Drop, day, day.AddDays(age), TestReplies.Slot(Drop, TestReplies.New(Drop, "x")), Flipped(TestReplies.Slot(Drop, TestReplies.New(Drop, "y"))));
        Assert.Equal(looked ? (1, 1) : (0, 0), (found.Replies.Count, found.UncheckedCount));
    }

    [Fact]
    public void Replies_OfSeveralDays_AreOldestFirst()
    {
        DateOnly[] days = [TestDrop.Today, TestDrop.Today.AddDays(-9), TestDrop.Today.AddDays(-3)];
        FoundReplies found = TestReplies.Find(Drop, days.Select(day => TestReplies.Slot(Drop, TestReplies.New(Drop, "x") with { Day = day })));
        Assert.Equal(days.Order(), found.Replies.Select(reply => reply.Day));
    }

    [Fact]
    public void DeadDrop_CutWithinASlot_GivesTheWholeOnes()
    {
        byte[] slot = TestReplies.Slot(Drop, TestReplies.New(Drop, "x"));
        Assert.Single(TestReplies.Find(Drop, slot, slot[..^1]).Replies);
        Assert.Empty(TestReplies.Find(Drop, slot[..^1]).Replies);
    }

    [Fact]
    public void ToString_OfWhatAReviewerWrote_ShowsNothingOfIt()
    {
        Reply reply = TestReplies.New(Drop, "secret");
        Assert.DoesNotContain("secret", reply.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", Assert.Single(TestReplies.Find(Drop, TestReplies.Slot(Drop, reply)).Replies).ToString(), StringComparison.Ordinal);
    }

    private static byte[] Flipped(byte[] slot)
    {
        slot[^1] ^= 1;
        return slot;
    }

    private static byte[] SignedAs(StatementPurpose purpose, Reply reply) => ReplyBytes.Plaintext(reply.Write(), purpose, Drop.Reviewers[0].Signing);
}
