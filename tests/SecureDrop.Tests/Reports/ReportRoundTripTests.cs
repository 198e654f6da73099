using CsCheck;
using SecureDrop.Crypto.Reports;
using SecureDrop.Tests.Age;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Reports;

public sealed class ReportRoundTripTests
{
    private static readonly TestDrop Drop = new();

    public static TheoryData<int[]> AttachmentSizes => [Array.Empty<int>(), new[] { 0 }, new[] { 1, 0, 512 }, new[] { AttachmentDigest.PieceSizeInBytes + 1, 65_536 }];

    [Theory, MemberData(nameof(AttachmentSizes))]
    public void Report_WithAttachments_OpensForEveryReviewerAndNobodyElse(int[] sizes)
    {
        byte[][] contents = [.. sizes.Select(AgeFiles.Random)];
        AttachmentSource[] sources = [.. contents.Select((content, i) => TestDrop.Attach($"../../{i} 漏.pdf", content))];
        Report report = Drop.NewReport("举报", AttachmentSource.Describe(sources));
        byte[] file = Drop.Seal(report, sources);
        foreach (TestReviewer reviewer in Drop.Reviewers)
        {
            RecordingSink sink = new();
            OpenedReport opened = ReportReader.Read(new DribblingStream(new MemoryStream(file), 7777), [reviewer.Identity], Drop.Known, sink);
            Assert.Equal(ReportVerdict.Report, opened.Verdict);
            Assert.Empty(opened.Alarms);
            Assert.True(opened.PassedEveryCheck);
            Assert.Equal(3, opened.RecipientCount);
            Assert.Equal(report.Write(), opened.Report!.Write());
            Assert.Equal(contents, sink.Files);
            Assert.Equal(Enumerable.Range(1, sizes.Length), sink.Numbers);
            Assert.True(sink.Kept && !sink.Discarded);
            Assert.True(SizeClass.IsSealedSize(file.Length, 3, out long plain));
            Assert.Equal(plain, opened.PlaintextSizeInBytes);
        }
        RecordingSink none = new();
        ReportException e = Assert.Throws<ReportException>(() => ReportReader.Read(new MemoryStream(file), [Drop.Former.Identity], Drop.Known, none));
        Assert.Equal((ReportCheck.Age, Crypto.Age.AgeFailure.NoMatch), (e.Check, e.AgeFailure));
        Assert.True(none.Discarded && !none.Kept);
    }

    [Fact]
    public void Report_OfAnyText_IsTheSameAgain() =>
        Gen.Select(Gen.String, Gen.String, Gen.Dictionary(Gen.String[0, 5], Gen.String)[0, 4], Gen.Bool, Gen.String[0, 8]).Sample((message, contact, answers, reward, kind) =>
        {
            Report report = Drop.NewReport(WellFormed(message)) with
            {
                Contact = reward ? WellFormed(contact) : null,
                Answers = answers.DistinctBy(pair => WellFormed(pair.Key)).ToDictionary(pair => WellFormed(pair.Key), pair => WellFormed(pair.Value)),
                Reward = reward,
                Kind = WellFormed(kind),
            };
            Report read = Report.Parse(report.Write());
            Assert.Equal(report.Message, read.Message);
            Assert.Equal(report.Contact, read.Contact);
            Assert.Equal(report.Answers.OrderBy(pair => pair.Key, StringComparer.Ordinal), read.Answers.OrderBy(pair => pair.Key, StringComparer.Ordinal));
            Assert.Equal((report.Id, report.Kind, report.Day, report.Reward), (read.Id, read.Kind, read.Day, read.Reward));
            Assert.Equal(report.Conversation, read.Conversation);
            Assert.Equal(report.Roster.Recipients, read.Roster.Recipients);
        });

    [Fact]
    public void Report_FullToItsLastByte_IsOfTheSmallestClass()
    {
        int room = ReportLimits.MaxJsonWithoutAttachmentsInBytes - Drop.NewReport("").Write().Length;
        byte[] file = Drop.Seal(Drop.NewReport(new string('x', room)));
        Assert.Equal(SizeClass.SmallestInBytes, Drop.Open(file).PlaintextSizeInBytes);
        Assert.Throws<ArgumentException>(() => Drop.Seal(Drop.NewReport(new string('x', room + 1))));
    }

    [Fact]
    public void Decoy_AfterEveryCheck_IsOneAndLeavesNothing()
    {
        AttachmentSource[] sources = [TestDrop.Attach("a", [1])];
        RecordingSink sink = new();
        OpenedReport opened = Drop.Open(Drop.Seal(Drop.NewReport("", AttachmentSource.Describe(sources)) with { Kind = ReportKind.Decoy }, sources), sink);
        Assert.Equal(ReportVerdict.Decoy, opened.Verdict);
        Assert.True(sink.Discarded && !sink.Kept);
    }

    [Fact]
    public void PlainReport_AnyBytes_IsOneOpaqueFile()
    {
        foreach (byte[] content in (byte[][])[[], AgeFiles.Random(99), AgeFiles.Random(70_000), "report.json"u8.ToArray(), [.. "report.jsonX"u8, .. new byte[1000]]])
        {
            RecordingSink sink = new();
            OpenedReport opened = Drop.Open(Drop.SealPlaintext(content), sink);
            Assert.Equal(ReportVerdict.Plain, opened.Verdict);
            Assert.Null(opened.Report);
            Assert.False(opened.PassedEveryCheck);
            Assert.Equal([0], sink.Numbers);
            Assert.Equal(content, Assert.Single(sink.Files));
            Assert.True(sink.Kept);
        }
    }

    [Fact]
    public void ToString_OfWhatASourceWrote_ShowsNothingOfIt()
    {
        Report report = Drop.NewReport("the valve leaks") with { Contact = "+00 0" };
        Assert.Equal(nameof(Report), report.ToString());
        Assert.DoesNotContain(report.Conversation.TagKey, report.Conversation.ToString(), StringComparison.Ordinal);
    }

    private static string WellFormed(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
