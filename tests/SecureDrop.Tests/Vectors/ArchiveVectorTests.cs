using System.Security.Cryptography;
using System.Text.Json;
using SecureDrop.Crypto.Archives;
using SecureDrop.Tests.Archives;
using Xunit;

namespace SecureDrop.Tests.Vectors;

/// <summary>Archives of our own makers: their members, or that they are none.</summary>
public sealed class ArchiveVectorTests
{
    [Theory]
    [InlineData("own/")]
    [InlineData("page/")]
    public void Archive_OfEveryVector_HasItsMembersOrIsRefused(string maker)
    {
        JsonElement[] vectors = [.. VectorMaker.IndexOrSkip(maker, "archives.json").Items("archives")];
        Assert.Contains(vectors, v => v.GetProperty("members").ValueKind == JsonValueKind.Null);
        Assert.All(vectors, v =>
        {
            byte[] archive = VectorMaker.Read(maker, v.Text("file"));
            if (v.GetProperty("members").ValueKind == JsonValueKind.Null)
            {
                Assert.Throws<ArchiveFormatException>(() => TarBytes.Read(archive));
                return;
            }
            Assert.Equal(
                v.Items("members").Select(member => (member.Text("name"), member.GetProperty("bytes").GetInt32(), member.Text("sha256"))),
                TarBytes.Read(archive).Select(member => (member.Name, member.Content.Length, Convert.ToHexStringLower(SHA256.HashData(member.Content)))));
        });
    }
}
