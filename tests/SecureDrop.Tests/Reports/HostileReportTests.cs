using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SecureDrop.Crypto.Archives;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Reports;
using SecureDrop.Tests.Age;
using SecureDrop.Tests.Archives;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Reports;

/// <summary>What a modified client, or a reviewer who seals anew, could send.</summary>
public sealed class HostileReportTests
{
    private static readonly TestDrop Drop = new();

    public static TheoryData<string> SignedBy => ["conversation key", "another key", "as a reply", "other bytes", "nothing", "too long"];

    public static TheoryData<string> BrokenJson =>
    [
        "format", "id", "kind", "day", "roster", "conversation", "language", "category", "answers", "message", "contact", "reward", "attachments",
        "upper-case id", "short tag key", "no such day", "foreign signing key", "fraction", "answer that is a number", "recipient that is no digest",
    ];

    [Theory, MemberData(nameof(SignedBy))]
    public void Signature_OfAnother_IsRefusedAsWhatItIs(string by)
    {
        byte[] json = Drop.NewReport().Write();
        string signature = by switch
        {
            "conversation key" => Sign(StatementPurpose.Report, json, Drop.Keys.Signing),
            "another key" => Sign(StatementPurpose.Report, json, Drop.DropKey),
            "as a reply" => Sign(StatementPurpose.Reply, json, Drop.Keys.Signing),
            "other bytes" => Sign(StatementPurpose.Report, [.. json, 32], Drop.Keys.Signing),
            "too long" => Drop.Keys.Signing.Sign(json, StatementPurpose.Report.TrustedComment(), new string('c', 512)),
            _ => "",
        };
        ReportCheck? expected = by switch
        {
            "conversation key" => null,
            "another key" => ReportCheck.KeyNumber,
            "as a reply" => ReportCheck.Purpose,
            _ => ReportCheck.Signature,
        };
        Assert.Equal(expected, Check(Text(json, signature)));
    }

    [Theory, MemberData(nameof(BrokenJson))]
    public void Json_MemberMissingOrWrong_IsRefused(string what)
    {
        JsonObject report = JsonNode.Parse(Drop.NewReport().Write())!.AsObject();
        switch (what)
        {
            case "upper-case id":
                report["id"] = "AB" + report["id"]!.GetValue<string>()[2..];
                break;
            case "short tag key":
                report["conversation"]!["tagKey"] = "00";
                break;
            case "no such day":
                report["day"] = "2026-02-30";
                break;
            case "foreign signing key":
                report["conversation"]!["signingKey"] = "RWQ";
                break;
            case "fraction":
                report["roster"]!["version"] = 1.5;
                break;
            case "answer that is a number":
                report["answers"]!["when"] = 1;
                break;
            case "recipient that is no digest":
                report["roster"]!["recipients"]![0] = "x";
                break;
            default:
                Assert.True(report.Remove(what));
                break;
        }
        Assert.Equal(ReportCheck.ReportJson, Check(Signed(Encoding.UTF8.GetBytes(report.ToJsonString()))));
    }

    [Fact]
    public void Json_LargerThanItMayBe_IsRefused()
    {
        int room = ReportLimits.MaxJsonWithoutAttachmentsInBytes - Drop.NewReport("").Write().Length;
        Assert.Null(Check(Signed(Drop.NewReport(new string('x', room)).Write())));
        byte[] larger = Drop.NewReport(new string('x', room + 1)).Write();
        byte[] archive = TarBytes.Archive(81_920, Members(larger));
        Assert.Equal(ReportCheck.ReportJson, Check(archive));
        Assert.Equal(ReportCheck.ReportJson, Check(Signed(Drop.NewReport(new string('x', ReportLimits.MaxJsonInBytes)).Write())));
    }

    [Fact]
    public void Attachment_OtherThanNamed_IsRefusedAndNothingIsKept()
    {
        byte[] right = AgeFiles.Random(1000);
        ReportAttachment named = AttachmentSource.Describe([TestDrop.Attach("a", right)])[0];
        byte[] first = TarBytes.Member("attachments/0001", right);
        byte[][] text = Members(Drop.NewReport("", named).Write());
        Assert.Null(Check(TarBytes.Archive(65_536, [.. text, first])));
        byte[][][] wrong =
        [
            [.. text],
            [.. text, first, TarBytes.Member("attachments/0002", [])],
            [.. text, TarBytes.Member("attachments/0002", right)],
            [.. text, TarBytes.Member("../../etc/cron.d/x", right)],
            [.. text, TarBytes.Member("/etc/passwd", right)],
            [.. text, TarBytes.Member("attachments/0001", AgeFiles.Random(1000))],
            [.. text, TarBytes.Member("attachments/0001", right.AsSpan(1))],
            [.. Members(Drop.NewReport("", named with { Path = "../evil" }).Write()), TarBytes.Member("../evil", right)],
            [.. Members(Drop.NewReport("", named with { Path = "attachments/0002" }).Write()), TarBytes.Member("attachments/0002", right)],
            [.. Members(Drop.NewReport("", named with { SizeInBytes = 1001 }).Write()), first],
            [.. Members(Drop.NewReport("", named, named with { Path = "attachments/0002" }).Write()), first, first],
        ];
        Assert.All(wrong, members => Assert.Equal(ReportCheck.Attachment, Check(TarBytes.Archive(65_536, members))));
    }

    [Fact]
    public void Archive_OfAnotherForm_IsRefused()
    {
        byte[][] text = Members(Drop.NewReport().Write());
        byte[] padding = [.. text[0]];
        padding[^1] = 1;
        byte[] huge = TarBytes.Member("x", []);
        BinaryPrimitives.WriteUInt64BigEndian(huge.AsSpan(124), 0x8000_0000_0000_0000);
        TarBytes.FixChecksum(huge.AsSpan(0, 512));
        byte[] overTheEnd = new byte[512];
        UstarHeader.Write("report.json", 1 << 19, overTheEnd);
        byte[] afterTheEnd = TarBytes.Archive(65_536, text);
        afterTheEnd[^1] = 1;
        byte[][] wrong =
        [
            TarBytes.Archive(65_536, [text[0], TarBytes.Link("report.json.minisig", '2', "/etc/passwd"), text[1]]),
            TarBytes.Archive(65_536, [.. text, TarBytes.Link("attachments/0001", '1', "report.json")]),
            TarBytes.Archive(65_536, [.. text, TarBytes.Link("attachments/0001", '3', "")]),
            TarBytes.Archive(65_536, [.. text, huge]),
            TarBytes.Archive(65_536, [padding, text[1]]),
            TarBytes.Archive(65_536, [overTheEnd, text[1]]),
            afterTheEnd,
            [.. text[0], .. text[1]],
            TarBytes.Archive(0, text)[..^512],
        ];
        Assert.All(wrong, archive => Assert.Equal(ReportCheck.Archive, Check(archive)));
    }

    [Fact]
    public void Plaintext_NotOfTheSmallestClass_IsRefused()
    {
        byte[][] text = Members(Drop.NewReport().Write());
        Assert.Equal(ReportCheck.SizeClass, Check(TarBytes.Archive(0, text)));
        Assert.Equal(ReportCheck.SizeClass, Check(TarBytes.Archive(65_537, text)));
        Assert.Equal(ReportCheck.SizeClass, Check(TarBytes.Archive(81_920, text)));
    }

    [Fact]
    public void Members_InAnotherOrder_AreRefusedOrAPlainReport()
    {
        byte[][] text = Members(Drop.NewReport("", AttachmentSource.Describe([TestDrop.Attach("a", [1])])).Write());
        byte[] attachment = TarBytes.Member("attachments/0001", [1]);
        Assert.Equal(ReportCheck.Signature, Check(TarBytes.Archive(65_536, [text[0], attachment, text[1]])));
        Assert.Equal(ReportVerdict.Plain, Drop.Open(Drop.SealPlaintext(TarBytes.Archive(65_536, [text[1], text[0], attachment]))).Verdict);
    }

    /// <summary>51 MB of members that nothing names: the first of them is enough, and no memory goes with their number.</summary>
    [Fact]
    public void Archive_OfAHundredThousandMembers_IsRefusedAtTheFirst()
    {
        byte[] empty = TarBytes.Member("attachments/0001", []);
        byte[] file = Drop.SealPlaintext(TarBytes.Archive(0, [.. Members(Drop.NewReport().Write()), .. Enumerable.Repeat(empty, 100_000)]));
        RecordingSink sink = new();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(ReportCheck.Attachment, Assert.Throws<ReportException>(() => Drop.Open(file, sink)).Check);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
        Assert.Empty(sink.Numbers);
    }

    [Fact]
    public void Json_NamingMoreThanTheMostAttachments_IsRefused()
    {
        ReportAttachment named = AttachmentSource.Describe([TestDrop.Attach("", [])])[0];
        byte[] json = Drop.NewReport("", [.. Enumerable.Repeat(named, ReportLimits.MaxAttachments + 1)]).Write();
        Assert.InRange(json.Length, 0, ReportLimits.MaxJsonInBytes);
        Assert.Equal(ReportCheck.ReportJson, Check(Signed(json)));
    }

    /// <summary>
    /// Every byte of a report, one after another, changed: refused, or of no consequence. Only the untrusted comment, which nobody signs
    /// or compares, may change without anybody noticing.
    /// </summary>
    [Fact]
    public void Plaintext_AnyByteChanged_IsRefusedOrChangesNothingTrusted()
    {
        byte[] right = AgeFiles.Random(100);
        byte[] json = Drop.NewReport("漏", AttachmentSource.Describe([TestDrop.Attach("a", right)])).Write();
        byte[] plaintext = TarBytes.Archive(65_536, [.. Members(json), TarBytes.Member("attachments/0001", right)]);
        int accepted = 0;
        for (int at = 0; at < plaintext.Length; at += at < 8192 ? 1 : 61)
        {
            byte[] changed = [.. plaintext];
            changed[at] ^= (byte)RandomNumberGenerator.GetInt32(1, 256);
            RecordingSink sink = new();
            try
            {
                ReportContent content = ReportContent.Read(new MemoryStream(changed), sink);
                Assert.Equal(json, content.Json);
                Assert.Equal(right, Assert.Single(sink.Files));
                accepted++;
            }
            catch (ReportException)
            {
            }
        }
        Assert.InRange(accepted, 0, "securedrop/1".Length);
    }

    /// <summary>The age file is judged first: one that was cut on its way is fetched again, whatever else seems wrong with it.</summary>
    [Fact]
    public void File_CutAndHostile_IsRefusedAsCut()
    {
        (byte[] Member, ReportCheck Whole)[] hostile =
        [
            (TarBytes.Member("x", []), ReportCheck.Attachment),
            (TarBytes.Link("x", '2', "/etc/passwd"), ReportCheck.Archive),
        ];
        foreach ((byte[] member, ReportCheck whole) in hostile)
        {
            byte[] file = Drop.SealPlaintext(TarBytes.Archive(200_000, [.. Members(Drop.NewReport().Write()), member]));
            Assert.Equal(whole, Assert.Throws<ReportException>(() => Drop.Open(file)).Check);
            Assert.Equal(ReportCheck.Age, Assert.Throws<ReportException>(() => Drop.Open(file[..^1])).Check);
            Assert.Equal(ReportCheck.Age, Assert.Throws<ReportException>(() => Drop.Open([.. file, 0])).Check);
        }
    }

    private static ReportCheck? Check(byte[] plaintext)
    {
        RecordingSink sink = new();
        ReportException? refused = Record.Exception(() => Drop.Open(Drop.SealPlaintext(plaintext), sink)) switch
        {
            null => null,
            ReportException e => e,
            Exception e => throw new InvalidOperationException("Not refused in order.", e),
        };
        Assert.Equal((refused is null, refused is not null), (sink.Kept, sink.Discarded));
        return refused?.Check;
    }

    private static byte[][] Members(byte[] json) => Members(json, Sign(StatementPurpose.Report, json, Drop.Keys.Signing));

    private static byte[][] Members(byte[] json, string signature) =>
        [TarBytes.Member("report.json", json), TarBytes.Member("report.json.minisig", Encoding.ASCII.GetBytes(signature))];

    private static byte[] Signed(byte[] json) => Text(json, Sign(StatementPurpose.Report, json, Drop.Keys.Signing));

    private static byte[] Text(byte[] json, string signature) => TarBytes.Archive(65_536, Members(json, signature));

    private static string Sign(StatementPurpose purpose, byte[] json, MinisignKeyPair key) => SignedStatement.Sign(purpose, json, key).Signature;
}
