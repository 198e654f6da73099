using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using Xunit;

namespace SecureDrop.Tests.Rosters;

public sealed class RosterAcceptanceTests
{
    private static readonly DateOnly Today = TestRosters.Today;

    private static readonly MinisignKeyPair Next = MinisignKeyPair.Generate();

    private static DropState First(int reviewers = 1) => RosterAcceptance.FirstRoster(TestRosters.Sign(TestRosters.New(reviewers)), [], null, Today);

    [Fact]
    public void FirstRoster_OfANewDropOrAnOlderOne_IsTaken()
    {
        Assert.Empty(First().Answer.Successors);
        SignedStatement step = TestRosters.Succession(TestRosters.DropKey, Next);
        DropState moved = RosterAcceptance.FirstRoster(TestRosters.Sign(TestRosters.New(), Next), [step], null, Today);
        Assert.Equal([step], moved.Answer.Successors);
        Assert.Equal(Next.PublicKey, RosterVerifier.Verify(moved.Answer, TestRosters.DropKey.PublicKey, Today).Chain.Last);
    }

    [Fact]
    public void FirstRoster_WithAPinnedKey_MustLeadToIt()
    {
        SignedStatement step = TestRosters.Succession(TestRosters.DropKey, Next);
        SignedStatement roster = TestRosters.Sign(TestRosters.New(), Next);
        foreach (MinisignPublicKey pinned in new[] { TestRosters.DropKey.PublicKey, Next.PublicKey })
        {
            Assert.Single(RosterAcceptance.FirstRoster(roster, [step], pinned, Today).Answer.Successors);
        }
        Assert.Equal(RosterCheck.Pinned, Refused(() => RosterAcceptance.FirstRoster(roster, [step], MinisignKeyPair.Generate().PublicKey, Today)));
    }

    [Fact]
    public void FirstRoster_SignedByAnotherOrEnded_IsRefused()
    {
        Assert.Equal(RosterCheck.KeyNumber, Refused(() => RosterAcceptance.FirstRoster(TestRosters.Sign(TestRosters.New(), Next), [], null, Today)));
        Assert.Equal(RosterCheck.KeyNumber, Refused(() => RosterAcceptance.FirstRoster(TestRosters.Sign(TestRosters.New()), [TestRosters.Succession(TestRosters.DropKey, Next)], null, Today)));
        Assert.Equal(RosterCheck.Expired, Refused(() => RosterAcceptance.FirstRoster(TestRosters.Sign(TestRosters.New()), [], null, Today.AddDays(Roster.LifetimeInDays + 1))));
    }

    [Fact]
    public void NextRoster_ByASuccessorHeldBack_JoinsItToTheChainAndForgetsTheOthers()
    {
        DropState present = First();
        MinisignKeyPair loser = MinisignKeyPair.Generate();
        present = RosterAcceptance.Successor(present, TestRosters.Succession(TestRosters.DropKey, loser));
        present = RosterAcceptance.Successor(present, TestRosters.Succession(TestRosters.DropKey, Next));
        Assert.Equal(2, present.PendingSuccessors.Count);
        Assert.Empty(present.Answer.Successors);

        DropState next = RosterAcceptance.NextRoster(present, TestRosters.Sign(TestRosters.New(version: 2), Next), Today);
        Assert.Empty(next.PendingSuccessors);
        Assert.Equal(Next.PublicKey, RosterVerifier.Verify(next.Answer, TestRosters.DropKey.PublicKey, Today).Chain.Last);
        Assert.Equal(RosterCheck.KeyNumber, Refused(() => RosterAcceptance.NextRoster(next, TestRosters.Sign(TestRosters.New(version: 3), loser), Today)));
        Assert.Equal(RosterCheck.KeyNumber, Refused(() => RosterAcceptance.NextRoster(next, TestRosters.Sign(TestRosters.New(version: 3)), Today)));
        Assert.Equal(3, Version(RosterAcceptance.NextRoster(next, TestRosters.Sign(TestRosters.New(version: 3), Next), Today)));
    }

    [Fact]
    public void NextRoster_ByTheOldKey_KeepsASuccessorHeldBack()
    {
        DropState present = RosterAcceptance.Successor(First(), TestRosters.Succession(TestRosters.DropKey, Next));
        DropState next = RosterAcceptance.NextRoster(present, TestRosters.Sign(TestRosters.New(version: 2)), Today);
        Assert.Single(next.PendingSuccessors);
        Assert.Empty(next.Answer.Successors);
    }

    [Fact]
    public void NextRoster_WithoutAReviewer_DropsThatReviewersStatements()
    {
        DropState present = First(2);
        SignedStatement[] statements = [TestRosters.Sign(TestRosters.Statement()), TestRosters.Sign(TestRosters.Statement(reviewer: 1), TestRosters.Reviewers[1].Signing)];
        present = statements.Aggregate(present, (state, statement) => RosterAcceptance.Recipient(state, statement, Today));
        DropState next = RosterAcceptance.NextRoster(present, TestRosters.Sign(TestRosters.New(version: 2)), Today);
        Assert.Equal([statements[0]], next.Answer.Recipients);
    }

    /// <summary>A replayed older statement must not stand in for a newer one that has just ended.</summary>
    [Fact]
    public void Recipient_OlderThanOneThatHasEnded_IsRefused()
    {
        DropState present = RosterAcceptance.Recipient(First(), TestRosters.Sign(TestRosters.Statement(5)), Today);
        SignedStatement older = TestRosters.Sign(TestRosters.Statement(4) with { LastDay = Today.AddDays(20) });
        Assert.Equal(RosterCheck.Version, Refused(() => RosterAcceptance.Recipient(present, older, Today.AddDays(7))));
        SignedStatement newer = TestRosters.Sign(TestRosters.Statement(6) with { LastDay = Today.AddDays(20) });
        Assert.Equal([newer], RosterAcceptance.Recipient(present, newer, Today.AddDays(7)).Answer.Recipients);
    }

    [Fact]
    public void Recipient_MoreThanEightOfAReviewer_AreRefusedUntilSomeHaveEnded()
    {
        DropState present = First(2);
        for (int serial = 1; serial <= RosterAcceptance.MostStatementsOfAReviewer; serial++)
        {
            present = RosterAcceptance.Recipient(present, TestRosters.Sign(TestRosters.Statement(serial)), Today);
        }
        SignedStatement ninth = TestRosters.Sign(TestRosters.Statement(9) with { LastDay = Today.AddDays(20) });
        Assert.Equal(RosterCheck.TooMany, Refused(() => RosterAcceptance.Recipient(present, ninth, Today)));
        Assert.Equal(9, RosterAcceptance.Recipient(present, TestRosters.Sign(TestRosters.Statement(1, 1), TestRosters.Reviewers[1].Signing), Today).Answer.Recipients.Count);
        Assert.Equal([ninth], RosterAcceptance.Recipient(present, ninth, Today.AddDays(7)).Answer.Recipients);
    }

    /// <summary>Members that nobody knows are ignored: a signer could have every visitor download as much as it likes.</summary>
    [Fact]
    public void RecipientAndSuccessor_PaddedBeyond8192Bytes_AreRefused()
    {
        static SignedStatement Padded(StatementPurpose purpose, byte[] statement, int size, MinisignKeyPair signer) =>
            SignedStatement.Sign(purpose, (byte[])[.. statement, .. Enumerable.Repeat((byte)' ', size - statement.Length)], signer);
        DropState present = First();
        SignedStatement Statement(int size) => Padded(StatementPurpose.Recipient, TestRosters.Statement().Write(), size, TestRosters.Reviewers[0].Signing);
        SignedStatement Step(int size) =>
            Padded(StatementPurpose.Successor, new Successor(TestRosters.DropKey.PublicKey, Next.PublicKey).Write(), size, TestRosters.DropKey);
        Assert.Single(RosterAcceptance.Recipient(present, Statement(RosterAcceptance.LongestStatementInBytes), Today).Answer.Recipients);
        Assert.Single(RosterAcceptance.Successor(present, Step(RosterAcceptance.LongestStatementInBytes)).PendingSuccessors);
        Assert.Equal(RosterCheck.Rule, Refused(() => RosterAcceptance.Recipient(present, Statement(RosterAcceptance.LongestStatementInBytes + 1), Today)));
        Assert.Equal(RosterCheck.Rule, Refused(() => RosterAcceptance.Successor(present, Step(RosterAcceptance.LongestStatementInBytes + 1))));
        DropState FirstAfter(int size) => RosterAcceptance.FirstRoster(TestRosters.Sign(TestRosters.New(), Next), [Step(size)], null, Today);
        Assert.Single(FirstAfter(RosterAcceptance.LongestStatementInBytes).Answer.Successors);
        Assert.Equal(RosterCheck.Rule, Refused(() => FirstAfter(RosterAcceptance.LongestStatementInBytes + 1)));
    }

    [Fact]
    public void Successor_MoreThanEightHeldBack_AreRefused()
    {
        DropState present = First();
        for (int count = 0; count < RosterAcceptance.MostPendingSuccessors; count++)
        {
            present = RosterAcceptance.Successor(present, TestRosters.Succession(TestRosters.DropKey, MinisignKeyPair.Generate()));
        }
        Assert.Equal(RosterCheck.TooMany, Refused(() => RosterAcceptance.Successor(present, TestRosters.Succession(TestRosters.DropKey, Next))));
        Assert.Same(present, RosterAcceptance.Successor(present, present.PendingSuccessors[0]));
    }

    [Fact]
    public void Successor_AfterAChainOf64Steps_IsRefused()
    {
        MinisignKeyPair[] keys = [TestRosters.DropKey, .. Enumerable.Range(0, DropKeyChain.MostSuccessors + 1).Select(_ => MinisignKeyPair.Generate())];
        SignedStatement[] steps = [.. keys[..^1].Zip(keys[1..]).Select(pair => TestRosters.Succession(pair.First, pair.Second))];
        DropState full = RosterAcceptance.FirstRoster(TestRosters.Sign(TestRosters.New(), keys[^2]), steps[..^1], null, Today);
        Assert.Equal(RosterCheck.TooMany, Refused(() => RosterAcceptance.Successor(full, steps[^1])));
        DropState last = RosterAcceptance.FirstRoster(TestRosters.Sign(TestRosters.New(), keys[^3]), steps[..^2], null, Today);
        Assert.Single(RosterAcceptance.Successor(last, steps[^2]).PendingSuccessors);
    }

    private static long Version(DropState state) => Roster.Parse(state.Answer.Roster.Statement.Span).Version;

    private static RosterCheck Refused(Func<DropState> accept) => Assert.Throws<RosterException>(accept).Check;
}
