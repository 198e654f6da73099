using System.Text;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Reports;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk.Rosters;

/// <summary>
/// What this desk knows to be signed. The server hands rosters out and is not believed: each is verified against the drop key pinned in
/// the keystore and against what was seen before, since a page, which remembers nothing, cannot notice an older one.
/// </summary>
internal sealed class RosterKnowledge(UnlockedHome home)
{
    /// <summary>Alarms of the last <see cref="Take"/>, one sentence each.</summary>
    public List<string> Alarms { get; } = [];

    /// <summary>Verifies the server's answer and remembers what it brings.</summary>
    /// <exception cref="ReviewerException">Not a roster of the pinned drop, or an older one than before.</exception>
    public VerifiedRoster Take(byte[] answerBytes, DateOnly today)
    {
        MinisignPublicKey pin = home.Keys.DropKey ?? throw new ReviewerException(ExitCode.BadInput,
            "The drop's key is not known yet, so nothing can be checked: `reviewer join LINK` with the link that sources use.");
        RosterAnswer answer;
        VerifiedRoster verified;
        try
        {
            answer = RosterAnswer.Parse(answerBytes);
            verified = RosterVerifier.Verify(answer, pin, today);
        }
        catch (RosterException e)
        {
            throw Refused(e.Message, e);
        }

        RefuseRollback(answer, verified);
        RememberStatements(answer.Recipients, [verified.Roster]);
        if (KeyTerm.Follow(home, verified.Roster, today))
        {
            home.SaveKeys();
        }

        AlarmOnForeignKey(verified.Roster, today);
        return verified;
    }

    /// <summary>
    /// Remembers what was handed out while this desk was away: each by the signature that it would have been believed by then. What is left out or
    /// cannot be read makes nothing worse than it was; a report sealed to it is then an alarm.
    /// </summary>
    /// <param name="earlierBytes">The server's answer.</param>
    /// <param name="newest">What <see cref="Take"/> gave in the same visit.</param>
    public void TakeEarlier(byte[] earlierBytes, VerifiedRoster newest)
    {
        EarlierStatements earlier;
        try
        {
            earlier = EarlierStatements.Parse(earlierBytes);
        }
        catch (StrictJsonException)
        {
            return;
        }

        foreach (SignedStatement signed in earlier.Rosters)
        {
            try
            {
                RememberRoster(Keep(signed), RosterVerifier.VerifyEarlier(signed, newest).Version);
            }
            catch (RosterException)
            {
                // It spoils no other.
            }
        }

        RememberStatements(earlier.Recipients, [.. home.Index.Rosters.Select(r => Roster.Parse(Encoding.UTF8.GetBytes(r.Statement)))]);
    }

    /// <summary>The newest roster ever seen, or null.</summary>
    public Roster? Newest() => home.Index.Rosters.Select(r => Roster.Parse(Encoding.UTF8.GetBytes(r.Statement))).MaxBy(r => r.Version);

    /// <summary>The largest width that any roster seen here gave its days; 0 where none is known.</summary>
    public int WidestShardBits() => home.Index.Rosters.Select(r => Roster.Parse(Encoding.UTF8.GetBytes(r.Statement)).ShardBits).DefaultIfEmpty(0).Max();

    /// <summary>For judging reports.</summary>
    public KnownRosters Known()
    {
        KnownRoster[] rosters =
        [
            .. home.Index.Rosters.Select(r => Encoding.UTF8.GetBytes(r.Statement)).Select(b => new KnownRoster(Roster.Parse(b), Roster.Digest(b))),
        ];
        RecipientStatement[] own = [.. home.Keys.MadeStatements.Select(s => RecipientStatement.Parse(Encoding.UTF8.GetBytes(s)))];
        IEnumerable<RecipientStatement> all = home.Index.Recipients.Select(r => RecipientStatement.Parse(Encoding.UTF8.GetBytes(r.Statement)));
        // One's own are known even before the server has handed them out.
        return new KnownRosters(rosters, all.Concat(own).Distinct(), home.Keys.Signing.PublicKey, own);
    }

    /// <summary>One's own statement, which the server has taken.</summary>
    public void Remember(SignedStatement recipient) => home.Index.Recipients.Add(Keep(recipient));

    private static ReviewerException Refused(string why, Exception? e = null) => new(ExitCode.RosterRefused,
        $"The server's roster is refused: {why} Reports are fetched all the same, but nothing was sent. Ask whoever holds the drop key.", e);

    private void RefuseRollback(RosterAnswer answer, VerifiedRoster verified)
    {
        InboxIndex index = home.Index;
        if (Newest() is { } newest && verified.Roster.Version < newest.Version)
        {
            throw Refused($"it is version {verified.Roster.Version}, and version {newest.Version} was signed already. Sources may be sealing to keys that were removed.");
        }

        // The chain only grows: an earlier key that signs again is a stolen one.
        IReadOnlyList<SignedStatement> successors = answer.Successors;
        if (successors.Count < index.Successors.Count)
        {
            throw Refused("a drop key that was replaced has signed it.");
        }

        // As long is not enough: whoever stole a key that was replaced can name a successor of its own, and by it any further one.
        if (index.Successors.Where((known, i) => !To(Keep(successors[i])).Equals(To(known))).Any())
        {
            throw Refused("its chain of drop keys is another than the one known here, so a drop key that was replaced has signed again: it is stolen.");
        }

        RememberRoster(Keep(answer.Roster), verified.Roster.Version);
        index.Successors = [.. successors.Select(Keep)];
    }

    private void RememberRoster(KeptStatement kept, long version)
    {
        InboxIndex index = home.Index;
        if (index.Rosters.Any(r => r.Statement != kept.Statement && Roster.Parse(Encoding.UTF8.GetBytes(r.Statement)).Version == version))
        {
            Alarms.Add($"Two different rosters of version {version} are signed by the drop key. If nobody did this by mistake, the drop key is stolen.");
        }

        if (index.Rosters.All(r => r.Statement != kept.Statement))
        {
            index.Rosters.Add(kept);
        }
    }

    private static MinisignPublicKey To(KeptStatement successor) => Successor.Parse(Encoding.UTF8.GetBytes(successor.Statement)).To;

    /// <param name="statements">As the server gave them.</param>
    /// <param name="rosters">A statement is its reviewer's if one of these names the reviewer.</param>
    private void RememberStatements(IReadOnlyList<SignedStatement> statements, IReadOnlyList<Roster> rosters)
    {
        foreach (SignedStatement signed in statements)
        {
            RecipientStatement statement;
            try
            {
                MinisignPublicKey signer = RecipientStatement.Parse(signed.Statement.Span).SigningKey;
                (statement, _) = RosterVerifier.VerifyRecipient(signed, rosters.FirstOrDefault(r => r.Reviewers.Any(v => v.SigningKey.Equals(signer))) ?? rosters[^1]);
            }
            catch (RosterException)
            {
                // Sources pass it over as well; it spoils no other.
                continue;
            }

            KeptStatement kept = Keep(signed);
            if (home.Index.Recipients.All(r => r.Statement != kept.Statement))
            {
                home.Index.Recipients.Add(kept);
            }

            if (statement.SigningKey.Equals(home.Keys.Signing.PublicKey) && !home.Keys.MadeStatements.Contains(kept.Statement))
            {
                Alarms.Add($"The server hands out a key in your name (serial {statement.Serial}, {Days.Text(statement.FirstDay)} to "
                    + $"{Days.Text(statement.LastDay)}) that this keystore did not make. Your signing key is stolen or was used elsewhere: "
                    + "tell whoever holds the drop key to remove it, and make new keys.");
            }
        }
    }

    /// <summary>A key under our name in the roster itself that nobody here can open with: swapped on its way to the drop key. One of our own that was
    /// destroyed since is nobody else's, and an alarm only where sources are left with it alone.</summary>
    private void AlarmOnForeignKey(Roster roster, DateOnly today)
    {
        if (KeyTerm.DestroyedInRoster(home, roster, today) is { } destroyed)
        {
            Alarms.AddRange(KeyTerm.IsRenewed(home, today) ? [] : [destroyed]);
            return;
        }

        RosterReviewer? me = KeyRenewal.InRoster(home, roster);
        if (me is not null && me.Recipient.LastDay >= today && home.Keys.Identities.All(i => !i.Identity.Recipient.Equals(me.Recipient.Key)))
        {
            Alarms.Add($"The roster (version {roster.Version}) names a key in your name that this keystore does not hold: what is sealed to it you cannot read, "
                + "and somebody else may. Bring a new card (`reviewer key export`) to whoever holds the drop key, and compare fingerprints.");
        }
    }

    private static KeptStatement Keep(SignedStatement statement) => new(Encoding.UTF8.GetString(statement.Statement.Span), statement.Signature);
}
