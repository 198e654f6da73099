using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using Xunit;
using static SecureDrop.Tests.Rosters.TestRosters;

namespace SecureDrop.Tests.Rosters;

/// <summary>A whole state from elsewhere: taken where every statement of it could have been, whenever that was.</summary>
public sealed class DropStateVerifierTests
{
    private static readonly MinisignKeyPair NextKey = MinisignKeyPair.Generate();
    private static readonly MinisignKeyPair Thief = MinisignKeyPair.Generate();

    /// <summary>Two rosters, the second by a successor; a statement that serves, one that has ended, a successor held back.</summary>
    private static DropState Lived()
    {
        using MinisignKeyPair later = MinisignKeyPair.Generate();
        DropState state = RosterAcceptance.FirstRoster(Sign(New(2)), [], null, Today);
        state = RosterAcceptance.Recipient(state, Sign(Statement()), Today);
        state = RosterAcceptance.Successor(state, Succession(DropKey, NextKey));
        state = RosterAcceptance.NextRoster(state, Sign(New(2, version: 2), NextKey), Today.AddDays(10));
        state = RosterAcceptance.Recipient(state, Sign(Statement(serial: 2) with { FirstDay = Today.AddDays(10), LastDay = Today.AddDays(17) }), Today.AddDays(10));
        return RosterAcceptance.Successor(state, Succession(NextKey, later));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(1000)]
    public void State_ThatServersMade_IsTakenHoweverLongAgo(int days)
    {
        DropState lived = Lived();
        Assert.Single(lived.Earlier.Rosters);
        Assert.Single(lived.Earlier.Recipients);
        Assert.Single(lived.PendingSuccessors);
        VerifiedRoster roster = DropStateVerifier.Verify(lived, DropKey.PublicKey, Today.AddDays(days));
        Assert.Equal((2, DropKey.PublicKey, NextKey.PublicKey), (roster.Roster.Version, roster.Chain.First, roster.Chain.Last));
        Assert.NotNull(DropStateVerifier.Verify(lived, NextKey.PublicKey, Today));
    }

    public static TheoryData<string> Names() => [.. Cases.Keys];

    private static readonly Dictionary<string, (RosterCheck Check, Func<DropState, DropState> Change)> Cases = new()
    {
        ["a roster by a key that is no longer the last"] = (RosterCheck.KeyNumber, state => state with { Answer = state.Answer with { Roster = Sign(New(2, version: 3)) } }),
        ["a roster by nobody's key"] = (RosterCheck.KeyNumber, state => state with { Answer = state.Answer with { Roster = Sign(New(2, version: 3), Thief) } }),
        ["a chain that is cut"] = (RosterCheck.KeyNumber, state => state with { Answer = state.Answer with { Successors = [] } }),
        ["another first key"] = (RosterCheck.Chain, state => state with { Answer = state.Answer with { DropKey = Thief.PublicKey } }),
        ["a statement by nobody's key"] = (RosterCheck.KeyNumber, state => state with { Answer = state.Answer with { Recipients = [Sign(Statement(serial: 3), Thief)] } }),
        ["a statement of somebody who is no reviewer"] = (RosterCheck.Reviewer, state => state with { Answer = state.Answer with { Recipients = [Sign(Statement(reviewer: 5), Reviewers[5].Signing)] } }),
        ["a statement for another drop"] = (RosterCheck.DropKey, state => state with { Answer = state.Answer with { Recipients = [Sign(Statement() with { DropKey = Thief.PublicKey })] } }),
        ["more statements of one than are kept"] = (RosterCheck.TooMany, state => state with
        {
            Answer = state.Answer with { Recipients = [.. Enumerable.Range(1, RosterAcceptance.MostStatementsOfAReviewer + 1).Select(serial => Sign(Statement(serial)))] },
        }),
        ["a successor that does not follow"] = (RosterCheck.Chain, state => state with { PendingSuccessors = [Succession(Thief, DropKey)] }),
        ["more successors than are held back"] = (RosterCheck.TooMany, state => state with { PendingSuccessors = [.. Enumerable.Repeat(state.PendingSuccessors[0], RosterAcceptance.MostPendingSuccessors + 1)] }),
        ["an earlier roster by nobody's key"] = (RosterCheck.KeyNumber, state => state with { Earlier = state.Earlier with { Rosters = [Sign(New(2), Thief)] } }),
        ["an earlier roster of another drop"] = (RosterCheck.DropKey, state => state with { Earlier = state.Earlier with { Rosters = [Sign(New(2) with { DropKey = Thief.PublicKey })] } }),
        ["an earlier roster that is not earlier"] = (RosterCheck.Version, state => state with { Earlier = state.Earlier with { Rosters = [Sign(New(2, version: 2))] } }),
        ["more earlier rosters than are kept"] = (RosterCheck.TooMany, state => state with { Earlier = state.Earlier with { Rosters = [.. Enumerable.Repeat(Sign(New(2)), EarlierStatements.MostRosters + 1)] } }),
        ["an earlier statement that was changed"] = (RosterCheck.Signature, state => state with
        {
            Earlier = state.Earlier with { Recipients = [state.Earlier.Recipients[0] with { Statement = Statement(serial: 9).Write() }] },
        }),
        ["an earlier statement for another drop"] = (RosterCheck.DropKey, state => state with { Earlier = state.Earlier with { Recipients = [Sign(Statement() with { DropKey = Thief.PublicKey })] } }),
        ["more earlier statements of one than are kept"] = (RosterCheck.TooMany, state => state with
        {
            Earlier = state.Earlier with { Recipients = [.. Enumerable.Range(1, EarlierStatements.MostStatementsOfAReviewer + 1).Select(serial => Sign(Statement(serial)))] },
        }),
        ["a statement longer than any that is taken"] = (RosterCheck.Rule, state => state with
        {
            Answer = state.Answer with { Recipients = [SignedStatement.Sign(StatementPurpose.Recipient, Statement().Write().Concat(new string(' ', RosterAcceptance.LongestStatementInBytes).Select(c => (byte)c)).ToArray(), Reviewers[0].Signing)] },
        }),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void State_With_IsRefused(string what) =>
        Assert.Equal(Cases[what].Check, Assert.Throws<RosterException>(() => DropStateVerifier.Verify(Cases[what].Change(Lived()), null, Today)).Check);

    [Fact]
    public void State_OfAnotherDropThanThePinnedOne_IsRefused() =>
        Assert.Equal(RosterCheck.Pinned, Assert.Throws<RosterException>(() => DropStateVerifier.Verify(Lived(), Thief.PublicKey, Today)).Check);
}
