using System.Text;
using CsCheck;
using SecureDrop.Crypto.Minisign;
using Xunit;

namespace SecureDrop.Tests.Minisign;

public sealed class MinisignSecretKeyFileTests
{
    // The least that libsodium takes: 16 MiB would be the file's own choice in earnest.
    private static readonly MinisignScryptLimits Light = new(32_768, 1 << 20);

    private static readonly MinisignKeyPair Keys = MinisignKeyPair.Generate();

    [Fact]
    public void File_WithoutPassphrase_IsReadBack()
    {
        byte[] file = MinisignSecretKeyFile.Write(Keys);
        Assert.False(MinisignSecretKeyFile.NeedsPassphrase(file));
        using MinisignKeyPair read = MinisignSecretKeyFile.Read(file);
        Assert.Equal(Keys.PublicKey, read.PublicKey);
    }

    [Fact]
    public void File_WithPassphrase_IsReadBackWithItAlone()
    {
        byte[] file = MinisignSecretKeyFile.Write(Keys, "a passphrase"u8, Light);
        Assert.True(MinisignSecretKeyFile.NeedsPassphrase(file));
        using MinisignKeyPair read = MinisignSecretKeyFile.Read(file, "a passphrase"u8);
        Assert.Equal(Keys.PublicKey, read.PublicKey);
        Assert.Contains("passphrase is wrong", Assert.Throws<FormatException>(() => MinisignSecretKeyFile.Read(file, "another"u8)).Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => MinisignSecretKeyFile.Read(file));
        Assert.Throws<ArgumentException>(() => MinisignSecretKeyFile.Write(Keys, default, Light));
    }

    [Fact]
    public void File_WithPassphrase_DoesNotHoldTheSeed()
    {
        byte[] seed = new byte[32];
        Keys.CopySeedTo(seed);
        Assert.True(Decoded(MinisignSecretKeyFile.Write(Keys)).AsSpan().IndexOf(seed) >= 0);
        Assert.True(Decoded(MinisignSecretKeyFile.Write(Keys, "p"u8, Light)).AsSpan().IndexOf(seed) < 0);
    }

    [Fact]
    public void File_WithAnyBitFlipped_IsRefused() => Gen.Int[0, (158 * 8) - 1].Sample(
        bit =>
        {
            byte[] key = Decoded(MinisignSecretKeyFile.Write(Keys));
            key[bit / 8] ^= (byte)(1 << (bit % 8));
            byte[] file = Encode(key);
            // Salt and limits mean nothing without a passphrase.
            bool meaningless = bit / 8 is >= 6 and < 54;
            if (meaningless)
            {
                MinisignSecretKeyFile.Read(file).Dispose();
            }
            else
            {
                Assert.Throws<FormatException>(() => MinisignSecretKeyFile.Read(file, "p"u8));
            }
        },
        iter: 400);

    [Fact]
    public void File_AskingForMoreMemoryThanStockFiles_IsRefusedBeforeAnyIsTaken()
    {
        byte[] key = Decoded(MinisignSecretKeyFile.Write(Keys, "p"u8, Light));
        key.AsSpan(38, 16).Fill(0xff);
        Assert.Throws<FormatException>(() => MinisignSecretKeyFile.Read(Encode(key), "p"u8));
    }

    [Fact]
    public void File_OfAnotherProgramsKeyNumber_IsNotTaken()
    {
        byte[] key = Decoded(MinisignSecretKeyFile.Write(Keys));
        key[54] ^= 1;
        NSec.Cryptography.HashAlgorithm.Blake2b_256.Hash([.. key[..2], .. key[54..126]]).CopyTo(key.AsSpan(126));
        Assert.Contains("key number", Assert.Throws<FormatException>(() => MinisignSecretKeyFile.Read(Encode(key))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("untrusted comment: x\n")]
    [InlineData("untrusted comment: x\nRWQ=\n")]
    [InlineData("untrusted comment: x\n!\n")]
    public void File_ThatIsNone_IsRefused(string text) => Assert.Throws<FormatException>(() => MinisignSecretKeyFile.Read(Encoding.UTF8.GetBytes(text)));

    private static byte[] Decoded(byte[] file) => Convert.FromBase64String(Encoding.UTF8.GetString(file).Split('\n')[1]);

    private static byte[] Encode(byte[] key) => Encoding.UTF8.GetBytes($"untrusted comment: x\n{Convert.ToBase64String(key)}\n");
}
