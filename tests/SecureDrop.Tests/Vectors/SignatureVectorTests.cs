using System.Text.Json;
using SecureDrop.Crypto.Minisign;
using Xunit;

namespace SecureDrop.Tests.Vectors;

public sealed class SignatureVectorTests
{
    private static readonly JsonElement File = VectorFile.Json("signatures.json");

    [Fact]
    public void Statement_SignedForItsPurpose_Verifies()
    {
        int seen = 0;
        foreach (JsonElement v in File.Items("valid"))
        {
            Statement(v).Verify(MinisignPublicKey.Parse(v.Text("publicKey")));
            seen++;
        }
        Assert.Equal(Enum.GetValues<StatementPurpose>().Length, seen);
    }

    [Fact]
    public void Statement_Forged_IsRefusedWhereTheOtherImplementationStops()
    {
        var seen = new List<string>();
        foreach (JsonElement v in File.Items("refused"))
        {
            string what = v.Text("what");
            seen.Add(what);
            // A key that no verifier may use is refused when it is read, or when it verifies.
            if (!MinisignPublicKey.TryParse(v.Text("publicKey"), out MinisignPublicKey? key))
            {
                Assert.Contains("key", what, StringComparison.Ordinal);
                continue;
            }
            Assert.False(Statement(v).TryVerify(key, out SignatureCheck? failed), what);
            string expected = v.Text("check");
            Assert.True(
                expected switch
                {
                    "purpose" => failed == SignatureCheck.Purpose,
                    "key number" => failed == SignatureCheck.KeyNumber,
                    _ => failed is SignatureCheck.Signature or SignatureCheck.Format or SignatureCheck.Algorithm,
                },
                $"{what}: {failed}, not {expected}");
        }
        Assert.Equal(14, seen.Count);
    }

    private static SignedStatement Statement(JsonElement v) => new(
        Enum.Parse<StatementPurpose>(v.Text("purpose"), ignoreCase: true),
        Convert.FromHexString(v.Text("message")),
        v.Text("signature"));
}
