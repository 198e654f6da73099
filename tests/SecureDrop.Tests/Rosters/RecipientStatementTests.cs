using System.Text;
using CsCheck;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using Xunit;

namespace SecureDrop.Tests.Rosters;

public sealed class RecipientStatementTests
{
    private static readonly DateOnly Today = TestRosters.Today;

    [Fact]
    public void Statement_OfAnySerialAndDays_IsReadBack() =>
        Gen.Select(Gen.Long[0, 9_007_199_254_740_991], Gen.Int[0, DateOnly.MaxValue.DayNumber - 31], Gen.Int[1, RecipientStatement.LongestSpanInDays]).Sample((serial, first, span) =>
        {
            DateOnly day = DateOnly.FromDayNumber(first);
            RecipientStatement statement = TestRosters.Statement() with { Serial = serial, FirstDay = day, LastDay = day.AddDays(span - 1) };
            RecipientStatement read = RecipientStatement.Parse(statement.Write());
            Assert.Equal(statement.Write(), read.Write());
            Assert.Equal((serial, day, span), (read.Serial, read.FirstDay, read.SpanInDays));
        });

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(RecipientStatement.LongestSpanInDays, true)]
    [InlineData(RecipientStatement.LongestSpanInDays + 1, false)]
    public void Span_IsOneTo31Days(int days, bool allowed)
    {
        byte[] statement = (TestRosters.Statement() with { LastDay = Today.AddDays(days - 1) }).Write();
        if (allowed)
        {
            Assert.Equal(days, RecipientStatement.Parse(statement).SpanInDays);
        }
        else
        {
            Assert.Equal(RosterCheck.Span, Assert.Throws<RosterException>(() => RecipientStatement.Parse(statement)).Check);
        }
    }

    [Fact]
    public void Includes_ItsEndsAndNothingBeyond()
    {
        RecipientStatement statement = TestRosters.Statement();
        Assert.Equal([false, true, true, false], new[] { -1, 0, 6, 7 }.Select(days => statement.Includes(Today.AddDays(days))));
    }

    [Fact]
    public void SignedStatement_WithAnyByteChanged_IsRefusedAndPassedOver()
    {
        Roster roster = TestRosters.New();
        SignedStatement signed = TestRosters.Sign(TestRosters.Statement());
        Assert.Equal(0, RosterVerifier.VerifyRecipient(signed, roster).Reviewer);
        byte[] changed = signed.Statement.ToArray();
        for (int at = 0; at < changed.Length; at++)
        {
            changed[at] ^= 1;
            SignedStatement forged = signed with { Statement = changed.ToArray() };
            Assert.Throws<RosterException>(() => RosterVerifier.VerifyRecipient(forged, roster));
            if (at % 50 == 0)
            {
                VerifiedRoster verified = RosterVerifier.Verify(TestRosters.Answer(roster) with { Recipients = [forged] }, null, Today);
                Assert.Null(Assert.Single(verified.Recipients).Serial);
            }
            changed[at] ^= 1;
        }
    }

    /// <summary>However many statements there are and in whatever order: the highest serial of those that include the day.</summary>
    [Fact]
    public void Verify_AnyStatements_ChoosesTheHighestSerialThatIncludesTheDay()
    {
        HybridRecipient[] keys = [.. TestRosters.Reviewers.Skip(1).Take(5).Select(keys => keys.Identity.Recipient)];
        Gen.Select(Gen.Int[0, 20], Gen.Int[-12, 3], Gen.Int[1, 10], Gen.Int[0, 4]).Array[0, 6].Sample(
            drawn =>
            {
                RecipientStatement[] statements = [.. drawn.Select(one =>
                    TestRosters.Statement(one.Item1, key: keys[one.Item4]) with { FirstDay = Today.AddDays(one.Item2), LastDay = Today.AddDays(one.Item2 + one.Item3 - 1) })];
                RosterAnswer answer = TestRosters.Answer() with { Recipients = [.. statements.Select(statement => TestRosters.Sign(statement))] };
                ChosenRecipient chosen = Assert.Single(RosterVerifier.Verify(answer, null, Today).Recipients);
                RecipientStatement? expected = statements.Where(statement => statement.FirstDay <= Today && Today <= statement.LastDay).MaxBy(statement => statement.Serial);
                Assert.Equal(expected?.Serial, chosen.Serial);
                Assert.Equal((expected?.Key ?? TestRosters.Reviewers[0].Identity.Recipient).Text, chosen.Key.Text);
            },
            iter: 60);
    }

    [Fact]
    public void Parse_AnotherKindOfKey_IsMalformed()
    {
        string text = Encoding.UTF8.GetString(TestRosters.Statement().Write());
        string key = TestRosters.Statement().Key.Text;
        foreach (string other in new[] { "", key[..^1], key.ToUpperInvariant(), "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj", " " + key })
        {
            RosterException e = Assert.Throws<RosterException>(() => RecipientStatement.Parse(Encoding.UTF8.GetBytes(text.Replace(key, other, StringComparison.Ordinal))));
            Assert.Equal(RosterCheck.Malformed, e.Check);
            Assert.Contains("recipient.key", e.Message, StringComparison.Ordinal);
        }
    }
}
