using System.Security.Cryptography;
using System.Text.Json;
using CsCheck;
using SecureDrop.Crypto.Reports;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Reports;

public sealed class AttachmentDigestTests
{
    [Fact]
    public void Digest_OfTheVectors_IsTheirs()
    {
        JsonElement vectors = VectorFile.Json("digests.json").GetProperty("digests");
        Assert.Equal(7, vectors.GetArrayLength());
        foreach (JsonElement vector in vectors.EnumerateArray())
        {
            byte[] content = [.. Enumerable.Range(0, vector.GetProperty("bytes").GetInt32()).Select(i => (byte)(i * 7 % 251))];
            (byte[] digest, long size) = AttachmentDigest.Compute(new MemoryStream(content));
            Assert.Equal(vector.Text("sha256"), Convert.ToHexStringLower(digest));
            Assert.Equal(content.Length, size);
        }
    }

    [Fact]
    public void Digest_InAnyPieces_IsTheSame()
    {
        byte[] content = RandomNumberGenerator.GetBytes(2 * AttachmentDigest.PieceSizeInBytes + 12_345);
        string expected = Convert.ToHexStringLower(SHA256.HashData(
            content.Chunk(AttachmentDigest.PieceSizeInBytes).SelectMany(piece => SHA256.HashData(piece)).ToArray()));
        Gen.Int[1, 3 * AttachmentDigest.PieceSizeInBytes].Array[1, 20].Sample(
            cuts =>
            {
                using AttachmentDigest digest = new();
                ReadOnlySpan<byte> rest = content;
                foreach (int cut in cuts)
                {
                    int taken = Math.Min(cut, rest.Length);
                    digest.Append(rest[..taken]);
                    rest = rest[taken..];
                }
                digest.Append(rest);
                Assert.Equal(expected, Convert.ToHexStringLower(digest.Finish()));
            },
            iter: 20);
    }

    [Fact]
    public void Digest_AfterFinish_IsAsNew()
    {
        using AttachmentDigest digest = new();
        digest.Append([1, 2, 3]);
        byte[] first = digest.Finish();
        Assert.Equal(SHA256.HashData([]), digest.Finish());
        digest.Append([1, 2, 3]);
        Assert.Equal(first, digest.Finish());
    }
}
