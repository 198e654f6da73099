using System.Buffers;
using System.Security.Cryptography;
using SecureDrop.Crypto.Age;
using Xunit;

namespace SecureDrop.Tests.Age;

public sealed class AgeVectorTests
{
    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(AgeVector.Directory).Select(path => Path.GetFileName(path)).Where(name => name != "README.md").Order(StringComparer.Ordinal)];

    [Fact]
    public void Vectors_AllOfThem_AreHere() => Assert.Equal(143, Names.Count);

    [Theory, MemberData(nameof(Names))]
    public void Vector_Whole_EndsAsExpected(string name)
    {
        AgeVector vector = AgeVector.Load(name);
        Judge(vector, Open(vector, new MemoryStream(vector.File), AgeSizes.ChunkSizeInBytes * 2));
    }

    [Theory, MemberData(nameof(Names))]
    public void Vector_ByteByByte_EndsAsExpected(string name)
    {
        AgeVector vector = AgeVector.Load(name);
        Judge(vector, Open(vector, new DribblingStream(new MemoryStream(vector.File), 1), 1));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Vector_Asynchronously_EndsAsExpected(string name)
    {
        AgeVector vector = AgeVector.Load(name);
        Judge(vector, await OpenAsync(vector, new DribblingStream(new MemoryStream(vector.File), 1000), 70_000));
    }

    [Theory, MemberData(nameof(Names))]
    public void Header_WithoutKey_IsJudgedAlikeByAllReaders(string name)
    {
        AgeVector vector = AgeVector.Load(name);
        if (vector.Armored)
        {
            return;
        }

        OperationStatus status = AgeHeaderReader.TryRead(vector.File, out AgeHeader? header);
        Exception? failure = Record.Exception(() => AgeHeaderReader.Read(new MemoryStream(vector.File)));
        Assert.Equal(status == OperationStatus.Done, failure is null);

        // A header that opens must parse, and be found at exactly its length, never before.
        if (vector.Expected is AgeFailure.Payload or AgeFailure.NoMatch or AgeFailure.Hmac or null)
        {
            Assert.Equal(OperationStatus.Done, status);
            Assert.Equal(OperationStatus.Done, AgeHeaderReader.TryRead(vector.File.AsSpan(0, header!.SizeInBytes), out _));
            for (int length = 0; length < header.SizeInBytes; length++)
            {
                Assert.Equal(OperationStatus.NeedMoreData, AgeHeaderReader.TryRead(vector.File.AsSpan(0, length), out _));
            }
        }
    }

    private static void Judge(AgeVector vector, (AgeFailure? Failure, string Sha256, bool PayloadReached) outcome)
    {
        Assert.Equal(vector.Expected, outcome.Failure);
        if (vector.Expected is not AgeFailure.Armor)
        {
            // Armor may fail on either side of where the payload begins.
            Assert.Equal(vector.PayloadSha256 is not null, outcome.PayloadReached);
        }

        Assert.Equal(vector.PayloadSha256 ?? Convert.ToHexStringLower(SHA256.HashData([])), outcome.Sha256);
    }

    private static (AgeFailure? Failure, string Sha256, bool PayloadReached) Open(AgeVector vector, Stream file, int readSizeInBytes)
    {
        using var released = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AgeFailure? failure = null;
        bool payloadReached = false;
        byte[] buffer = new byte[readSizeInBytes];
        try
        {
            using AgeOpenStream open = AgeOpenStream.Open(vector.Armored ? AgeArmor.OpenReader(file) : file, vector.CreateIdentities());
            payloadReached = true;
            for (int count; (count = open.Read(buffer)) > 0;)
            {
                released.AppendData(buffer.AsSpan(0, count));
            }
        }
        catch (AgeFormatException e)
        {
            failure = e.Failure;
        }

        return (failure, Convert.ToHexStringLower(released.GetHashAndReset()), payloadReached);
    }

    private static async Task<(AgeFailure? Failure, string Sha256, bool PayloadReached)> OpenAsync(AgeVector vector, Stream file, int readSizeInBytes)
    {
        using var released = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AgeFailure? failure = null;
        bool payloadReached = false;
        byte[] buffer = new byte[readSizeInBytes];
        try
        {
            await using AgeOpenStream open = await AgeOpenStream.OpenAsync(vector.Armored ? AgeArmor.OpenReader(file) : file, vector.CreateIdentities());
            payloadReached = true;
            for (int count; (count = await open.ReadAsync(buffer)) > 0;)
            {
                released.AppendData(buffer.AsSpan(0, count));
            }
        }
        catch (AgeFormatException e)
        {
            failure = e.Failure;
        }

        return (failure, Convert.ToHexStringLower(released.GetHashAndReset()), payloadReached);
    }
}
