using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Reports;

/// <summary>Seals a report to its recipients.</summary>
public static class ReportSealer
{
    /// <summary>
    /// Writes the sealed report to <paramref name="destination"/>, in constant memory. Where it throws, what was written is no valid file, and
    /// the report must not be sealed again under the same id.
    /// </summary>
    /// <param name="destination">Receives the age file; stays open.</param>
    /// <param name="recipients">The recipients, in the roster's order: exactly those that <c>report.roster.recipients</c> names.</param>
    /// <param name="report">The report.</param>
    /// <param name="conversationKey">The conversation key that the report names.</param>
    /// <param name="attachments">The files of <see cref="Report.Attachments"/>, in order.</param>
    /// <exception cref="ArgumentException">Recipients, key or attachments are not those the report names, or a limit is passed.</exception>
    /// <exception cref="AttachmentChangedException">A file is no longer what the report says.</exception>
    public static void Seal(
        Stream destination,
        IReadOnlyList<HybridRecipient> recipients,
        Report report,
        MinisignKeyPair conversationKey,
        IReadOnlyList<AttachmentSource> attachments)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(recipients);
        if (!recipients.Select(ReportRoster.RecipientSha256).SequenceEqual(report.Roster.Recipients, StringComparer.Ordinal))
        {
            throw new ArgumentException("The report does not name these recipients in this order.", nameof(recipients));
        }
        using AgeSealStream plaintext = new(destination, recipients, leaveOpen: true);
        ReportWriter.Write(plaintext, report, conversationKey, attachments);
        plaintext.Complete();
    }
}
