using System.Text;
using SecureDrop.Crypto.Archives;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Reports;

/// <summary>The archive of a report, read member by member and checked as it comes.</summary>
internal sealed record ReportContent(Report Report, byte[] Json)
{
    /// <exception cref="ReportException">The first check that does not hold.</exception>
    public static ReportContent Read(Stream plaintext, IAttachmentSink sink)
    {
        ArchiveReader archive = new(plaintext);
        try
        {
            ReportContent content = ReadMembers(archive, sink);
            long length = archive.ReadEnd();
            if (length > SizeClass.LargestInBytes || archive.Position != SizeClass.For(length))
            {
                throw new ReportException(ReportCheck.SizeClass, "The plaintext is not of the smallest size class for its archive.");
            }
            return content;
        }
        catch (ArchiveFormatException e)
        {
            throw new ReportException(ReportCheck.Archive, e.Message, e);
        }
    }

    /// <summary>The members up to the first end block.</summary>
    private static ReportContent ReadMembers(ArchiveReader archive, IAttachmentSink sink)
    {
        try
        {
            byte[] json = ReadJson(archive);
            Report report = Parse(json);
            VerifySignature(archive, json, report);
            for (int i = 0; i < report.Attachments.Count; i++)
            {
                ReadAttachment(archive, report.Attachments[i], i + 1, sink);
            }
            return archive.ReadHeader() is null
                ? new ReportContent(report, json)
                : throw new ReportException(ReportCheck.Attachment, $"The archive has a member that {ReportLimits.JsonName} does not name.");
        }
        catch (ReportException)
        {
            // Whether it is an archive at all comes before what its members say.
            archive.ReadRest(ReportLimits.MaxAttachments + 2);
            throw;
        }
    }

    private static byte[] ReadJson(ArchiveReader archive)
    {
        ArchiveMember? member = archive.ReadHeader();
        if (member?.Name != ReportLimits.JsonName)
        {
            throw new ReportException(ReportCheck.Archive, $"The archive does not begin with {ReportLimits.JsonName}.");
        }
        // Before a byte is allocated: the header may say 8 GiB.
        return member.Value.SizeInBytes <= ReportLimits.MaxJsonInBytes
            ? archive.ReadContent(member.Value)
            : throw new ReportException(ReportCheck.ReportJson, $"{ReportLimits.JsonName} is larger than {ReportLimits.MaxJsonInBytes} bytes.");
    }

    private static Report Parse(byte[] json)
    {
        Report report;
        try
        {
            report = Report.Parse(json);
        }
        catch (StrictJsonException e)
        {
            throw new ReportException(ReportCheck.ReportJson, $"{ReportLimits.JsonName}: {e.Message}", e);
        }
        int limit = ReportLimits.MaxJson(report.Attachments.Count);
        return json.Length <= limit
            ? report
            : throw new ReportException(ReportCheck.ReportJson, $"{ReportLimits.JsonName} has {json.Length} bytes and may have {limit}.");
    }

    private static void VerifySignature(ArchiveReader archive, byte[] json, Report report)
    {
        ArchiveMember? member = archive.ReadHeader();
        if (member?.Name != ReportLimits.SignatureName || member.Value.SizeInBytes > ReportLimits.MaxSignatureInBytes)
        {
            throw new ReportException(
                ReportCheck.Signature, $"{ReportLimits.SignatureName} does not come second, or has more than {ReportLimits.MaxSignatureInBytes} bytes.");
        }
        // Bytes that are no ASCII become '?', which is in no signature's spelling but a comment's, and comments are compared or ignored.
        string signature = Encoding.ASCII.GetString(archive.ReadContent(member.Value));
        if (!new SignedStatement(StatementPurpose.Report, json, signature).TryVerify(report.Conversation.SigningKey, out SignatureCheck? failed))
        {
            throw new ReportException(
                failed switch
                {
                    SignatureCheck.KeyNumber => ReportCheck.KeyNumber,
                    SignatureCheck.Purpose => ReportCheck.Purpose,
                    _ => ReportCheck.Signature,
                },
                $"{ReportLimits.SignatureName} is not the conversation key's signature of {ReportLimits.JsonName} as a report.");
        }
    }

    private static void ReadAttachment(ArchiveReader archive, ReportAttachment named, int number, IAttachmentSink sink)
    {
        if (archive.ReadHeader() is not { } member
            || member.Name != ReportLimits.AttachmentName(number)
            || member.Name != named.Path
            || member.SizeInBytes != named.SizeInBytes)
        {
            throw new ReportException(ReportCheck.Attachment, $"Attachment {number} is not there as {ReportLimits.JsonName} names it.");
        }
        using AttachmentDigest digest = new();
        using (Stream file = sink.Create(number, member.SizeInBytes))
        {
            byte[] buffer = new byte[64 * 1024];
            for (int read; (read = archive.Read(buffer)) > 0;)
            {
                digest.Append(buffer.AsSpan(0, read));
                file.Write(buffer, 0, read);
            }
        }
        if (Convert.ToHexStringLower(digest.Finish()) != named.Sha256)
        {
            throw new ReportException(ReportCheck.Attachment, $"The content of attachment {number} is not what {ReportLimits.JsonName} says.");
        }
    }
}
