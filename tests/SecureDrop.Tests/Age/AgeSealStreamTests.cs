using System.Security.Cryptography;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using Xunit;

namespace SecureDrop.Tests.Age;

public sealed class AgeSealStreamTests
{
    private static readonly HybridIdentity Identity = HybridIdentity.Generate();

    [Fact]
    public void Recipients_None_AreRefused() =>
        Assert.Throws<ArgumentException>(() => new AgeSealStream(new MemoryStream(), []));

    [Fact]
    public void Recipients_PassphraseBesideAnother_AreRefused()
    {
        using var passphrase = new ScryptPassphrase("pass"u8, workFactorLog2: 1);
        Assert.Throws<ArgumentException>(() => new AgeSealStream(new MemoryStream(), [passphrase, Identity.Recipient]));
        Assert.Throws<ArgumentException>(() => new AgeSealStream(new MemoryStream(), [passphrase, passphrase]));
    }

    [Fact]
    public void Recipients_OfDifferentKinds_AreRefused() =>
        Assert.Throws<ArgumentException>(() => new AgeSealStream(new MemoryStream(), [Identity.Recipient, new OtherRecipient()]));

    [Fact]
    public void Dispose_WithoutComplete_LeavesNoFileThatOpens()
    {
        foreach (int size in AgeFiles.EdgeSizes)
        {
            using var file = new MemoryStream();
            using (var seal = new AgeSealStream(file, [Identity.Recipient], leaveOpen: true))
            {
                seal.Write(AgeFiles.Random(size));
            }

            Assert.NotNull(AgeFiles.TryOpen(file.ToArray(), Identity).Failure);
        }
    }

    [Fact]
    public void Complete_AfterAFailedWrite_IsRefused()
    {
        using var file = new FailingStream(failAtByte: 100_000);
        using var seal = new AgeSealStream(file, [Identity.Recipient]);
        Assert.Throws<IOException>(() => seal.Write(AgeFiles.Random(300_000)));
        file.FailAtByte = long.MaxValue;
        Assert.Throws<InvalidOperationException>(seal.Complete);
        Assert.False(seal.CanWrite);
    }

    [Fact]
    public async Task CompleteAsync_Cancelled_LeavesNoFileThatOpens()
    {
        using var file = new MemoryStream();
        await using var seal = new AgeSealStream(file, [Identity.Recipient]);
        await seal.WriteAsync(AgeFiles.Random(10));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => seal.CompleteAsync(new CancellationToken(canceled: true)));
        Assert.Throws<InvalidOperationException>(seal.Complete);
        Assert.NotNull(AgeFiles.TryOpen(file.ToArray(), Identity).Failure);
    }

    [Fact]
    public void Write_AfterComplete_IsRefused()
    {
        using var seal = new AgeSealStream(new MemoryStream(), [Identity.Recipient]);
        seal.Complete();
        Assert.Throws<InvalidOperationException>(() => seal.Write([1]));
        Assert.Throws<InvalidOperationException>(seal.Complete);
    }

    [Fact]
    public void Seal_TheSamePlaintextTwice_SharesNoBytesOfKeyOrPayload()
    {
        byte[] plaintext = new byte[1000];
        byte[] first = AgeFiles.Seal(plaintext, Identity.Recipient);
        byte[] second = AgeFiles.Seal(plaintext, Identity.Recipient);
        int payload = AgeSizes.HeaderSizeInBytes(1);
        int equal = Enumerable.Range(payload, first.Length - payload).Count(i => first[i] == second[i]);
        Assert.InRange(equal, 0, 30);
    }

    [Fact]
    public void Seal_256MiB_AllocatesNoMoreThanASmallFile()
    {
        byte[] piece = new byte[1024 * 1024];
        long before = GC.GetAllocatedBytesForCurrentThread();
        using (var seal = new AgeSealStream(Stream.Null, [Identity.Recipient]))
        {
            for (int i = 0; i < 256; i++)
            {
                seal.Write(piece);
            }

            seal.Complete();
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 512 * 1024);
    }

    private sealed class OtherRecipient : IAgeRecipient
    {
        public AgeStanza Wrap(ReadOnlySpan<byte> fileKey) => new("other", [], RandomNumberGenerator.GetBytes(32));
    }

    private sealed class FailingStream(long failAtByte) : MemoryStream
    {
        internal long FailAtByte { get; set; } = failAtByte;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Length + buffer.Length > FailAtByte)
            {
                throw new IOException("No space left on device.");
            }

            base.Write(buffer);
        }
    }
}
