using SecureDrop.Crypto.Reports;
using SecureDrop.Tests.Interop;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Reports;

public sealed class FolderAttachmentSinkTests : IDisposable
{
    private static readonly TestDrop Drop = new();
    private static readonly AttachmentSource[] Sources = [TestDrop.Attach("../../../etc/passwd", [1, 2]), TestDrop.Attach("", [])];

    private readonly TemporaryDirectory _directory = new();

    private string Folder => Path.Combine(_directory.Path, "out");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Report_ThatHolds_LeavesItsFilesUnderNumbersAndNothingElse()
    {
        FolderAttachmentSink sink = new(Folder);
        Drop.Open(Drop.Seal(Drop.NewReport("", AttachmentSource.Describe(Sources)), Sources), sink);
        Assert.Equal([Path.Combine(Folder, "0001"), Path.Combine(Folder, "0002")], sink.Paths);
        Assert.Equal(["0001", "0002"], Everything());
        Assert.Equal([1, 2], File.ReadAllBytes(sink.Paths[0]));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(sink.Paths[0]));
        }
    }

    /// <summary>The last attachment is wrong: the first, which was right, gets no name either, and has none at any time before.</summary>
    [Fact]
    public void Report_ThatFailsAtItsEnd_LeavesNothing()
    {
        IReadOnlyList<ReportAttachment> described = AttachmentSource.Describe(Sources);
        byte[] file = Drop.Seal(Drop.NewReport("", described), Sources);
        FolderAttachmentSink sink = new(Folder);
        WatchingStream watched = new(file[..^1], () => Assert.DoesNotContain(Directory.Exists(Folder) ? Directory.GetFiles(Folder) : [], _ => true));
        Assert.Throws<ReportException>(() => ReportReader.Read(watched, [Drop.Reviewers[0].Identity], Drop.Known, sink));
        Assert.Empty(Everything());
        Assert.Empty(sink.Paths);
    }

    [Fact]
    public void Decoy_WithFiles_LeavesNothing()
    {
        byte[] file = Drop.Seal(Drop.NewReport("", AttachmentSource.Describe(Sources)) with { Kind = ReportKind.Decoy }, Sources);
        Drop.Open(file, new FolderAttachmentSink(Folder));
        Assert.Empty(Everything());
    }

    [Fact]
    public void Folder_WithSuchAFile_IsNotOverwritten()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "0002"), "mine");
        byte[] file = Drop.Seal(Drop.NewReport("", AttachmentSource.Describe(Sources)), Sources);
        Assert.Throws<IOException>(() => Drop.Open(file, new FolderAttachmentSink(Folder)));
        Assert.Equal(["0002"], Everything());
        Assert.Equal("mine", File.ReadAllText(Path.Combine(Folder, "0002")));
    }

    [Fact]
    public void PlainReport_IsOneFile()
    {
        Drop.Open(Drop.SealPlaintext([7]), new FolderAttachmentSink(Folder));
        Assert.Equal([FolderAttachmentSink.PlainName], Everything());
    }

    private string[] Everything() => Directory.Exists(Folder)
        ? [.. Directory.GetFileSystemEntries(Folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path)).Order(StringComparer.Ordinal)]
        : [];

    private sealed class WatchingStream(byte[] bytes, Action onRead) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer)
        {
            onRead();
            return base.Read(buffer);
        }
    }
}
