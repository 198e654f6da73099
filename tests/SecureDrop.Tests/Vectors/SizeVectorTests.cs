using System.Text.Json;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Reports;
using Xunit;

namespace SecureDrop.Tests.Vectors;

/// <summary>Size classes and sizes of age files, of every maker.</summary>
public sealed class SizeVectorTests
{
    public static TheoryData<string> Makers => VectorMaker.All;

    [Theory, MemberData(nameof(Makers))]
    public void Size_OfEveryVector_IsOurs(string maker)
    {
        JsonElement index = VectorMaker.IndexOrSkip(maker, "sizes.json");
        JsonElement[] classes = [.. index.Items("classes")];
        Assert.All(classes, v => Assert.Equal(v.GetProperty("class").GetInt64(), SizeClass.For(v.GetProperty("bytes").GetInt64())));
        if (maker.Length > 0)
        {
            Assert.Equal(SizeClass.All, classes.Select(v => v.GetProperty("class").GetInt64()).Distinct());
        }
        Assert.NotEmpty(index.Items("age"));
        Assert.All(index.Items("age"), v => Assert.Equal(
            v.GetProperty("sealed").GetInt64(), AgeSizes.SealedSizeInBytes(v.GetProperty("recipients").GetInt32(), v.GetProperty("plain").GetInt64())));
    }
}
