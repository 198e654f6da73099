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
    public static VerifiedRoster Verify(RosterAnswer answer, MinisignPublicKey? linkKey, DateOnly today) => throw new NotSupportedException("Follows.");

    /// <summary>Verifies one recipient statement against a roster: signed by one of its reviewers, for this drop, of at most 31 days.</summary>
    /// <exception cref="RosterException">It is not to be sealed to, and why.</exception>
    public static (RecipientStatement Statement, int Reviewer) VerifyRecipient(SignedStatement statement, Roster roster) => throw new NotSupportedException("Follows.");
}
