using CsCheck;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using Xunit;

namespace SecureDrop.Tests.Age;

public sealed class AgeStreamPropertyTests
{
    private static readonly HybridIdentity Identity = HybridIdentity.Generate();

    // Around the chunk's boundaries more often than elsewhere.
    private static readonly Gen<int> PlaintextSize = Gen.OneOf(
        Gen.Int[0, 300], Gen.Select(Gen.Int[0, 3], Gen.Int[-2, 2], (chunks, off) => Math.Max(0, (chunks * AgeSizes.ChunkSizeInBytes) + off)), Gen.Int[0, 300_000]);

    private static readonly Gen<int> PieceSize = Gen.OneOf(Gen.Int[1, 100], Gen.Int[1000, 70_000], Gen.Const(AgeSizes.ChunkSizeInBytes), Gen.Int[65_537, 200_000]);

    [Fact]
    public void SealAndOpen_InAnyPieces_GiveThePlaintextAndTheSizeOfTheFormula() =>
        Gen.Select(PlaintextSize, PieceSize.Array[1, 8], PieceSize.Array[1, 8], PieceSize.Array[1, 8]).Sample(
            (size, written, dribbled, read) =>
            {
                byte[] plaintext = AgeFiles.Random(size);
                byte[] file = SealInPieces(plaintext, written);
                Assert.Equal(AgeSizes.SealedSizeInBytes(1, size), file.Length);
                Assert.Equal(plaintext, OpenInPieces(file, dribbled, read));
            },
            iter: 150);

    [Fact]
    public async Task SealAndOpen_AsynchronouslyInAnyPieces_GiveThePlaintext() =>
        await Gen.Select(PlaintextSize, PieceSize.Array[1, 8], PieceSize.Array[1, 8], PieceSize.Array[1, 8]).SampleAsync(
            async (size, written, dribbled, read) =>
            {
                byte[] plaintext = AgeFiles.Random(size);
                byte[] file = await SealInPiecesAsync(plaintext, written);
                Assert.Equal(AgeSizes.SealedSizeInBytes(1, size), file.Length);
                Assert.Equal(plaintext, await OpenInPiecesAsync(file, dribbled, read));
            },
            iter: 150);

    [Fact]
    public void Open_WithAnyBitFlipped_FailsAndReleasesOnlyTruePlaintext() =>
        Gen.Select(PlaintextSize, Gen.Double[0, 1], Gen.Int[0, 7]).Sample(
            (size, place, bit) =>
            {
                byte[] plaintext = AgeFiles.Random(size);
                byte[] file = AgeFiles.Seal(plaintext, Identity.Recipient);
                // Half of the flips in the header and its neighbourhood, which is small beside the payload.
                int at = bit % 2 == 0 ? (int)(place * (file.Length - 1)) : (int)(place * 1700) % file.Length;
                file[at] ^= (byte)(1 << bit);
                (AgeFailure? failure, byte[] released) = AgeFiles.TryOpen(file, Identity);
                Assert.NotNull(failure);
                Assert.True(released.Length <= plaintext.Length && plaintext.AsSpan().StartsWith(released));
            },
            iter: 500);

    [Fact]
    public void Open_WithAnyBytesForAFile_NeverFailsOtherwiseThanAsAFile() =>
        Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[0, 60]).Sample(
            (noise, keep) =>
            {
                byte[] file = [.. "age-encryption.org/v1\n-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVw\n"u8[..keep], .. noise];
                Assert.Equal(AgeFailure.Header, AgeFiles.TryOpen(file, Identity).Failure);
                AgeHeaderReader.TryRead(file, out _);
            },
            iter: 2000);

    private static byte[] SealInPieces(byte[] plaintext, int[] pieces)
    {
        using var file = new MemoryStream();
        using var seal = new AgeSealStream(file, [Identity.Recipient]);
        int at = 0;
        for (int i = 0; at < plaintext.Length; i++)
        {
            int count = Math.Min(pieces[i % pieces.Length], plaintext.Length - at);
            seal.Write(plaintext.AsSpan(at, count));
            at += count;
            Assert.Equal(at, seal.Position);
        }

        seal.Complete();
        return file.ToArray();
    }

    private static async Task<byte[]> SealInPiecesAsync(byte[] plaintext, int[] pieces)
    {
        using var file = new MemoryStream();
        await using var seal = new AgeSealStream(file, [Identity.Recipient]);
        int at = 0;
        for (int i = 0; at < plaintext.Length; i++)
        {
            int count = Math.Min(pieces[i % pieces.Length], plaintext.Length - at);
            await seal.WriteAsync(plaintext.AsMemory(at, count));
            at += count;
        }

        await seal.CompleteAsync();
        return file.ToArray();
    }

    private static byte[] OpenInPieces(byte[] file, int[] dribbled, int[] read)
    {
        using AgeOpenStream open = AgeOpenStream.Open(Dribble(file, dribbled), [Identity]);
        using var plaintext = new MemoryStream();
        byte[] buffer = new byte[read.Max()];
        int count;
        for (int i = 0; (count = open.Read(buffer.AsSpan(0, read[i % read.Length]))) > 0; i++)
        {
            plaintext.Write(buffer.AsSpan(0, count));
            Assert.Equal(plaintext.Length, open.Position);
        }

        return plaintext.ToArray();
    }

    private static async Task<byte[]> OpenInPiecesAsync(byte[] file, int[] dribbled, int[] read)
    {
        await using AgeOpenStream open = await AgeOpenStream.OpenAsync(Dribble(file, dribbled), [Identity]);
        using var plaintext = new MemoryStream();
        byte[] buffer = new byte[read.Max()];
        int count;
        for (int i = 0; (count = await open.ReadAsync(buffer.AsMemory(0, read[i % read.Length]))) > 0; i++)
        {
            plaintext.Write(buffer.AsSpan(0, count));
        }

        return plaintext.ToArray();
    }

    private static DribblingStream Dribble(byte[] file, int[] sizes)
    {
        int i = 0;
        return new DribblingStream(new MemoryStream(file), () => sizes[i++ % sizes.Length]);
    }
}
