using SecureDrop.Crypto.Reports;
using SecureDrop.Tests.Age;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Reports;

public sealed class ReportWriterTests
{
    private static readonly TestDrop Drop = new();

    public static TheoryData<byte[]> Changes => [new byte[] { 1, 2 }, new byte[] { 1, 2, 3, 4 }, new byte[] { 1, 2, 4 }, Array.Empty<byte>()];

    [Theory, MemberData(nameof(Changes))]
    public void Seal_FileThatChangedMeanwhile_IsNamedAndLeavesNoValidFile(byte[] later)
    {
        IReadOnlyList<ReportAttachment> described = AttachmentSource.Describe([TestDrop.Attach("a", [9]), TestDrop.Attach("b", [1, 2, 3])]);
        using MemoryStream file = new();
        AttachmentChangedException e = Assert.Throws<AttachmentChangedException>(() => ReportSealer.Seal(
            file, Drop.Recipients, Drop.NewReport("", described), Drop.Keys.Signing, [TestDrop.Attach("a", [9]), TestDrop.Attach("b", later)]));
        Assert.Equal(2, e.Number);
        if (file.Length > 0)
        {
            Assert.Equal(ReportCheck.Age, Assert.Throws<ReportException>(() => Drop.Open(file.ToArray())).Check);
        }
    }

    [Fact]
    public void Seal_OtherThanTheReportNames_IsMisuse()
    {
        Report report = Drop.NewReport();
        using MemoryStream file = new();
        Assert.Throws<ArgumentException>(() => ReportSealer.Seal(file, [.. Drop.Recipients.Reverse()], report, Drop.Keys.Signing, []));
        Assert.Throws<ArgumentException>(() => ReportSealer.Seal(file, [Drop.Recipients[0]], report, Drop.Keys.Signing, []));
        Assert.Throws<ArgumentException>(() => ReportSealer.Seal(file, Drop.Recipients, report, Drop.DropKey, []));
        Assert.Throws<ArgumentException>(() => ReportSealer.Seal(file, Drop.Recipients, report, Drop.Keys.Signing, [TestDrop.Attach("a", [])]));
        ReportAttachment misnamed = AttachmentSource.Describe([TestDrop.Attach("a", [])])[0] with { Path = "attachments/0002" };
        Assert.Throws<ArgumentException>(() => Drop.Seal(Drop.NewReport("", misnamed), TestDrop.Attach("a", [])));
        AttachmentSource[] many = [.. Enumerable.Repeat(TestDrop.Attach("a", []), ReportLimits.MaxAttachments + 1)];
        Assert.Throws<ArgumentException>(() => Drop.Seal(Drop.NewReport("", AttachmentSource.Describe(many)), many));
        Assert.Equal(0, file.Length);
    }

    [Fact]
    public void Write_HalfOfASurrogatePair_BecomesAReplacementCharacter() =>
        Assert.Equal("a\ufffdb", Report.Parse(Drop.NewReport("a\ud800b").Write()).Message);

    [Fact]
    public void Report_OfTheMostAttachments_Opens()
    {
        AttachmentSource[] many = [.. Enumerable.Range(0, ReportLimits.MaxAttachments).Select(i => TestDrop.Attach("a", [(byte)i]))];
        byte[] file = Drop.Seal(Drop.NewReport("", AttachmentSource.Describe(many)), many);
        RecordingSink sink = new();
        Drop.Open(file, sink);
        Assert.Equal(ReportLimits.MaxAttachments, sink.Files.Count);
    }

    /// <summary>64 MiB through sealer and reader, while neither allocates more than a few pieces' worth.</summary>
    [Fact]
    public void Report_Large_PassesInConstantMemory()
    {
        const int SizeInBytes = 64 << 20;
        AttachmentSource[] sources = [new("a", "", () => new ZeroStream(SizeInBytes))];
        Report report = Drop.NewReport("", AttachmentSource.Describe(sources));
        string path = Path.GetTempFileName();
        try
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            using (FileStream file = File.Create(path))
            {
                ReportSealer.Seal(file, Drop.Recipients, report, Drop.Keys.Signing, sources);
            }
            using (FileStream file = File.OpenRead(path))
            {
                ReportReader.Read(file, [Drop.Reviewers[2].Identity], Drop.Known, new DiscardingAttachmentSink());
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, SizeInBytes / 16);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private sealed class ZeroStream(long length) : Stream
    {
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get => _position; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = (int)Math.Min(count, length - _position);
            Array.Clear(buffer, offset, read);
            _position += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
