using System.Security.Cryptography;
using System.Text;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Rosters;

namespace SecureDrop.Crypto.Reports;

/// <summary>What a report says it was sealed to.</summary>
/// <param name="Version">Version of the roster.</param>
/// <param name="Sha256">SHA-256 of the roster's bytes as signed, lower-case hex.</param>
/// <param name="Recipients">SHA-256 of each recipient's text, lower-case hex, in the order of the stanzas.</param>
public sealed record ReportRoster(long Version, string Sha256, IReadOnlyList<string> Recipients)
{
    /// <summary>What a report sealed to today's recipients of this roster has to say.</summary>
    public static ReportRoster For(VerifiedRoster roster)
    {
        ArgumentNullException.ThrowIfNull(roster);
        return new ReportRoster(
            roster.Roster.Version,
            Convert.ToHexStringLower(roster.Sha256.Span),
            [.. roster.Recipients.Select(chosen => RecipientSha256(chosen.Key))]);
    }

    /// <summary>SHA-256 of a recipient's text, lower-case hex.</summary>
    public static string RecipientSha256(HybridRecipient recipient)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(recipient.Text)));
    }
}
