using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using Xunit;

namespace SecureDrop.Tests.Age;

public sealed class AgeTruncationTests
{
    private const int SealedChunk = AgeSizes.ChunkSizeInBytes + AgeSizes.TagSizeInBytes;

    private static readonly HybridIdentity Identity = HybridIdentity.Generate();

    [Fact]
    public void Open_TruncatedAnywhereInAShortFile_Fails()
    {
        byte[] file = AgeFiles.Seal(AgeFiles.Random(50), Identity.Recipient);
        int payload = AgeSizes.HeaderSizeInBytes(1) + AgeSizes.PayloadNonceSizeInBytes;
        for (int length = 0; length < file.Length; length++)
        {
            (AgeFailure? failure, byte[] released) = AgeFiles.TryOpen(file[..length], Identity);
            Assert.Equal(length < payload ? AgeFailure.Header : AgeFailure.Payload, failure);
            Assert.Empty(released);
        }
    }

    [Theory]
    [InlineData(AgeSizes.ChunkSizeInBytes * 3)]
    [InlineData((AgeSizes.ChunkSizeInBytes * 3) + 1000)]
    public void Open_TruncatedAroundEveryChunkBoundary_FailsAndReleasesWholeChunks(int sizeInBytes)
    {
        byte[] plaintext = AgeFiles.Random(sizeInBytes);
        byte[] file = AgeFiles.Seal(plaintext, Identity.Recipient);
        int payload = AgeSizes.HeaderSizeInBytes(1) + AgeSizes.PayloadNonceSizeInBytes;
        for (int chunks = 0; chunks <= 3; chunks++)
        {
            foreach (int off in new[] { -1, 0, 1, AgeSizes.TagSizeInBytes, AgeSizes.TagSizeInBytes + 1 })
            {
                int length = payload + (chunks * SealedChunk) + off;
                if (length < payload || length >= file.Length)
                {
                    continue;
                }

                (AgeFailure? failure, byte[] released) = AgeFiles.TryOpen(file[..length], Identity);
                Assert.Equal(AgeFailure.Payload, failure);
                Assert.Equal(plaintext[..((length - payload) / SealedChunk * AgeSizes.ChunkSizeInBytes)], released);
            }
        }
    }

    [Fact]
    public void Open_WithSomethingAfterTheFinalChunk_Fails()
    {
        foreach (int size in AgeFiles.EdgeSizes)
        {
            byte[] file = AgeFiles.Seal(AgeFiles.Random(size), Identity.Recipient);
            Assert.Equal(AgeFailure.Payload, AgeFiles.TryOpen([.. file, 0], Identity).Failure);
            Assert.Equal(AgeFailure.Payload, AgeFiles.TryOpen([.. file, .. file], Identity).Failure);
        }
    }

    [Fact]
    public void Open_WithChunksExchanged_ReleasesNothing()
    {
        byte[] file = AgeFiles.Seal(AgeFiles.Random(AgeSizes.ChunkSizeInBytes * 3), Identity.Recipient);
        int payload = AgeSizes.HeaderSizeInBytes(1) + AgeSizes.PayloadNonceSizeInBytes;
        byte[] exchanged = [.. file[..payload], .. file[(payload + SealedChunk)..(payload + (2 * SealedChunk))], .. file[payload..(payload + SealedChunk)], .. file[(payload + (2 * SealedChunk))..]];
        (AgeFailure? failure, byte[] released) = AgeFiles.TryOpen(exchanged, Identity);
        Assert.Equal(AgeFailure.Payload, failure);
        Assert.Empty(released);
    }

    [Fact]
    public void Read_AfterAFailure_FailsAgain()
    {
        byte[] file = AgeFiles.Seal(AgeFiles.Random(AgeSizes.ChunkSizeInBytes + 10), Identity.Recipient);
        using AgeOpenStream open = AgeOpenStream.Open(new MemoryStream(file[..^1]), [Identity]);
        byte[] buffer = new byte[AgeSizes.ChunkSizeInBytes];
        Assert.Equal(AgeSizes.ChunkSizeInBytes, open.Read(buffer));
        Assert.Throws<AgeFormatException>(() => open.Read(buffer));
        Assert.Throws<AgeFormatException>(() => open.Read(buffer));
    }
}
