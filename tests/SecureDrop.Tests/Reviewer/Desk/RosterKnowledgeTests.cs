using Microsoft.Extensions.Time.Testing;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Reports;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Desk.Rosters;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Server;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Desk;

/// <summary>What a desk accepts as the drop's roster after all that it has seen.</summary>
public sealed class RosterKnowledgeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(RunningDrop.Start);
    private readonly MinisignKeyPair _first = MinisignKeyPair.Generate(), _second = MinisignKeyPair.Generate(), _fork = MinisignKeyPair.Generate();
    private readonly UnlockedHome _home;

    public RosterKnowledgeTests()
    {
        HomeDirectory home = new(_folder.File("home"));
        PassphraseFile file = new(TestDesk.QuickWorkFactorLog2);
        DropSetup.CreateReviewer(home, file, "Ana", null, null, _first.PublicKey, "pass"u8, Today);
        _home = UnlockedHome.Open(home, file, "pass"u8, _clock, HomeLock.Take(home));
    }

    private DateOnly Today => DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime);

    [Fact]
    public void Take_AnotherSuccessorOfAKeyThatWasReplaced_IsRefused()
    {
        // A thief of the first key signs a successor of its own: the chain is as long, only another.
        RosterKnowledge knowledge = new(_home);
        knowledge.Take(Answer(2, _second, Succeed(_first, _second)), Today);
        ReviewerException refused = Assert.Throws<ReviewerException>(() => knowledge.Take(Answer(3, _fork, Succeed(_first, _fork)), Today));
        Assert.Equal(ExitCode.RosterRefused, refused.ExitCode);
        refused = Assert.Throws<ReviewerException>(() =>
            knowledge.Take(Answer(4, _second, Succeed(_first, _fork), Succeed(_fork, _second)), Today));
        Assert.Equal(ExitCode.RosterRefused, refused.ExitCode);
        Assert.Equal(2, knowledge.Newest()!.Version);
        knowledge.Take(Answer(5, _fork, Succeed(_first, _second), Succeed(_second, _fork)), Today);
    }

    [Fact]
    public void Take_RosterThatNamesAKeyWeDoNotHoldInOurName_IsAnAlarm()
    {
        RosterKnowledge knowledge = new(_home);
        knowledge.Take(Answer(1, _first), Today);
        Assert.Empty(knowledge.Alarms);
        using HybridIdentity foreign = HybridIdentity.Generate();
        knowledge.Take(Answer(2, _first, foreign.Recipient), Today);
        Assert.Contains("version 2", Assert.Single(knowledge.Alarms), StringComparison.Ordinal);
    }

    [Fact]
    public void Take_RosterThatNamesAKeyDestroyedHere_SaysSoAndOnlyWhereSourcesAreLeftWithIt()
    {
        RosterKnowledge knowledge = new(_home);
        using HybridIdentity destroyed = HybridIdentity.Generate();
        _home.Keys.Destroyed.Add(ReportRoster.RecipientSha256(destroyed.Recipient));
        knowledge.Take(Answer(1, _first, destroyed.Recipient), Today);
        string alarm = Assert.Single(knowledge.Alarms);
        Assert.Contains("was destroyed here", alarm, StringComparison.Ordinal);
        Assert.DoesNotContain("somebody else", alarm, StringComparison.Ordinal);
        knowledge.Alarms.Clear();
        SignedStatement renewed = KeyRenewal.Renew(_home, _first.PublicKey, 14, Today);
        knowledge.Take(Answer(1, _first, destroyed.Recipient, [renewed]), Today);
        Assert.DoesNotContain(knowledge.Alarms, a => a.Contains("destroyed", StringComparison.Ordinal));
        Assert.Contains(DeskStatus.Of(_home).Due, due => due.Contains("was destroyed here", StringComparison.Ordinal));
    }

    [Fact]
    public void Take_NewestRosterNamesOurKeyForLess_IsKeptSoLongAndForThoseWhoHaveTheEarlierOne()
    {
        RosterKnowledge knowledge = new(_home);
        OwnIdentity mine = _home.Keys.Identities[0];
        using HybridIdentity other = HybridIdentity.Generate();
        // Before any roster named it, it is a card on its way.
        knowledge.Take(Answer(1, _first, other.Recipient), Today);
        Assert.Equal(Today.AddDays(90), mine.LastDay);
        knowledge.Take(Answer(2, _first, null, lastDay: 120), Today);
        Assert.Equal(Today.AddDays(120), mine.LastDay);
        byte[] shorter = Answer(3, _first, null, lastDay: 14);
        knowledge.Take(shorter, Today);
        knowledge.Take(shorter, Today.AddDays(20));
        Assert.Equal(Today.AddDays(14), mine.LastDay);
        knowledge.Take(Answer(4, _first, other.Recipient), Today.AddDays(5));
        Assert.Equal(Today.AddDays(5 + KnownRosters.DaysOfGrace), mine.LastDay);
    }

    [Fact]
    public void Renew_AfterTheLastSerial_SaysSoAndSpoilsNothing()
    {
        // Whoever stole the signing key names its own key under the highest serial there is.
        RosterKnowledge knowledge = new(_home);
        using HybridIdentity foreign = HybridIdentity.Generate();
        RecipientStatement last = new(_first.PublicKey, _home.Keys.Signing.PublicKey, Crypto.Json.StrictObject.LargestInteger, foreign.Recipient, Today, Today);
        SignedStatement signed = SignedStatement.Sign(StatementPurpose.Recipient, last.Write(), _home.Keys.Signing);
        knowledge.Take(Answer(1, _first, null, [signed]), Today);
        Assert.Contains("stolen", Assert.Single(knowledge.Alarms), StringComparison.Ordinal);
        ReviewerException refused = Assert.Throws<ReviewerException>(() => KeyRenewal.Renew(_home, _first.PublicKey, 14, Today));
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Empty(_home.Keys.MadeStatements);
        Assert.NotNull(knowledge.Known());
    }

    public void Dispose()
    {
        _home.Dispose();
        _first.Dispose();
        _second.Dispose();
        _fork.Dispose();
        _folder.Dispose();
    }

    private static SignedStatement Succeed(MinisignKeyPair from, MinisignKeyPair to) =>
        SignedStatement.Sign(StatementPurpose.Successor, new Successor(from.PublicKey, to.PublicKey).Write(), from);

    private byte[] Answer(long version, MinisignKeyPair signer, params IReadOnlyList<SignedStatement> successors) =>
        Answer(version, signer, null, [], successors);

    private byte[] Answer(long version, MinisignKeyPair signer, HybridRecipient? mine, IReadOnlyList<SignedStatement>? statements = null,
        IReadOnlyList<SignedStatement>? successors = null, int lastDay = 90)
    {
        Roster roster = new()
        {
            DropKey = _first.PublicKey, Name = new Dictionary<string, string> { ["en"] = "Paper" }, Version = version, Issued = Today,
            Expires = Today.AddDays(90),
            Reviewers =
            [
                new RosterReviewer(null, _home.Keys.Signing.PublicKey, _home.Keys.Session.PublicKey,
                    new RosterRecipient(mine ?? _home.Keys.Identities[0].Identity.Recipient, Today.AddDays(lastDay))),
            ],
        };
        return new RosterAnswer(_first.PublicKey, successors ?? [], SignedStatement.Sign(StatementPurpose.Roster, roster.Write(), signer),
            statements ?? []).Write();
    }
}
