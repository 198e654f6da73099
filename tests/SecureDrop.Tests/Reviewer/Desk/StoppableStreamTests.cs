using SecureDrop.Crypto.Reports;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Tests.Server;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Desk;

public sealed class StoppableStreamTests
{
    [Fact]
    public void Read_StoppedWhileFilesAreBeingWritten_NoneOfThemStays()
    {
        TestDrop drop = new();
        using TemporaryFolder temporary = new();
        string folder = temporary.File("out");
        AttachmentSource[] files = [TestDrop.Attach("a", new byte[3_000_000]), TestDrop.Attach("b", [1])];
        byte[] file = drop.Seal(drop.NewReport("", AttachmentSource.Describe(files)), files);
        using CancellationTokenSource stop = new();
        bool wasThere = false;
        using StoppableStream stream = new(new HalfWay(file, () =>
        {
            wasThere = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length > 0;
            stop.Cancel();
        }), stop.Token);
        Assert.Throws<OperationCanceledException>(() =>
            ReportReader.Read(stream, [drop.Reviewers[0].Identity], drop.Known, new FolderAttachmentSink(folder)));
        Assert.True(wasThere, "no file had been begun");
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    private sealed class HalfWay(byte[] bytes, Action then) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer)
        {
            int read = base.Read(buffer);
            if (Position > Length / 2 && Position - read <= Length / 2)
            {
                then();
            }

            return read;
        }
    }
}
