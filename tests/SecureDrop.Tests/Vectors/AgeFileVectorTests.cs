using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Tests.Age;
using Xunit;

namespace SecureDrop.Tests.Vectors;

/// <summary>Sealed files of our own makers: the plaintext, or the class of failure.</summary>
public sealed class AgeFileVectorTests
{
    [Theory]
    [InlineData("own/")]
    [InlineData("page/")]
    public void File_OfEveryVector_OpensOrFailsAsItsIndexSays(string maker)
    {
        JsonElement index = VectorMaker.IndexOrSkip(maker, "age.json");
        using HybridIdentity hybrid = HybridIdentity.Parse(index.Text("identity"));
        using X25519Identity classic = X25519Identity.Parse(index.Text("x25519"));
        using ScryptPassphrase passphrase = new(Encoding.UTF8.GetBytes(index.Text("passphrase")));
        JsonElement[] files = [.. index.Items("files")];
        Assert.Equal(["hybrid", "scrypt", "x25519"], files.Select(v => v.Text("kind")).Distinct().Order(StringComparer.Ordinal));
        Assert.All(files, v =>
        {
            IAgeIdentity identity = v.Text("kind") switch { "hybrid" => hybrid, "x25519" => classic, _ => passphrase };
            (AgeFailure? failure, byte[] plaintext) = AgeFiles.TryOpen(VectorMaker.Read(maker, v.Text("file")), identity);
            Assert.Equal((v.Text("what"), v.GetProperty("failure").GetString()), (v.Text("what"), Spelling(failure)));
            if (failure is null)
            {
                Assert.Equal(v.GetProperty("bytes").GetInt32(), plaintext.Length);
                Assert.Equal(v.Text("sha256"), Convert.ToHexStringLower(SHA256.HashData(plaintext)));
            }
        });
    }

    private static string? Spelling(AgeFailure? failure) => failure switch
    {
        null => null,
        AgeFailure.Header => "header",
        AgeFailure.NoMatch => "no match",
        AgeFailure.Hmac => "mac",
        AgeFailure.Payload => "payload",
        _ => failure.ToString(),
    };
}
