using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Reports;

/// <summary>The public side of a codename, by which the reviewers answer and recognise.</summary>
/// <param name="Recipient">What replies are sealed to. Kept as the source wrote it: where it is no <c>age1pq1…</c>, the report is read and
/// cannot be answered.</param>
/// <param name="SigningKey">The conversation key, which signed the report.</param>
/// <param name="TagKey">HMAC key by which the source finds its replies; lower-case hex, 64 characters.</param>
public sealed record ReportConversation(string Recipient, MinisignPublicKey SigningKey, string TagKey)
{
    /// <summary>The signing key alone: who holds the tag key can count what a source is answered.</summary>
    public override string ToString() => SigningKey.Text;
}
