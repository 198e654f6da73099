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

    /// <summary>Successors of one key that are held back at a time.</summary>
    public const int MostPendingSuccessors = 8;

    /// <summary>The first roster, with the successors of a drop that is older than the server.</summary>
    /// <param name="roster">Signed by the last key of the chain.</param>
    /// <param name="successors">Oldest first; empty for a new drop.</param>
    /// <param name="pinned">The drop key in the server's configuration, which must stand in the chain, or null.</param>
    /// <param name="today">UTC.</param>
    /// <exception cref="RosterException">Refused, and why.</exception>
    public static DropState FirstRoster(SignedStatement roster, IReadOnlyList<SignedStatement> successors, MinisignPublicKey? pinned, DateOnly today) =>
        throw new NotSupportedException("Follows.");

    /// <summary>A later roster: by the key at the chain's end, or by a successor held back; same drop, higher version, not ended.</summary>
    /// <exception cref="RosterException">Refused, and why.</exception>
    public static DropState NextRoster(DropState present, SignedStatement roster, DateOnly today) => throw new NotSupportedException("Follows.");

    /// <summary>A recipient statement: by a reviewer of the present roster, for this drop, not ended, of a higher serial than that reviewer's others.</summary>
    /// <exception cref="RosterException">Refused, and why.</exception>
    public static DropState Recipient(DropState present, SignedStatement statement, DateOnly today) => throw new NotSupportedException("Follows.");

    /// <summary>A successor of the key at the chain's end: held back until its key signs a roster.</summary>
    /// <exception cref="RosterException">Refused, and why.</exception>
    public static DropState Successor(DropState present, SignedStatement successor) => throw new NotSupportedException("Follows.");
}
