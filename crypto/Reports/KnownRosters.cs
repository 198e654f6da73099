using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;

namespace SecureDrop.Crypto.Reports;

/// <summary>A roster that verified.</summary>
/// <param name="Roster">The roster.</param>
/// <param name="Sha256">SHA-256 of its bytes as signed, 32 bytes.</param>
public sealed record KnownRoster(Roster Roster, ReadOnlyMemory<byte> Sha256)
{
    /// <summary>What <see cref="RosterVerifier"/> gave.</summary>
    public static KnownRoster Of(VerifiedRoster verified)
    {
        ArgumentNullException.ThrowIfNull(verified);
        return new KnownRoster(verified.Roster, verified.Sha256);
    }
}

/// <summary>
/// What a reviewer's tool knows to be signed: every roster that the drop key's chain signed, every recipient statement that verified, and which
/// statements the reviewer itself made. By it the roster and the recipients that a report names are judged, so that keys which a server
/// added, or rolled back, are found.
/// </summary>
public sealed class KnownRosters
{
    /// <summary>A source may have fetched its roster this many days before; what was superseded longer ago is an alarm.</summary>
    public const int DaysOfGrace = 2;

    private readonly IReadOnlyList<KnownRoster> _rosters;
    private readonly ILookup<string, Candidate> _recipients;
    private readonly ILookup<MinisignPublicKey, RecipientStatement> _statements;

    /// <summary>Takes what is known. All of it must have been verified by the caller (see <see cref="RosterVerifier"/>).</summary>
    /// <param name="rosters">Every roster, old ones included, in any order.</param>
    /// <param name="statements">Every recipient statement of a reviewer of any of these, old ones included, in any order.</param>
    /// <param name="ownSigningKey">The reader's own signing key, null for a reader that is no reviewer.</param>
    /// <param name="ownStatements">The statements that the reader made; any other under its key is an alarm.</param>
    public KnownRosters(
        IEnumerable<KnownRoster> rosters,
        IEnumerable<RecipientStatement> statements,
        MinisignPublicKey? ownSigningKey = null,
        IEnumerable<RecipientStatement>? ownStatements = null)
    {
        _rosters = [.. rosters];
        RecipientStatement[] known = [.. statements];
        HashSet<RecipientStatement> own = [.. ownStatements ?? []];
        _statements = known.ToLookup(statement => statement.SigningKey);
        IEnumerable<Candidate> fromRosters = _rosters
            .SelectMany(roster => roster.Roster.Reviewers)
            .Select(reviewer => new Candidate(reviewer.SigningKey, ReportRoster.RecipientSha256(reviewer.Recipient.Key), null, IsForeign: false));
        IEnumerable<Candidate> fromStatements = known.Select(statement => new Candidate(
            statement.SigningKey,
            ReportRoster.RecipientSha256(statement.Key),
            statement,
            IsForeign: statement.SigningKey.Equals(ownSigningKey) && !own.Contains(statement)));
        _recipients = fromRosters.Distinct().Concat(fromStatements).ToLookup(candidate => candidate.Sha256, StringComparer.Ordinal);
    }

    /// <summary>The alarms of a report, without repetition, in the order of the enumeration.</summary>
    /// <param name="named">What it says it was sealed to.</param>
    /// <param name="day">The day it says it was written.</param>
    /// <param name="stanzas">How many stanzas its file has.</param>
    /// <param name="opener">The recipient of the identity that opened it, see <see cref="ReportRoster.RecipientSha256"/>.</param>
    public IReadOnlyList<ReportAlarm> Judge(ReportRoster named, DateOnly day, int stanzas, string opener)
    {
        ArgumentNullException.ThrowIfNull(named);
        SortedSet<ReportAlarm> alarms = [];
        KnownRoster? roster = _rosters.FirstOrDefault(known =>
            known.Roster.Version == named.Version && Convert.ToHexStringLower(known.Sha256.Span) == named.Sha256);
        if (roster is null)
        {
            alarms.Add(ReportAlarm.RosterUnknown);
        }
        else if (IsPast(day, Next(roster)?.Roster.Issued))
        {
            alarms.Add(ReportAlarm.RosterSuperseded);
        }
        if (named.Recipients.Count != stanzas)
        {
            alarms.Add(ReportAlarm.RecipientsAreNotTheStanzas);
        }
        if (!named.Recipients.Contains(opener, StringComparer.Ordinal))
        {
            alarms.Add(ReportAlarm.OwnRecipientNotNamed);
        }
        foreach (string recipient in named.Recipients)
        {
            JudgeRecipient([.. _recipients[recipient].Where(candidate => MayStandIn(candidate, roster))], day, alarms);
        }
        return [.. alarms];
    }

    private void JudgeRecipient(IReadOnlyList<Candidate> candidates, DateOnly day, SortedSet<ReportAlarm> alarms)
    {
        if (candidates.Count == 0)
        {
            alarms.Add(ReportAlarm.RecipientUnknown);
        }
        else if (candidates.All(candidate => IsSuperseded(candidate, day)))
        {
            alarms.Add(ReportAlarm.RecipientSuperseded);
        }
        // Whoever stole the signing key can publish a key of its own and read that reviewer's share: only the owner can notice.
        if (candidates.Any(candidate => candidate.IsForeign))
        {
            alarms.Add(ReportAlarm.StatementInOwnNameNotMade);
        }
    }

    /// <summary>A key of another roster, or of somebody who is no reviewer in this one, is not known here: it may be a former reviewer's.</summary>
    private static bool MayStandIn(Candidate candidate, KnownRoster? roster) => roster is null || (candidate.Statement is null
        ? roster.Roster.Reviewers.Any(reviewer =>
            reviewer.SigningKey.Equals(candidate.Reviewer) && ReportRoster.RecipientSha256(reviewer.Recipient.Key) == candidate.Sha256)
        : roster.Roster.Reviewers.Any(reviewer => reviewer.SigningKey.Equals(candidate.Reviewer)));

    private KnownRoster? Next(KnownRoster roster) => _rosters
        .Where(other => other.Roster.Version > roster.Roster.Version)
        .MinBy(other => other.Roster.Version);

    /// <summary>
    /// A serial is superseded by the reviewer's next one. The roster's own recipient is sealed to where no statement includes the day, so
    /// it is superseded by a statement that has begun and has not ended.
    /// </summary>
    private bool IsSuperseded(Candidate candidate, DateOnly day) => candidate.Statement is null
        ? _statements[candidate.Reviewer].Any(statement => IsPast(day, statement.FirstDay) && day <= statement.LastDay)
        : IsPast(day, _statements[candidate.Reviewer]
            .Where(statement => statement.Serial > candidate.Statement.Serial)
            .MinBy(statement => statement.Serial)?.FirstDay);

    private static bool IsPast(DateOnly day, DateOnly? superseded) => superseded is not null && day.DayNumber > superseded.Value.DayNumber + DaysOfGrace;

    private sealed record Candidate(MinisignPublicKey Reviewer, string Sha256, RecipientStatement? Statement, bool IsForeign);
}
