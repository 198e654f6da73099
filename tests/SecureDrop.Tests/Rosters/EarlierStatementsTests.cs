using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using Xunit;

namespace SecureDrop.Tests.Rosters;

/// <summary>What a server handed out before: kept as long as it is of use, bounded whoever fills it.</summary>
public sealed class EarlierStatementsTests
{
    private static readonly DateOnly Today = TestRosters.Today;

    [Fact]
    public void Acceptance_RostersAndEndedStatements_AreKeptUpToTheBoundsAndSurviveWriting()
    {
        using MinisignKeyPair reviewer = MinisignKeyPair.Generate();
        using HybridIdentity identity = HybridIdentity.Generate();
        Roster roster = TestRosters.New();
        roster = roster with { Reviewers = [roster.Reviewers[0] with { SigningKey = reviewer.PublicKey }] };
        DropState state = RosterAcceptance.FirstRoster(TestRosters.Sign(roster), [], null, Today);
        int made = EarlierStatements.MostStatementsOfAReviewer + 5;
        for (int day = 0; day < made; day++)
        {
            DateOnly today = Today.AddDays(day);
            RecipientStatement statement = new(roster.DropKey, reviewer.PublicKey, day + 1, identity.Recipient, today, today);
            state = RosterAcceptance.Recipient(state, SignedStatement.Sign(StatementPurpose.Recipient, statement.Write(), reviewer), today);
            Assert.Single(state.Answer.Recipients);
        }

        Assert.Equal(EarlierStatements.MostStatementsOfAReviewer, state.Earlier.Recipients.Count);
        Assert.Equal(made - 1, RecipientStatement.Parse(state.Earlier.Recipients[^1].Statement.Span).Serial);
        for (int version = 2; version <= EarlierStatements.MostRosters + 3; version++)
        {
            state = RosterAcceptance.NextRoster(state, TestRosters.Sign(roster with { Version = version }), Today);
        }

        Assert.Equal(EarlierStatements.MostRosters, state.Earlier.Rosters.Count);
        EarlierStatements read = EarlierStatements.Parse(state.Earlier.Write());
        Assert.Equal(state.Earlier.Rosters, read.Rosters);
        Assert.Equal(state.Earlier.Recipients, read.Recipients);
        Assert.Same(read, read.Since(Today));
        Assert.Equal(2, read.Since(Today.AddDays(made - 3)).Recipients.Count);
        Assert.Empty(read.Since(roster.Expires.AddDays(1)).Rosters);
    }

    [Fact]
    public void Acceptance_OfAReviewerWhoLeft_KeepsWhatReportsMayHaveBeenSealedTo()
    {
        using MinisignKeyPair leaver = MinisignKeyPair.Generate();
        using HybridIdentity identity = HybridIdentity.Generate();
        Roster roster = TestRosters.New(2);
        roster = roster with { Reviewers = [roster.Reviewers[0], roster.Reviewers[1] with { SigningKey = leaver.PublicKey }] };
        DropState state = RosterAcceptance.FirstRoster(TestRosters.Sign(roster), [], null, Today);
        SignedStatement signed = SignedStatement.Sign(StatementPurpose.Recipient,
            new RecipientStatement(roster.DropKey, leaver.PublicKey, 1, identity.Recipient, Today, Today.AddDays(13)).Write(), leaver);
        state = RosterAcceptance.Recipient(state, signed, Today);
        state = RosterAcceptance.NextRoster(state, TestRosters.Sign(roster with { Version = 2, Reviewers = [roster.Reviewers[0]] }), Today);
        Assert.Empty(state.Answer.Recipients);
        Assert.Equal([signed], state.Earlier.Recipients);
    }

    [Fact]
    public void VerifyEarlier_ByAKeyThatWasReplacedOrOfNoLowerVersion_IsRefused()
    {
        using MinisignKeyPair next = MinisignKeyPair.Generate();
        RosterAnswer answer = new(TestRosters.DropKey.PublicKey, [TestRosters.Succession(TestRosters.DropKey, next)], TestRosters.Sign(TestRosters.New(version: 5), next), []);
        VerifiedRoster newest = RosterVerifier.Verify(answer, null, Today);
        Assert.Equal(4, RosterVerifier.VerifyEarlier(TestRosters.Sign(TestRosters.New(version: 4), next), newest).Version);
        Assert.Throws<RosterException>(() => RosterVerifier.VerifyEarlier(TestRosters.Sign(TestRosters.New(version: 4)), newest));
        Assert.Throws<RosterException>(() => RosterVerifier.VerifyEarlier(TestRosters.Sign(TestRosters.New(version: 6), next), newest));
    }
}
