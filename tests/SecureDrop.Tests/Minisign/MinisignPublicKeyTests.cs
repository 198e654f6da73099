using CsCheck;
using SecureDrop.Crypto.Minisign;
using Xunit;

namespace SecureDrop.Tests.Minisign;

public sealed class MinisignPublicKeyTests
{
    private static readonly MinisignPublicKey Key = MinisignKeyPair.FromSeed(new byte[32]).PublicKey;

    [Fact]
    public void Text_ReadBack_IsTheSameKey()
    {
        MinisignPublicKey read = MinisignPublicKey.Parse(Key.Text);
        Assert.Equal(Key, read);
        Assert.Equal(Key.GetHashCode(), read.GetHashCode());
        Assert.StartsWith("RW", Key.Text, StringComparison.Ordinal);
        Assert.Equal(MinisignPublicKey.TextLengthInCharacters, Key.Text.Length);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(Key.Bytes)[..8], Key.KeyNumber.ToArray());
        Assert.NotEqual(Key, MinisignKeyPair.Generate().PublicKey);
    }

    [Fact]
    public void Text_WithAnyCharacterChanged_IsNoKeyOrNotThisOne() =>
        Gen.Select(Gen.Int[0, MinisignPublicKey.TextLengthInCharacters - 1], Gen.OneOf(Gen.Char.AlphaNumeric, Gen.Char, Gen.Const('='), Gen.Const('\n'))).Sample(
            (at, character) =>
            {
                string changed = Key.Text[..at] + character + Key.Text[(at + 1)..];
                // The key number is a hash of the key: to change both so that they fit is not to be had by chance.
                Assert.Equal(changed == Key.Text, MinisignPublicKey.TryParse(changed, out _));
            },
            iter: 5000);

    [Theory]
    [InlineData("{0}\n")]
    [InlineData(" {0}")]
    [InlineData("{0}====")]
    [InlineData("untrusted comment: x\n{0}")]
    [InlineData("")]
    public void Text_WithAnythingAround_IsRefused(string around)
    {
        string text = string.Format(null, around, Key.Text);
        Assert.False(MinisignPublicKey.TryParse(text, out _));
        Assert.DoesNotContain("\n", Assert.Throws<FormatException>(() => MinisignPublicKey.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_Null_IsNoKey() => Assert.False(MinisignPublicKey.TryParse(null, out _));

    /// <summary>Keys that libsodium refuses: the eight points of small order, spellings of y not below p, a y that is on no point.</summary>
    [Theory]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000080")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000080")]
    [InlineData("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")]
    [InlineData("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85")]
    [InlineData("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")]
    [InlineData("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("0200000000000000000000000000000000000000000000000000000000000000")]
    public void FromBytes_KeyNobodyCanOwn_IsRefused(string hex) => Assert.Throws<FormatException>(() => MinisignPublicKey.FromBytes(Convert.FromHexString(hex)));

    [Fact]
    public void FromBytes_AnyOwnedKey_IsTaken() => Gen.Byte.Array[32].Sample(
        seed =>
        {
            using var keys = MinisignKeyPair.FromSeed(seed);
            Assert.Equal(keys.PublicKey, MinisignPublicKey.Parse(keys.PublicKey.Text));
        },
        iter: 200);

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    public void FromBytes_AnotherSize_IsTheCallersMistake(int size) => Assert.Throws<ArgumentException>(() => MinisignPublicKey.FromBytes(new byte[size]));

    [Fact]
    public void File_ReadBack_IsTheSameKey()
    {
        Assert.Equal(Key, MinisignPublicKey.ParseFile(Key.WriteFile()));
        Assert.Equal(Key, MinisignPublicKey.ParseFile(Key.WriteFile().Replace("\n", "\r\n", StringComparison.Ordinal)));
        Assert.Equal(Key, MinisignPublicKey.ParseFile(Key.Text + "\n"));
        Assert.Throws<FormatException>(() => MinisignPublicKey.ParseFile(Key.WriteFile() + "more\n"));
        Assert.Throws<FormatException>(() => MinisignPublicKey.ParseFile("x\n" + Key.Text));
    }
}
