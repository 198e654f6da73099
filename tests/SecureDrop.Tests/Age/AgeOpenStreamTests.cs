using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using Xunit;

namespace SecureDrop.Tests.Age;

public sealed class AgeOpenStreamTests
{
    [Fact]
    public void Open_AmongSeveralIdentities_SaysWhichMatched()
    {
        using HybridIdentity first = HybridIdentity.Generate();
        using HybridIdentity second = HybridIdentity.Generate();
        using var passphrase = new ScryptPassphrase("pass"u8);
        byte[] file = AgeFiles.Seal([1, 2, 3], second.Recipient);
        using AgeOpenStream open = AgeOpenStream.Open(new MemoryStream(file), [passphrase, first, second]);
        Assert.Equal(2, open.MatchedIdentity);
        Assert.Equal(AgeSizes.HeaderSizeInBytes(1), open.Header.SizeInBytes);
    }

    [Fact]
    public void Open_WithoutIdentities_IsRefused() =>
        Assert.Throws<ArgumentException>(() => AgeOpenStream.Open(new MemoryStream(), []));

    [Fact]
    public void Open_HeaderOfManyRecipients_LosesNoByteOfThePayload()
    {
        // 64 recipients are more than one step of the header's buffer.
        HybridIdentity[] identities = [.. Enumerable.Range(0, 64).Select(_ => HybridIdentity.Generate())];
        byte[] plaintext = AgeFiles.Random(200_000);
        byte[] file = AgeFiles.Seal(plaintext, [.. identities.Select(identity => identity.Recipient)]);
        Assert.Equal(AgeSizes.SealedSizeInBytes(64, plaintext.Length), file.Length);
        Assert.Equal(plaintext, AgeFiles.Open(file, identities[63]));
        Assert.Equal(plaintext, AgeFiles.Open(file, identities[0]));
    }

    [Fact]
    public void Open_WithTheMacOfAnotherFile_FailsAsHmac()
    {
        using HybridIdentity identity = HybridIdentity.Generate();
        byte[] file = AgeFiles.Seal([1], identity.Recipient);
        byte[] other = AgeFiles.Seal([1], identity.Recipient);
        int mac = AgeSizes.HeaderSizeInBytes(1) - AgeSizes.MacLineSizeInBytes;
        other.AsSpan(mac, AgeSizes.MacLineSizeInBytes).CopyTo(file.AsSpan(mac));
        Assert.Equal(AgeFailure.Hmac, AgeFiles.TryOpen(file, identity).Failure);
    }

    [Fact]
    public void Dispose_ClosesTheSourceUnlessToldOtherwise()
    {
        using HybridIdentity identity = HybridIdentity.Generate();
        byte[] file = AgeFiles.Seal([1], identity.Recipient);
        using var kept = new MemoryStream(file);
        AgeOpenStream.Open(kept, [identity], leaveOpen: true).Dispose();
        Assert.True(kept.CanRead);
        using var closed = new MemoryStream(file);
        AgeOpenStream.Open(closed, [identity]).Dispose();
        Assert.False(closed.CanRead);
    }

    [Fact]
    public void Open_64MiB_AllocatesNoMoreThanASmallFile()
    {
        using HybridIdentity identity = HybridIdentity.Generate();
        byte[] file = AgeFiles.Seal(new byte[64 * 1024 * 1024], identity.Recipient);
        using var source = new MemoryStream(file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        using (AgeOpenStream open = AgeOpenStream.Open(source, [identity]))
        {
            open.CopyTo(Stream.Null);
            Assert.Equal(64 * 1024 * 1024, open.Position);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 512 * 1024);
    }
}
