using System.Globalization;
using System.Text.RegularExpressions;
using SecureDrop.Crypto.Archives;
using SecureDrop.Crypto.Replies;
using SecureDrop.Crypto.Reports;
using SecureDrop.Tests.Interop;
using Xunit;

namespace SecureDrop.Tests.Reports;

public sealed class ReportReadmeTests
{
    [Fact]
    public void Readme_Numbers_AreTheCodes()
    {
        string readme = string.Join(
            ' ', File.ReadAllLines(Path.Combine(StockProgram.RepositoryRoot, "crypto", "README.md")).Select(line => line.TrimStart()));
        (string Before, long Number)[] expected =
        [
            ("A header has ", UstarHeader.SizeInBytes),
            ("| 0 | ", UstarHeader.MaxNameLength),
            ($"| `{ReportLimits.JsonName}` | ", ReportLimits.MaxJsonWithoutAttachmentsInBytes),
            ("without attachments, ", ReportLimits.MaxJsonInBytes),
            ($"| `{ReportLimits.SignatureName}` | ", ReportLimits.MaxSignatureInBytes),
            ("`attachments/0002`, … | ", ReportLimits.MaxAttachments),
            ("digests of the pieces of ", AttachmentDigest.PieceSizeInBytes),
            ("**Size classes**: ", SizeClass.SmallestInBytes),
            ("not below the archive: ", SizeClass.All.Count),
            ("of them, up to ", SizeClass.LargestInBytes),
            ("superseded by more than ", KnownRosters.DaysOfGrace),
            ("The plaintext of a reply has exactly ", ReplyPlaintext.SizeInBytes),
            ("`reply.json` (at most ", Reply.MaxJsonInBytes),
            ("`reply.json.minisig` (at most ", ReplyPlaintext.MaxSignatureInBytes),
            ("from 1, at most ", Reply.MaxParts),
            ("| field of a slot (", DeadDropSlot.SizeInBytes),
            ("| `r` | ", DeadDropSlot.RandomSizeInBytes),
            ("| mark | ", DeadDropSlot.MarkSizeInBytes),
            ("| sealed reply | ", DeadDropSlot.SealedReplySizeInBytes),
            ("dead drop's day or at most ", ReplyDays.MaxWaitInDays),
            ("or more than ", ReplyDays.MaxAgeInDays),
            ("| field of a batch, a multiple of ", DeadDropBatch.Multiple),
        ];
        Assert.All(expected, entry =>
            Assert.Matches(Regex.Escape(entry.Before + entry.Number.ToString(CultureInfo.InvariantCulture)) + "(?![0-9])", readme));
        Assert.Contains($"`{Report.Format}`", readme, StringComparison.Ordinal);
        Assert.Contains($"`{Reply.Format}`", readme, StringComparison.Ordinal);
    }
}
