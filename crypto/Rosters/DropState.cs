using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Rosters;

/// <summary>What a server holds of a drop's public statements, all of them accepted by <see cref="RosterAcceptance"/>.</summary>
/// <param name="Answer">What it hands out.</param>
/// <param name="PendingSuccessors">Successors of the key that signs now, held back: one joins the chain with the first roster its key signs.</param>
public sealed record DropState(RosterAnswer Answer, IReadOnlyList<SignedStatement> PendingSuccessors)
{
    /// <summary>What it handed out before, for reviewers who were away.</summary>
    public EarlierStatements Earlier { get; init; } = EarlierStatements.None;
}
