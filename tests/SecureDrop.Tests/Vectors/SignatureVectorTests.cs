using System.Text.Json;
using SecureDrop.Crypto.Minisign;
using Xunit;

namespace SecureDrop.Tests.Vectors;

/// <summary>Signatures of every maker, and what is to be refused as one, with the check that fails.</summary>
public sealed class SignatureVectorTests
{
    public static TheoryData<string> Makers => VectorMaker.All;

    [Theory, MemberData(nameof(Makers))]
    public void Statement_SignedForItsPurpose_Verifies(string maker)
    {
        JsonElement[] vectors = [.. VectorMaker.IndexOrSkip(maker, "signatures.json").Items("valid")];
        Assert.Equal(
            Enum.GetNames<StatementPurpose>().Select(name => name.ToLowerInvariant()),
            vectors.Select(v => v.Text("purpose")).Take(Enum.GetValues<StatementPurpose>().Length));
        Assert.All(vectors, v => Assert.Null(Check(v)));
    }

    [Theory, MemberData(nameof(Makers))]
    public void Statement_Forged_IsRefusedByTheCheckNamed(string maker)
    {
        JsonElement[] vectors = [.. VectorMaker.IndexOrSkip(maker, "signatures.json").Items("refused")];
        Assert.True(vectors.Length >= 14);
        Assert.All(vectors, v => Assert.Equal((v.Text("what"), v.Text("check")), (v.Text("what"), Check(v))));
    }

    /// <summary>Null where it verifies; else the check, as the indices spell it.</summary>
    private static string? Check(JsonElement v)
    {
        if (!MinisignPublicKey.TryParse(v.Text("publicKey"), out MinisignPublicKey? key))
        {
            return "key";
        }
        SignedStatement statement = new(
            Enum.Parse<StatementPurpose>(v.Text("purpose"), ignoreCase: true), Convert.FromHexString(v.Text("message")), v.Text("signature"));
        return statement.TryVerify(key, out SignatureCheck? failed) ? null : Spelling(failed!.Value);
    }

    internal static string Spelling(SignatureCheck check) => check switch
    {
        SignatureCheck.Format or SignatureCheck.Signature => "signature",
        SignatureCheck.Algorithm => "algorithm",
        SignatureCheck.KeyNumber => "key number",
        SignatureCheck.Purpose => "purpose",
        _ => throw new ArgumentOutOfRangeException(nameof(check)),
    };
}
