using System.Text.Json;
using SecureDrop.Crypto.Age;
using SecureDrop.Tests.Interop;
using Xunit;

namespace SecureDrop.Tests.Age;

public sealed class AgeSizesTests
{
    [Fact]
    public void SealedSize_OfTheVectors_IsTheirs()
    {
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(StockProgram.RepositoryRoot, "tests", "vectors", "sizes.json")));
        JsonElement entries = vectors.RootElement.GetProperty("age");
        Assert.Equal(12, entries.GetArrayLength());
        foreach (JsonElement entry in entries.EnumerateArray())
        {
            int recipients = entry.GetProperty("recipients").GetInt32();
            long plain = entry.GetProperty("plain").GetInt64();
            long sealedSize = entry.GetProperty("sealed").GetInt64();
            Assert.Equal(sealedSize, AgeSizes.SealedSizeInBytes(recipients, plain));
            Assert.Equal(86 + (1557L * recipients) + plain + (16 * Math.Max(1, (plain + 65535) / 65536)), sealedSize);
        }
    }

    [Fact]
    public void PlaintextSize_IsTheInverseAndTakesNoSizeThatNoFileHas()
    {
        for (int recipients = 1; recipients <= 3; recipients++)
        {
            var possible = new Dictionary<long, long>();
            foreach (long plain in Enumerable.Range(0, 40).Concat(Enumerable.Range(65_500, 100)).Concat(Enumerable.Range(131_040, 100)))
            {
                possible[AgeSizes.SealedSizeInBytes(recipients, plain)] = plain;
            }

            foreach (long around in new long[] { 0, 65_536, 131_072 })
            {
                long middle = AgeSizes.SealedSizeInBytes(recipients, around);
                for (long size = middle - 20; size <= middle + 20; size++)
                {
                    bool found = AgeSizes.TryGetPlaintextSize(recipients, size, out long plain);
                    Assert.Equal(possible.TryGetValue(size, out long expected), found);
                    Assert.Equal(expected, plain);
                }
            }
        }
    }

    [Fact]
    public void Sizes_BelowTheLeast_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => AgeSizes.SealedSizeInBytes(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => AgeSizes.SealedSizeInBytes(1, -1));
        Assert.False(AgeSizes.TryGetPlaintextSize(1, long.MinValue / 2, out _));
    }
}
