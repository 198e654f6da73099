using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Rosters;

/// <summary>The drop's keys, from its first to the one that signs now, each named by the one before; none stands twice.</summary>
public sealed class DropKeyChain
{
    /// <summary>The most successors that are read.</summary>
    public const int MostSuccessors = 64;

    private DropKeyChain(IReadOnlyList<MinisignPublicKey> keys) => Keys = keys;

    /// <summary>The keys, oldest first; at least one.</summary>
    public IReadOnlyList<MinisignPublicKey> Keys { get; }

    /// <summary>The drop's first key.</summary>
    public MinisignPublicKey First => Keys[0];

    /// <summary>The key that signs now.</summary>
    public MinisignPublicKey Last => Keys[^1];

    /// <summary>Verifies successors, oldest first.</summary>
    /// <exception cref="RosterException">Check <see cref="RosterCheck.Chain"/>: one is malformed, is not signed by the key before it or does not
    /// begin with it; <see cref="RosterCheck.ChainRepeats"/>, or <see cref="RosterCheck.TooMany"/>.</exception>
    public static DropKeyChain Verify(MinisignPublicKey first, IReadOnlyList<SignedStatement> successors)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(successors);
        if (successors.Count > MostSuccessors)
        {
            throw new RosterException(RosterCheck.TooMany);
        }
        var keys = new List<MinisignPublicKey> { first };
        foreach (SignedStatement signed in successors)
        {
            try
            {
                keys.Add(Follow(keys, signed).To);
            }
            catch (RosterException e) when (e.Check is not RosterCheck.ChainRepeats)
            {
                // Whatever is wrong with a successor, the chain breaks there; the roster's own signature is another matter.
                throw new RosterException(RosterCheck.Chain, e.Check is RosterCheck.Chain ? null : e.Message, e);
            }
        }
        return new DropKeyChain(keys);
    }

    /// <summary>Verifies a successor of the last of these keys.</summary>
    internal static Successor Follow(IReadOnlyList<MinisignPublicKey> keys, SignedStatement signed)
    {
        Successor successor = Successor.Parse(signed.Statement.Span);
        if (!successor.From.Equals(keys[^1]))
        {
            throw new RosterException(RosterCheck.Chain);
        }
        signed.VerifyBy(successor.From);
        // A key that came back could undo its own succession: whoever stole it would sign again.
        return keys.Contains(successor.To) ? throw new RosterException(RosterCheck.ChainRepeats) : successor;
    }
}
