using System.Text;
using CsCheck;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Rosters;

public sealed class RosterTests
{
    [Fact]
    public void Roster_OfAnyContent_IsReadBackAndWrittenTheSame() => TestRosters.Any.Sample(
        roster =>
        {
            byte[] bytes = roster.Write();
            Roster read = Roster.Parse(bytes);
            Assert.Equal(bytes, read.Write());
            Assert.Equal((roster.Version, roster.Issued, roster.Expires, roster.ShardBits), (read.Version, read.Issued, read.Expires, read.ShardBits));
            Assert.Equal(roster.Name, read.Name);
            Assert.Equal(roster.Origins, read.Origins);
            Assert.Equal(roster.Reviewers.Select(r => r.Recipient.Key.Text), read.Reviewers.Select(r => r.Recipient.Key.Text));
            Assert.Equal(roster.Former.Select(f => (f.SigningKey, f.LastDay)), read.Former.Select(f => (f.SigningKey, f.LastDay)));
            Assert.Equal(roster.Form.Questions.Select(q => (q.Id, q.Required)), read.Form.Questions.Select(q => (q.Id, q.Required)));
            Assert.Equal(roster.Channels.Select(c => (c.Kind, c.Value)), read.Channels.Select(c => (c.Kind, c.Value)));
            Assert.Equal(roster.Notices.Select(n => n.Day), read.Notices.Select(n => n.Day));
        },
        iter: 200);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(Roster.MostReviewers, true)]
    [InlineData(Roster.MostReviewers + 1, false)]
    public void Reviewers_AreOneTo64(int reviewers, bool allowed) => Holds(TestRosters.New(reviewers), allowed);

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void ShardBits_AreZeroTo16(int bits, bool allowed) => Holds(TestRosters.New() with { ShardBits = bits }, allowed);

    [Fact]
    public void Days_ExpiresOnTheDayOfIssueOrLater()
    {
        Holds(TestRosters.New() with { Expires = TestRosters.Today }, true);
        Holds(TestRosters.New() with { Expires = TestRosters.Today.AddDays(-1) }, false);
    }

    /// <summary>One key in two places would let one reviewer speak, or read, as another.</summary>
    [Fact]
    public void Keys_OfReviewers_AllDiffer()
    {
        RosterReviewer[] two = [.. TestRosters.New(2).Reviewers];
        RosterReviewer[] changed =
        [
            two[1] with { SigningKey = two[0].SigningKey },
            two[1] with { SessionKey = two[0].SessionKey },
            two[1] with { SigningKey = two[0].SessionKey },
            two[1] with { SessionKey = two[1].SigningKey },
            two[1] with { Recipient = two[0].Recipient },
        ];
        Assert.All(changed, second => Holds(TestRosters.New() with { Reviewers = [two[0], second] }, false));
        Holds(TestRosters.New() with { Reviewers = two }, true);
    }

    [Fact]
    public void Form_IdsDifferAmongTheirKind()
    {
        Dictionary<string, string> label = new() { ["en"] = "x" };
        RosterCategory category = new("x", label);
        RosterQuestion question = new("x", label, true);
        Holds(TestRosters.New() with { Form = new RosterForm([category, category], []) }, false);
        Holds(TestRosters.New() with { Form = new RosterForm([], [question, question with { Required = false }]) }, false);
        Holds(TestRosters.New() with { Form = new RosterForm([category, category with { Id = "X" }], [question]) }, true);
    }

    [Fact]
    public void Channel_OfAnUnknownKind_IsRefused() => Assert.All(
        ["", "Email", "fax", "email "], kind => Holds(TestRosters.New() with { Channels = [new RosterChannel(kind, "x", new Dictionary<string, string> { ["en"] = "x" })] }, false));

    [Fact]
    public void Roster_OfMoreThan1MiB_IsNotRead()
    {
        byte[] roster = TestRosters.New().Write();
        byte[] Padded(int size) => [.. roster, .. Enumerable.Repeat((byte)' ', size - roster.Length)];
        Assert.Equal(1, Roster.Parse(Padded(Roster.LargestInBytes)).Version);
        Assert.Equal(RosterCheck.Rule, Assert.Throws<RosterException>(() => Roster.Parse(Padded(Roster.LargestInBytes + 1))).Check);
    }

    /// <summary>A later version may mean something else by everything that follows, and a source would be less protected than was asked for.</summary>
    [Fact]
    public void Requires_AnythingAtAll_IsRefusedBeforeTheRestIsLookedAt()
    {
        string text = Encoding.UTF8.GetString(TestRosters.New().Write());
        Assert.Equal(RosterCheck.Requires, Check(text.Replace("\"requires\":[]", "\"requires\":[\"\"]", StringComparison.Ordinal)));
        Assert.Equal(RosterCheck.Requires, Check("{\"format\":\"securedrop-roster/1\",\"requires\":[\"threshold\"],\"reviewers\":7}"));
        Assert.Equal(RosterCheck.Format, Check("{\"format\":\"securedrop-roster/2\",\"requires\":[\"threshold\"]}"));
        Assert.Equal(RosterCheck.Malformed, Check("{\"format\":\"securedrop-roster/1\",\"requires\":[1]}"));
    }

    [Fact]
    public void SignedRoster_WithAnyByteChanged_IsRefused()
    {
        RosterAnswer answer = TestRosters.Answer();
        byte[] statement = answer.Roster.Statement.ToArray();
        for (int at = 0; at < statement.Length; at++)
        {
            statement[at] ^= 1;
            Assert.Equal(RosterCheck.Signature, Refused(answer with { Roster = answer.Roster with { Statement = statement } }));
            statement[at] ^= 1;
        }
        Assert.False(RosterVerifier.Verify(answer, null, TestRosters.Today).IsClosed);
    }

    [Fact]
    public void SignedRoster_WithAnyCharacterOfItsSignatureChanged_IsRefusedButInTheUntrustedComment()
    {
        RosterAnswer answer = TestRosters.Answer();
        string signature = answer.Roster.Signature;
        int comment = "untrusted comment: ".Length;
        int end = signature.IndexOf('\n', StringComparison.Ordinal);
        for (int at = 0; at < signature.Length; at++)
        {
            if (at < comment || at >= end)
            {
                string changed = signature[..at] + (signature[at] == 'B' ? 'C' : 'B') + signature[(at + 1)..];
                RosterCheck failed = Refused(answer with { Roster = answer.Roster with { Signature = changed } });
                Assert.True(failed is RosterCheck.Signature or RosterCheck.SignatureFormat or RosterCheck.KeyNumber, failed.ToString());
            }
        }
    }

    [Fact]
    public void Answer_WrittenAndRead_IsTheSame()
    {
        MinisignKeyPair next = MinisignKeyPair.Generate();
        RosterAnswer answer = TestRosters.Answer() with
        {
            Successors = [TestRosters.Succession(TestRosters.DropKey, next)],
            Recipients = [TestRosters.Sign(TestRosters.Statement()), new SignedStatement(StatementPurpose.Recipient, "\"长\""u8.ToArray(), "x\n")],
        };
        RosterAnswer read = RosterAnswer.Parse(answer.Write());
        Assert.Equal(answer.DropKey, read.DropKey);
        Assert.Equal(answer.Successors, read.Successors);
        Assert.Equal(answer.Roster, read.Roster);
        Assert.Equal(answer.Recipients, read.Recipients);
    }

    [Fact]
    public void Answer_OfMoreThan8MiB_IsNotRead()
    {
        byte[] answer = TestRosters.Answer().Write();
        byte[] padded = [.. answer, .. Enumerable.Repeat((byte)' ', RosterAnswer.LargestInBytes - answer.Length)];
        Assert.Equal(TestRosters.DropKey.PublicKey, RosterAnswer.Parse(padded).DropKey);
        Assert.Equal(RosterCheck.Malformed, Assert.Throws<RosterException>(() => RosterAnswer.Parse([.. padded, (byte)' '])).Check);
    }

    [Fact]
    public void Answer_OfAnyBytes_IsReadOrRefusedWithoutRepeatingThem() => Gen.Select(Gen.Int[0, 5000], Gen.Char[' ', '~'], Gen.Int[0, 3]).Sample(
        (place, character, drop) =>
        {
            string text = Encoding.UTF8.GetString(TestRosters.Answer().Write());
            int at = place % text.Length;
            string changed = text[..at] + character + text[Math.Min(text.Length, at + drop)..];
            try
            {
                RosterVerifier.Verify(RosterAnswer.Parse(Encoding.UTF8.GetBytes(changed)), TestRosters.DropKey.PublicKey, TestRosters.Today);
            }
            catch (RosterException e)
            {
                Assert.True(e.Message.Length < 300 && !e.Message.Any(char.IsControl), e.Message);
            }
        },
        iter: 500);

    /// <summary>What cannot be read is not written either.</summary>
    private static void Holds(Roster roster, bool allowed)
    {
        byte[] bytes = RosterWriter.Write(roster);
        if (allowed)
        {
            Assert.Equal(bytes, roster.Write());
            Assert.Equal(bytes, Roster.Parse(bytes).Write());
            return;
        }
        Assert.Equal(RosterCheck.Rule, Assert.Throws<RosterException>(roster.Write).Check);
        RosterCheck failed = Assert.Throws<RosterException>(() => Roster.Parse(bytes)).Check;
        Assert.True(failed is RosterCheck.Rule or RosterCheck.Malformed, failed.ToString());
    }

    private static RosterCheck Check(string text) => Assert.Throws<RosterException>(() => Roster.Parse(Encoding.UTF8.GetBytes(text))).Check;

    private static RosterCheck Refused(RosterAnswer answer) =>
        Assert.Throws<RosterException>(() => RosterVerifier.Verify(answer, TestRosters.DropKey.PublicKey, TestRosters.Today)).Check;
}
