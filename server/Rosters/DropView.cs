using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;

namespace SecureDrop.Server.Rosters;

/// <summary>The accepted statements of a drop at one revision, with the answers' bytes as they are handed out.</summary>
public sealed record DropView(long Revision, DropState State, Roster Roster, ReadOnlyMemory<byte> Answer, ReadOnlyMemory<byte> Earlier)
{
    /// <summary>The reviewer with this session key, or null.</summary>
    public RosterReviewer? ReviewerOf(MinisignPublicKey sessionKey) =>
        Roster.Reviewers.FirstOrDefault(reviewer => reviewer.SessionKey.Equals(sessionKey));
}
