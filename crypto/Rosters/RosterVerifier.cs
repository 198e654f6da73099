using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Rosters;

/// <summary>Checks a roster as a source does, and says who may be sealed to today.</summary>
public static class RosterVerifier
{
    /// <summary>
    /// Verifies, in this order: the chain of drop keys; that the link's key stands in it; the roster's signature by the chain's last key;
    /// the roster's format and what it requires; that its drop key begins the chain. A recipient statement that fails in any way is
    /// passed over and spoils no other.
    /// </summary>
    /// <param name="answer">What the server gave.</param>
    /// <param name="linkKey">The key in the link, or null where there was none.</param>
    /// <param name="today">The source's day, UTC.</param>
    /// <exception cref="RosterException">The roster is not to be trusted, and why. (A roster that has only expired is a closed drop, not an error.)</exception>
    public static VerifiedRoster Verify(RosterAnswer answer, MinisignPublicKey? linkKey, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(answer);
        DropKeyChain chain = DropKeyChain.Verify(answer.DropKey, answer.Successors);
        if (linkKey is not null && !chain.Keys.Contains(linkKey))
        {
            throw new RosterException(RosterCheck.Link);
        }
        answer.Roster.VerifyBy(chain.Last);
        Roster roster = Roster.Parse(answer.Roster.Statement.Span);
        // Without this, another drop could present this one's roster, or a server a first key of its own: one codename, one person at two drops.
        if (!roster.DropKey.Equals(chain.First))
        {
            throw new RosterException(RosterCheck.DropKey);
        }
        List<ChosenRecipient> recipients = roster.Expires < today ? [] : Choose(answer, roster, today);
        int[] missing = [.. Enumerable.Range(0, roster.Reviewers.Count).Except(recipients.Select(r => r.Reviewer))];
        return new VerifiedRoster(roster, Roster.Digest(answer.Roster.Statement.Span), chain, linkKey is not null, recipients, missing);
    }

    /// <summary>Verifies one recipient statement against a roster: signed by one of its reviewers, for this drop, of at most 31 days.</summary>
    /// <exception cref="RosterException">It is not to be sealed to, and why.</exception>
    public static (RecipientStatement Statement, int Reviewer) VerifyRecipient(SignedStatement statement, Roster roster)
    {
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentNullException.ThrowIfNull(roster);
        RecipientStatement parsed = RecipientStatement.Parse(statement.Statement.Span);
        if (!parsed.DropKey.Equals(roster.DropKey))
        {
            throw new RosterException(RosterCheck.DropKey);
        }
        for (int reviewer = 0; reviewer < roster.Reviewers.Count; reviewer++)
        {
            if (roster.Reviewers[reviewer].SigningKey.Equals(parsed.SigningKey))
            {
                statement.VerifyBy(parsed.SigningKey);
                return (parsed, reviewer);
            }
        }
        throw new RosterException(RosterCheck.Reviewer);
    }

    /// <summary>Verifies a roster that <paramref name="newest"/> replaced. Only the key that signs now vouches for it: one that was replaced may be
    /// in other hands since, and could slip in a roster that never was.</summary>
    /// <exception cref="RosterException">It is no earlier roster of this drop, and why.</exception>
    public static Roster VerifyEarlier(SignedStatement statement, VerifiedRoster newest)
    {
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentNullException.ThrowIfNull(newest);
        statement.VerifyBy(newest.Chain.Last);
        Roster roster = Roster.Parse(statement.Statement.Span);
        if (!roster.DropKey.Equals(newest.Chain.First))
        {
            throw new RosterException(RosterCheck.DropKey);
        }
        return roster.Version < newest.Roster.Version ? roster : throw new RosterException(RosterCheck.Version);
    }

    private static List<ChosenRecipient> Choose(RosterAnswer answer, Roster roster, DateOnly today)
    {
        var newest = new RecipientStatement?[roster.Reviewers.Count];
        foreach (SignedStatement signed in answer.Recipients)
        {
            try
            {
                (RecipientStatement statement, int reviewer) = VerifyRecipient(signed, roster);
                if (statement.Includes(today) && statement.Serial > (newest[reviewer]?.Serial ?? -1))
                {
                    newest[reviewer] = statement;
                }
            }
            catch (RosterException)
            {
                // One bad statement spoils no other: or whoever can add one could close the drop.
            }
        }
        var chosen = new List<ChosenRecipient>();
        for (int reviewer = 0; reviewer < newest.Length; reviewer++)
        {
            RosterRecipient own = roster.Reviewers[reviewer].Recipient;
            if (newest[reviewer] is { } statement)
            {
                chosen.Add(new ChosenRecipient(reviewer, statement.Key, statement.Serial, statement.FirstDay, statement.LastDay));
            }
            else if (today <= own.LastDay)
            {
                chosen.Add(new ChosenRecipient(reviewer, own.Key, null, roster.Issued, own.LastDay));
            }
        }
        return chosen;
    }
}
