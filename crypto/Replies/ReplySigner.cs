using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;

namespace SecureDrop.Crypto.Replies;

/// <summary>Who signed a reply.</summary>
/// <param name="SigningKey">Its signing key.</param>
/// <param name="Name">Its name per language as the roster says, or null.</param>
/// <param name="LastDay">Null for a reviewer; for a former one the last day on which it could sign.</param>
public sealed record ReplySigner(MinisignPublicKey SigningKey, IReadOnlyDictionary<string, string>? Name, DateOnly? LastDay)
{
    /// <summary>Whether it has left the drop.</summary>
    public bool IsFormer => LastDay is not null;

    /// <summary>All who may sign replies: the roster's reviewers, then the former ones.</summary>
    internal static IEnumerable<ReplySigner> Of(Roster roster) =>
    [
        .. roster.Reviewers.Select(reviewer => new ReplySigner(reviewer.SigningKey, reviewer.Name, null)),
        .. roster.Former.Select(former => new ReplySigner(former.SigningKey, former.Name, former.LastDay)),
    ];
}
