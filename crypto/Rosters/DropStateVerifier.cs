using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Rosters;

/// <summary>
/// Checks a whole state that was kept elsewhere, such as in a backup: whoever wrote it may have put in what no server took. Every statement is
/// judged as it was when it was published, but for its days: what has expired since was rightly kept.
/// </summary>
public static class DropStateVerifier
{
    /// <param name="state">What was kept.</param>
    /// <param name="pinned">The drop key in the server's configuration, which must stand in the chain, or null.</param>
    /// <param name="today">UTC.</param>
    /// <returns>The roster, verified.</returns>
    /// <exception cref="RosterException">Some statement would have been refused, and why.</exception>
    public static VerifiedRoster Verify(DropState state, MinisignPublicKey? pinned, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(state);
        VerifiedRoster roster = RosterVerifier.Verify(state.Answer, linkKey: null, today);
        if (pinned is not null && !roster.Chain.Keys.Contains(pinned))
        {
            throw new RosterException(RosterCheck.Pinned);
        }
        foreach (SignedStatement statement in state.Answer.Successors.Concat(state.PendingSuccessors).Concat(state.Answer.Recipients).Concat(state.Earlier.Recipients))
        {
            RosterAcceptance.RequireShort(statement);
        }
        VerifyRecipients(state.Answer.Recipients, roster.Roster);
        RequireAtMost(RosterAcceptance.MostPendingSuccessors, state.PendingSuccessors.Count);
        foreach (SignedStatement successor in state.PendingSuccessors)
        {
            DropKeyChain.Follow(roster.Chain.Keys, successor);
        }
        VerifyEarlier(state.Earlier, roster);
        return roster;
    }

    private static void VerifyRecipients(IReadOnlyList<SignedStatement> recipients, Roster roster)
    {
        foreach (IGrouping<int, SignedStatement> own in recipients.GroupBy(statement => RosterVerifier.VerifyRecipient(statement, roster).Reviewer))
        {
            RequireAtMost(RosterAcceptance.MostStatementsOfAReviewer, own.Count());
        }
    }

    private static void VerifyEarlier(EarlierStatements earlier, VerifiedRoster newest)
    {
        RequireAtMost(EarlierStatements.MostRosters, earlier.Rosters.Count);
        RequireAtMost(EarlierStatements.LargestInBytes, earlier.Rosters.Sum(SizeInBytes));
        RequireAtMost(EarlierStatements.LargestInBytes, earlier.Recipients.Sum(SizeInBytes));
        foreach (SignedStatement statement in earlier.Rosters)
        {
            // By whichever key signed at that time.
            if (!newest.Chain.Keys.Any(key => statement.TryVerify(key, out _)))
            {
                throw new RosterException(RosterCheck.KeyNumber);
            }
            Roster roster = Roster.Parse(statement.Statement.Span);
            RequireOfThisDrop(roster.DropKey, newest);
            if (roster.Version >= newest.Roster.Version)
            {
                throw new RosterException(RosterCheck.Version);
            }
        }
        foreach (IGrouping<MinisignPublicKey, SignedStatement> own in earlier.Recipients.GroupBy(statement => VerifyOwn(statement, newest)))
        {
            RequireAtMost(EarlierStatements.MostStatementsOfAReviewer, own.Count());
        }
    }

    /// <summary>Its reviewer may have left, so that only its own key vouches for it.</summary>
    private static MinisignPublicKey VerifyOwn(SignedStatement statement, VerifiedRoster newest)
    {
        RecipientStatement parsed = RecipientStatement.Parse(statement.Statement.Span);
        RequireOfThisDrop(parsed.DropKey, newest);
        statement.VerifyBy(parsed.SigningKey);
        return parsed.SigningKey;
    }

    private static void RequireOfThisDrop(MinisignPublicKey dropKey, VerifiedRoster roster)
    {
        if (!dropKey.Equals(roster.Chain.First))
        {
            throw new RosterException(RosterCheck.DropKey);
        }
    }

    private static void RequireAtMost(long most, long found)
    {
        if (found > most)
        {
            throw new RosterException(RosterCheck.TooMany);
        }
    }

    private static long SizeInBytes(SignedStatement statement) => statement.Statement.Length + statement.Signature.Length;
}
