using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Rosters;

/// <summary>The drop's keys, from its first to the one that signs now, each named by the one before; none stands twice.</summary>
public sealed class DropKeyChain
{
    /// <summary>The most successors that are read.</summary>
    public const int MostSuccessors = 64;

    /// <summary>The keys, oldest first; at least one.</summary>
    public IReadOnlyList<MinisignPublicKey> Keys => throw new NotSupportedException("Follows.");

    /// <summary>The drop's first key.</summary>
    public MinisignPublicKey First => Keys[0];

    /// <summary>The key that signs now.</summary>
    public MinisignPublicKey Last => Keys[^1];

    /// <summary>Verifies successors, oldest first.</summary>
    /// <exception cref="RosterException">One is malformed, is not signed by the key before it, does not begin with it, or repeats a key.</exception>
    public static DropKeyChain Verify(MinisignPublicKey first, IReadOnlyList<SignedStatement> successors) => throw new NotSupportedException("Follows.");
}
