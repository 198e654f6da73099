using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Rosters;

/// <summary>The answer of <c>GET /api/v1/roster</c>: a roster with all that is needed to check it. Nothing in it is verified yet.</summary>
/// <param name="DropKey">The drop's first key.</param>
/// <param name="Successors">Signed successors, oldest first.</param>
/// <param name="Roster">The signed roster.</param>
/// <param name="Recipients">Signed recipient statements, in any order.</param>
public sealed record RosterAnswer(
    MinisignPublicKey DropKey, IReadOnlyList<SignedStatement> Successors, SignedStatement Roster, IReadOnlyList<SignedStatement> Recipients)
{
    /// <summary>The largest answer that is read.</summary>
    public const int LargestInBytes = 8 * 1024 * 1024;

    /// <summary>Reads the answer.</summary>
    /// <exception cref="RosterException">Check <see cref="RosterCheck.Malformed"/>.</exception>
    public static RosterAnswer Parse(ReadOnlySpan<byte> utf8) => throw new NotSupportedException("Follows.");

    /// <summary>Writes the answer.</summary>
    public byte[] Write() => throw new NotSupportedException("Follows.");
}
