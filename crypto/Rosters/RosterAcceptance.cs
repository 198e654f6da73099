using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Rosters;

/// <summary>
/// What a server takes: pure functions from the present state and a signed statement to the next state, or a <see cref="RosterException"/>
/// with the reason. Repeating what is already there gives the same state. Who may bring the <em>first</em> roster (a pinned key, or
/// the setup token) is the server's to check; the signature is the authorisation of all that follow.
/// </summary>
public static class RosterAcceptance
{
    /// <summary>Statements kept of one reviewer.</summary>
    public const int MostStatementsOfAReviewer = 8;

    /// <summary>The longest recipient statement or successor that is taken: four times what one needs. Members that nobody knows are ignored,
    /// so a signer could otherwise have every visitor download, and every reader refuse, as much as it likes.</summary>
    public const int LongestStatementInBytes = 8192;

    /// <summary>Successors of one key that are held back at a time.</summary>
    public const int MostPendingSuccessors = 8;

    /// <summary>The first roster, with the successors of a drop that is older than the server.</summary>
    /// <param name="roster">Signed by the last key of the chain.</param>
    /// <param name="successors">Oldest first; empty for a new drop.</param>
    /// <param name="pinned">The drop key in the server's configuration, which must stand in the chain, or null.</param>
    /// <param name="today">UTC.</param>
    /// <exception cref="RosterException">Refused, and why.</exception>
    public static DropState FirstRoster(SignedStatement roster, IReadOnlyList<SignedStatement> successors, MinisignPublicKey? pinned, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(roster);
        ArgumentNullException.ThrowIfNull(successors);
        foreach (SignedStatement successor in successors)
        {
            RequireShort(successor);
        }
        Roster parsed = Rosters.Roster.Parse(roster.Statement.Span);
        DropKeyChain chain = DropKeyChain.Verify(parsed.DropKey, successors);
        if (pinned is not null && !chain.Keys.Contains(pinned))
        {
            throw new RosterException(RosterCheck.Pinned);
        }
        roster.VerifyBy(chain.Last);
        RequireNotEnded(parsed, today);
        return new DropState(new RosterAnswer(chain.First, successors, roster, []), []);
    }

    /// <summary>A later roster: by the key at the chain's end, or by a successor held back; same drop, higher version, not ended.</summary>
    /// <exception cref="RosterException">Refused, and why.</exception>
    public static DropState NextRoster(DropState present, SignedStatement roster, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(present);
        ArgumentNullException.ThrowIfNull(roster);
        RosterAnswer answer = present.Answer;
        if (answer.Roster.Equals(roster))
        {
            return present;
        }
        DropKeyChain chain = DropKeyChain.Verify(answer.DropKey, answer.Successors);
        SignedStatement? succession = SuccessionTo(roster, chain, present.PendingSuccessors);
        MinisignPublicKey signer = succession is null ? chain.Last : DropKeyChain.Follow(chain.Keys, succession).To;
        roster.VerifyBy(signer);
        Roster parsed = Rosters.Roster.Parse(roster.Statement.Span);
        if (!parsed.DropKey.Equals(chain.First))
        {
            throw new RosterException(RosterCheck.DropKey);
        }
        if (parsed.Version <= Rosters.Roster.Parse(answer.Roster.Statement.Span).Version)
        {
            throw new RosterException(RosterCheck.Version);
        }
        RequireNotEnded(parsed, today);
        return new DropState(
            new RosterAnswer(
                chain.First,
                succession is null ? answer.Successors : [.. answer.Successors, succession],
                roster,
                [.. answer.Recipients.Where(statement => Serves(statement, parsed, today))]),
            succession is null ? present.PendingSuccessors : [])
        {
            Earlier = present.Earlier.And([answer.Roster], answer.Recipients.Where(statement => !Serves(statement, parsed, today))),
        };
    }

    /// <summary>A recipient statement: by a reviewer of the present roster, for this drop, not ended, of a higher serial than that reviewer's others.</summary>
    /// <exception cref="RosterException">Refused, and why.</exception>
    public static DropState Recipient(DropState present, SignedStatement statement, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(present);
        ArgumentNullException.ThrowIfNull(statement);
        RosterAnswer answer = present.Answer;
        if (answer.Recipients.Contains(statement))
        {
            return present;
        }
        RequireShort(statement);
        Roster roster = Rosters.Roster.Parse(answer.Roster.Statement.Span);
        (RecipientStatement parsed, int reviewer) = RosterVerifier.VerifyRecipient(statement, roster);
        if (parsed.LastDay < today)
        {
            throw new RosterException(RosterCheck.Expired);
        }
        if (parsed.FirstDay > today.AddDays(RecipientStatement.LongestSpanInDays))
        {
            throw new RosterException(RosterCheck.Span);
        }
        SignedStatement[] kept = [.. answer.Recipients.Where(other => Serves(other, roster, today))];
        // Ended ones count here too: a replayed older statement must not stand in for a newer one that has just ended.
        RecipientStatement[] own = [.. answer.Recipients.Select(s => RecipientStatement.Parse(s.Statement.Span)).Where(s => s.SigningKey.Equals(parsed.SigningKey))];
        if (own.Any(other => other.Serial >= parsed.Serial))
        {
            throw new RosterException(RosterCheck.Version);
        }
        if (kept.Count(s => RosterVerifier.VerifyRecipient(s, roster).Reviewer == reviewer) >= MostStatementsOfAReviewer)
        {
            throw new RosterException(RosterCheck.TooMany);
        }
        return present with
        {
            Answer = answer with { Recipients = [.. kept, statement] },
            Earlier = present.Earlier.And([], answer.Recipients.Except(kept)),
        };
    }

    /// <summary>A successor of the key at the chain's end: held back until its key signs a roster.</summary>
    /// <exception cref="RosterException">Refused, and why.</exception>
    public static DropState Successor(DropState present, SignedStatement successor)
    {
        ArgumentNullException.ThrowIfNull(present);
        ArgumentNullException.ThrowIfNull(successor);
        if (present.PendingSuccessors.Contains(successor) || present.Answer.Successors.Contains(successor))
        {
            return present;
        }
        RequireShort(successor);
        DropKeyChain chain = DropKeyChain.Verify(present.Answer.DropKey, present.Answer.Successors);
        DropKeyChain.Follow(chain.Keys, successor);
        if (present.PendingSuccessors.Count >= MostPendingSuccessors || chain.Keys.Count > DropKeyChain.MostSuccessors)
        {
            throw new RosterException(RosterCheck.TooMany);
        }
        return present with { PendingSuccessors = [.. present.PendingSuccessors, successor] };
    }

    private static SignedStatement? SuccessionTo(SignedStatement roster, DropKeyChain chain, IReadOnlyList<SignedStatement> pending)
    {
        if (!MinisignSignature.TryParse(roster.Signature, out MinisignSignature? signature) || signature.KeyNumber.SequenceEqual(chain.Last.KeyNumber))
        {
            return null;
        }
        byte[] keyNumber = signature.KeyNumber.ToArray();
        return pending.FirstOrDefault(s => Rosters.Successor.Parse(s.Statement.Span).To.KeyNumber.SequenceEqual(keyNumber));
    }

    private static bool Serves(SignedStatement statement, Roster roster, DateOnly today)
    {
        try
        {
            return RosterVerifier.VerifyRecipient(statement, roster).Statement.LastDay >= today;
        }
        catch (RosterException)
        {
            return false;
        }
    }

    internal static void RequireShort(SignedStatement statement)
    {
        if (statement.Statement.Length > LongestStatementInBytes)
        {
            throw new RosterException(RosterCheck.Rule, $"It is longer than {LongestStatementInBytes} bytes.");
        }
    }

    private static void RequireNotEnded(Roster roster, DateOnly today)
    {
        if (roster.Expires < today)
        {
            throw new RosterException(RosterCheck.Expired);
        }
    }
}
