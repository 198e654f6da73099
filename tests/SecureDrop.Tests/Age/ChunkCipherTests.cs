using SecureDrop.Crypto.Age;
using Xunit;

namespace SecureDrop.Tests.Age;

public sealed class ChunkCipherTests
{
    [Fact]
    public void Platform_AndNSec_MakeTheSameChunks()
    {
        byte[] key = AgeFiles.Random(32);
        using var platform = new ChunkCipher(key, usePlatform: true);
        using var nsec = new ChunkCipher(key, usePlatform: false);
        foreach ((ulong index, bool final, int size) in new[] { (0UL, true, 0), (0UL, false, 65_536), (1UL << 40, true, 1000) })
        {
            byte[] plaintext = AgeFiles.Random(size);
            byte[] first = new byte[size + 16];
            byte[] second = new byte[size + 16];
            platform.Seal(index, final, plaintext, first);
            nsec.Seal(index, final, plaintext, second);
            Assert.Equal(first, second);
            byte[] opened = new byte[size];
            Assert.True(nsec.TryOpen(index, final, first, opened));
            Assert.Equal(plaintext, opened);
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public void TryOpen_OfAnotherChunk_LeavesNothingBehind(bool usePlatform)
    {
        using var cipher = new ChunkCipher(AgeFiles.Random(32), usePlatform);
        byte[] sealedChunk = new byte[116];
        cipher.Seal(7, final: false, AgeFiles.Random(100), sealedChunk);
        foreach ((ulong index, bool final) in new[] { (7UL, true), (6UL, false), (7UL + (1UL << 32), false) })
        {
            byte[] opened = AgeFiles.Random(100);
            Assert.False(cipher.TryOpen(index, final, sealedChunk, opened));
            Assert.All(opened, value => Assert.Equal(0, value));
        }
    }
}
