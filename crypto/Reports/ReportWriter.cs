using System.Text;
using SecureDrop.Crypto.Archives;
using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Reports;

/// <summary>Writes the plaintext of a report: the archive of its texts and attachments, padded to its size class.</summary>
public static class ReportWriter
{
    /// <summary>Signs the report and writes the archive, in constant memory.</summary>
    /// <inheritdoc cref="ReportSealer.Seal"/>
    public static void Write(
        Stream destination, Report report, MinisignKeyPair conversationKey, IReadOnlyList<AttachmentSource> attachments)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(conversationKey);
        ArgumentNullException.ThrowIfNull(attachments);
        byte[] json = report.Write();
        Require(report, json.Length, conversationKey, attachments);
        byte[] signature = Encoding.ASCII.GetBytes(SignedStatement.Sign(StatementPurpose.Report, json, conversationKey).Signature);
        long archive = SizeClass.ArchiveSizeInBytes(json.Length, signature.Length, report.Attachments.Select(a => a.SizeInBytes));
        if (archive > SizeClass.LargestInBytes)
        {
            throw new ArgumentException($"The report is larger than {SizeClass.LargestInBytes} bytes.", nameof(report));
        }
        ArchiveWriter writer = new(destination);
        writer.WriteMember(ReportLimits.JsonName, json);
        writer.WriteMember(ReportLimits.SignatureName, signature);
        for (int i = 0; i < attachments.Count; i++)
        {
            WriteAttachment(writer, report.Attachments[i], i + 1, attachments[i]);
        }
        writer.Finish(SizeClass.For(archive));
    }

    private static void Require(
        Report report, int jsonSizeInBytes, MinisignKeyPair conversationKey, IReadOnlyList<AttachmentSource> attachments)
    {
        if (!conversationKey.PublicKey.Equals(report.Conversation.SigningKey))
        {
            throw new ArgumentException("The report names another conversation key.", nameof(conversationKey));
        }
        if (report.Attachments.Count != attachments.Count || report.Attachments.Count > ReportLimits.MaxAttachments)
        {
            throw new ArgumentException(
                $"The report names {report.Attachments.Count} attachments of at most {ReportLimits.MaxAttachments}, and {attachments.Count} are given.",
                nameof(attachments));
        }
        int limit = ReportLimits.MaxJson(report.Attachments.Count);
        if (jsonSizeInBytes > limit)
        {
            throw new ArgumentException($"{ReportLimits.JsonName} has {jsonSizeInBytes} bytes and may have {limit}.", nameof(report));
        }
    }

    private static void WriteAttachment(ArchiveWriter writer, ReportAttachment named, int number, AttachmentSource source)
    {
        if (named.Path != ReportLimits.AttachmentName(number))
        {
            throw new ArgumentException($"Attachment {number} is not named {ReportLimits.AttachmentName(number)}.", nameof(named));
        }
        writer.BeginMember(named.Path, named.SizeInBytes);
        using Stream content = source.Open();
        using AttachmentDigest digest = new();
        byte[] buffer = new byte[64 * 1024];
        long rest = named.SizeInBytes;
        for (int read; (read = content.Read(buffer)) > 0; rest -= read)
        {
            if (read > rest)
            {
                throw new AttachmentChangedException(number);
            }
            digest.Append(buffer.AsSpan(0, read));
            writer.Write(buffer.AsSpan(0, read));
        }
        if (rest > 0 || Convert.ToHexStringLower(digest.Finish()) != named.Sha256)
        {
            throw new AttachmentChangedException(number);
        }
    }
}
