using System.Text.Json;
using CsCheck;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Reports;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Reports;

public sealed class SizeClassTests
{
    [Fact]
    public void Classes_AreSixtySixFromTextTo5GiB()
    {
        Assert.Equal(66, SizeClass.All.Count);
        Assert.Equal([65_536, 81_920, 98_304, 114_688, 131_072], SizeClass.All.Take(5));
        Assert.Equal(5_368_709_120, SizeClass.All[^1]);
        Assert.Equal(SizeClass.All.Order(), SizeClass.All);
    }

    [Fact]
    public void For_TheVectors_IsTheirs()
    {
        JsonElement classes = VectorFile.Json("sizes.json").GetProperty("classes");
        Assert.Equal(10, classes.GetArrayLength());
        Assert.All(classes.EnumerateArray(), vector =>
            Assert.Equal(vector.GetProperty("class").GetInt64(), SizeClass.For(vector.GetProperty("bytes").GetInt64())));
    }

    [Fact]
    public void For_AnyArchive_IsTheSmallestClassAndAtMostAQuarterLarger() =>
        Gen.Long[0, SizeClass.LargestInBytes].Sample(bytes =>
        {
            long size = SizeClass.For(bytes);
            Assert.True(size >= bytes && (size == SizeClass.SmallestInBytes || size < bytes * 1.25));
            Assert.DoesNotContain(SizeClass.All, other => other >= bytes && other < size);
        });

    [Fact]
    public void For_OutOfRange_IsMisuse()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SizeClass.For(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SizeClass.For(SizeClass.LargestInBytes + 1));
    }

    [Fact]
    public void IsSealedSize_EveryClassAndNumber_AndNoneBeside()
    {
        for (int stanzas = 1; stanzas <= 64; stanzas++)
        {
            HashSet<long> sizes = [.. SizeClass.All.Select(plain => AgeSizes.SealedSizeInBytes(stanzas, plain))];
            foreach (long plain in SizeClass.All)
            {
                long sealedBytes = AgeSizes.SealedSizeInBytes(stanzas, plain);
                Assert.True(SizeClass.IsSealedSize(sealedBytes, stanzas, out long found));
                Assert.Equal(plain, found);
                foreach (long beside in (long[])[sealedBytes - 1, sealedBytes + 1, sealedBytes + 16])
                {
                    Assert.False(SizeClass.IsSealedSize(beside, stanzas, out _));
                }
                Assert.Equal(sizes.Contains(sealedBytes + 1557), SizeClass.IsSealedSize(sealedBytes + 1557, stanzas, out _));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    [InlineData(-1)]
    public void IsSealedSize_NoSuchNumberOfStanzas_IsFalse(int stanzas) =>
        Assert.All(SizeClass.All, plain => Assert.False(SizeClass.IsSealedSize(86 + 1557L * stanzas + plain + plain / 4096, stanzas, out _)));

    [Fact]
    public void Archive_OfTheLargestText_IsExactlyTheSmallestClass() => Assert.Equal(
        SizeClass.SmallestInBytes,
        SizeClass.ArchiveSizeInBytes(ReportLimits.MaxJsonWithoutAttachmentsInBytes, ReportLimits.MaxSignatureInBytes, []));
}
