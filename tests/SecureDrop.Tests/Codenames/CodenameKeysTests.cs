using CsCheck;
using SecureDrop.Crypto.Codenames;
using SecureDrop.Crypto.Minisign;
using Xunit;

namespace SecureDrop.Tests.Codenames;

public sealed class CodenameKeysTests
{
    private static readonly MinisignPublicKey[] Drops = [MinisignKeyPair.Generate().PublicKey, MinisignKeyPair.Generate().PublicKey];

    [Fact]
    public void Keys_OfOneCodenameAtOneDrop_AreAlwaysTheSame()
    {
        using Codename codename = Codename.Generate();
        using CodenameKeys first = codename.DeriveKeys(Drops[0]);
        using CodenameKeys again = codename.DeriveKeys(MinisignPublicKey.Parse(Drops[0].Text));
        Assert.Equal(Parts(first), Parts(again));
    }

    /// <summary>Else two drops together could tell that one person reports to both.</summary>
    [Fact]
    public void Keys_AtAnotherDrop_HaveNothingInCommon()
    {
        using Codename codename = Codename.Generate();
        using CodenameKeys here = codename.DeriveKeys(Drops[0]);
        using CodenameKeys there = codename.DeriveKeys(Drops[1]);
        Assert.All(Parts(here).Zip(Parts(there)), pair => Assert.NotEqual(pair.First, pair.Second));
    }

    [Fact]
    public void Keys_OfACodenameWithOneBitChanged_HaveNothingInCommon() => Gen.Select(Gen.Byte.Array[Codename.EntropySizeInBytes], Gen.Int[0, 127]).Sample(
        (entropy, bit) =>
        {
            using Codename codename = Codename.FromEntropy(entropy);
            using CodenameKeys keys = codename.DeriveKeys(Drops[0]);
            entropy[bit / 8] ^= (byte)(1 << (bit % 8));
            using Codename other = Codename.FromEntropy(entropy);
            using CodenameKeys otherKeys = other.DeriveKeys(Drops[0]);
            Assert.All(Parts(keys).Zip(Parts(otherKeys)), pair => Assert.NotEqual(pair.First, pair.Second));
        },
        iter: 20);

    [Fact]
    public void Keys_OfOneCodename_AreThreeDifferentSecrets()
    {
        using Codename codename = Codename.Generate();
        using CodenameKeys keys = codename.DeriveKeys(Drops[0]);
        byte[] seed = new byte[MinisignKeyPair.SeedSizeInBytes];
        keys.Signing.CopySeedTo(seed);
        Assert.Equal(CodenameKeys.TagSizeInBytes, keys.Tag.Length);
        Assert.NotEqual(seed, keys.Tag.ToArray());
    }

    private static string[] Parts(CodenameKeys keys) => [keys.Recipient.Recipient.Text, keys.Signing.PublicKey.Text, Convert.ToHexString(keys.Tag)];
}
