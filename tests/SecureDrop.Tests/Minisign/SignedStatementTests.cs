using System.Text;
using CsCheck;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;
using Xunit;

namespace SecureDrop.Tests.Minisign;

public sealed class SignedStatementTests
{
    private static readonly MinisignKeyPair Keys = MinisignKeyPair.Generate();

    private static readonly SignedStatement Signed = SignedStatement.Sign(StatementPurpose.Report, "a statement"u8.ToArray(), Keys);

    [Fact]
    public void Statement_SignedForOnePurpose_ServesNoOther()
    {
        foreach (StatementPurpose made in Enum.GetValues<StatementPurpose>())
        {
            SignedStatement signed = SignedStatement.Sign(made, Signed.Statement, Keys);
            foreach (StatementPurpose asked in Enum.GetValues<StatementPurpose>())
            {
                bool verified = (signed with { Purpose = asked }).TryVerify(Keys.PublicKey, out SignatureCheck? failed);
                Assert.Equal(made == asked, verified);
                Assert.Equal(made == asked ? null : SignatureCheck.Purpose, failed);
            }
        }
    }

    [Fact]
    public void Statement_AnyByteChanged_IsRefused() => Gen.Int[0, Signed.Statement.Length * 8 - 1].Sample(bit =>
    {
        byte[] changed = Signed.Statement.ToArray();
        changed[bit / 8] ^= (byte)(1 << (bit % 8));
        Assert.False((Signed with { Statement = changed }).TryVerify(Keys.PublicKey, out SignatureCheck? failed));
        Assert.Equal(SignatureCheck.Signature, failed);
    });

    [Fact]
    public void Signature_AnyCharacterChanged_IsRefusedButInTheUntrustedComment()
    {
        int start = "untrusted comment: ".Length;
        int end = Signed.Signature.IndexOf('\n', StringComparison.Ordinal);
        for (int at = 0; at < Signed.Signature.Length; at++)
        {
            foreach (char character in "B\0\n\r = ")
            {
                string changed = Signed.Signature[..at] + character + Signed.Signature[(at + 1)..];
                bool harmless = changed == Signed.Signature || (at >= start && at < end && character is 'B' or '=' or ' ' && at >= start && at < end);
                Assert.Equal(harmless, (Signed with { Signature = changed }).TryVerify(Keys.PublicKey, out _));
            }
        }
    }

    [Theory]
    [InlineData("{0}\n")]
    [InlineData("\n{0}")]
    [InlineData(" {0}")]
    [InlineData("\uFEFF{0}")]
    [InlineData("{0}\0")]
    [InlineData("")]
    public void Signature_WithAnythingAround_IsRefused(string around)
    {
        Assert.False((Signed with { Signature = string.Format(null, around, Signed.Signature) }).TryVerify(Keys.PublicKey, out SignatureCheck? failed));
        Assert.Equal(SignatureCheck.Format, failed);
    }

    [Theory]
    [InlineData(SignedStatement.LongestSignatureInCharacters, true)]
    [InlineData(SignedStatement.LongestSignatureInCharacters + 1, false)]
    public void Signature_WithALongUntrustedComment_IsReadToALimit(int length, bool accepted)
    {
        string comment = "securedrop/1" + new string('x', length - Signed.Signature.Length);
        string padded = Signed.Signature.Replace("comment: securedrop/1\n", $"comment: {comment}\n", StringComparison.Ordinal);
        Assert.Equal(length, padded.Length);
        Assert.Equal(accepted, (Signed with { Signature = padded }).TryVerify(Keys.PublicKey, out _));
    }

    [Fact]
    public void Signature_NotPrehashed_IsRefusedByItsAlgorithm()
    {
        string[] lines = Signed.Signature.Split('\n');
        byte[] signature = Convert.FromBase64String(lines[1]);
        signature[1] = (byte)'d';
        lines[1] = Convert.ToBase64String(signature);
        Assert.False((Signed with { Signature = string.Join('\n', lines) }).TryVerify(Keys.PublicKey, out SignatureCheck? failed));
        Assert.Equal(SignatureCheck.Algorithm, failed);
    }

    [Fact]
    public void Signature_ByAnotherKey_IsRefusedByItsKeyNumber()
    {
        Assert.False(Signed.TryVerify(MinisignKeyPair.Generate().PublicKey, out SignatureCheck? failed));
        Assert.Equal(SignatureCheck.KeyNumber, failed);
    }

    [Fact]
    public void Signature_ReadFromBytes_MustBeUtf8()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Signed.Signature);
        Assert.Equal("securedrop/1 report", MinisignSignature.Parse(bytes).TrustedComment);
        bytes["untrusted comment: ".Length] = 0xff;
        Assert.Equal(SignatureCheck.Format, Assert.Throws<SignatureException>(() => MinisignSignature.Parse(bytes)).Check);
    }

    [Fact]
    public void Statement_WrittenAsJson_IsReadBack()
    {
        SignedStatement signed = SignedStatement.Sign(StatementPurpose.Roster, Encoding.UTF8.GetBytes("{\"a\":\"长\\u0001\"}\n"), Keys);
        SignedStatement read = SignedStatement.Read(StatementPurpose.Roster, StrictJson.ParseObject(signed.Write()));
        Assert.Equal(signed, read);
        read.Verify(Keys.PublicKey);
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\r")]
    [InlineData("a\0")]
    [InlineData("", 0xd800)]
    [InlineData("\uFFFD", 0xd800)]
    public void Sign_CommentThatReadersDisagreeAbout_IsTheCallersMistake(string text, int? lastUnit = null)
    {
        // The runner would turn a lone surrogate in the data into U+FFFD.
        string comment = lastUnit is { } unit ? text + (char)unit : text;
        Assert.Throws<ArgumentException>(() => Keys.Sign("x"u8, comment));
        Assert.Throws<ArgumentException>(() => Keys.Sign("x"u8, "x", comment));
    }

    [Fact]
    public void KeyPair_ToStringAndExceptions_NeverShowTheSeed()
    {
        byte[] seed = new byte[32];
        Keys.CopySeedTo(seed);
        Assert.Equal(Keys.PublicKey.Text, Keys.ToString());
        Assert.Equal(Keys.PublicKey, MinisignKeyPair.FromSeed(seed).PublicKey);
        Assert.Throws<ArgumentException>(() => Keys.CopySeedTo(new byte[31]));
        Assert.Throws<ArgumentException>(() => MinisignKeyPair.FromSeed(new byte[33]));
        MinisignKeyPair gone = MinisignKeyPair.Generate();
        gone.Dispose();
        Assert.Throws<ObjectDisposedException>(() => gone.Sign("x"u8, "x"));
    }
}
