using System.Text;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Tests.Interop;
using Xunit;

namespace SecureDrop.Tests.Minisign;

/// <summary>Both directions against Debian's <c>minisign</c>: signatures, public and secret key files, with a passphrase and without.</summary>
public sealed class StockMinisignTests : IDisposable
{
    private static readonly StockProgram Minisign = StockProgram.Installed("minisign", "apt-get install minisign");

    private readonly MinisignKeyPair _keys = MinisignKeyPair.Generate();
    private readonly TemporaryDirectory _folder = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task Stock_OurSignatureOfEveryPurpose_IsAccepted(int size)
    {
        Minisign.OrSkip();
        byte[] statement = new byte[size];
        System.Security.Cryptography.RandomNumberGenerator.Fill(statement);
        _folder.Write("m", statement);
        _folder.Write("key.pub", _keys.PublicKey.WriteFile());
        foreach (StatementPurpose purpose in Enum.GetValues<StatementPurpose>())
        {
            _folder.Write("m.minisig", SignedStatement.Sign(purpose, statement, _keys).Signature);
            StockProgramResult byText = (await Run(["-V", "-H", "-m", "m", "-P", _keys.PublicKey.Text])).MustSucceed();
            Assert.Contains($"Trusted comment: {purpose.TrustedComment()}\n", byText.OutputText, StringComparison.Ordinal);
            (await Run(["-V", "-m", "m", "-p", "key.pub"])).MustSucceed();
        }
    }

    [Fact]
    public async Task Stock_OurSignatureOfOtherBytes_IsRefused()
    {
        Minisign.OrSkip();
        _folder.Write("m", "other"u8);
        _folder.Write("m.minisig", SignedStatement.Sign(StatementPurpose.Roster, "these"u8.ToArray(), _keys).Signature);
        Assert.NotEqual(0, (await Run(["-V", "-m", "m", "-P", _keys.PublicKey.Text])).ExitCode);
    }

    [Fact]
    public async Task Ours_StockSignatureWithOurSecretKey_Verifies()
    {
        Minisign.OrSkip();
        byte[] statement = Encoding.UTF8.GetBytes("{\"长\":1}");
        _folder.Write("m", statement);
        _folder.Write("key", MinisignSecretKeyFile.Write(_keys));
        (await Run(["-S", "-W", "-s", "key", "-m", "m", "-t", StatementPurpose.Roster.TrustedComment(), "-c", "by hand"])).MustSucceed();
        SignedStatement signed = new(StatementPurpose.Roster, statement, Encoding.UTF8.GetString(_folder.Read("m.minisig")));
        signed.Verify(_keys.PublicKey);
        Assert.Equal("by hand", MinisignSignature.Parse(signed.Signature).UntrustedComment);
    }

    [Fact]
    public async Task Ours_StockSignatureWithItsOwnComment_IsReadAndOfNoPurpose()
    {
        Minisign.OrSkip();
        _folder.Write("m", "x"u8);
        _folder.Write("key", MinisignSecretKeyFile.Write(_keys));
        (await Run(["-S", "-W", "-s", "key", "-m", "m"])).MustSucceed();
        string text = Encoding.UTF8.GetString(_folder.Read("m.minisig"));
        MinisignSignature signature = MinisignSignature.Parse(text);
        signature.Verify("x"u8, _keys.PublicKey);
        Assert.Contains("timestamp:", signature.TrustedComment, StringComparison.Ordinal);
        Assert.False(new SignedStatement(StatementPurpose.Roster, "x"u8.ToArray(), text).TryVerify(_keys.PublicKey, out SignatureCheck? failed));
        Assert.Equal(SignatureCheck.Purpose, failed);
    }

    [Fact]
    public async Task Ours_StockLegacySignature_IsRefused()
    {
        Minisign.OrSkip();
        _folder.Write("m", "x"u8);
        _folder.Write("key", MinisignSecretKeyFile.Write(_keys));
        (await Run(["-S", "-l", "-W", "-s", "key", "-m", "m", "-t", StatementPurpose.Roster.TrustedComment()])).MustSucceed();
        (await Run(["-V", "-m", "m", "-P", _keys.PublicKey.Text])).MustSucceed();
        SignedStatement signed = new(StatementPurpose.Roster, "x"u8.ToArray(), Encoding.UTF8.GetString(_folder.Read("m.minisig")));
        Assert.False(signed.TryVerify(_keys.PublicKey, out SignatureCheck? failed));
        Assert.Equal(SignatureCheck.Algorithm, failed);
    }

    [Fact]
    public async Task Stock_RecreatesThePublicKeyFile_AsWeWriteIt()
    {
        Minisign.OrSkip();
        using MinisignKeyPair fewDigits = KeysWithNumberOf15Digits();
        foreach (MinisignKeyPair keys in new[] { _keys, fewDigits })
        {
            string name = keys == _keys ? "any" : "few";
            _folder.Write(name, MinisignSecretKeyFile.Write(keys));
            (await Run(["-R", "-s", name, "-p", $"{name}.pub"])).MustSucceed();
            Assert.Equal(keys.PublicKey.WriteFile(), Encoding.UTF8.GetString(_folder.Read($"{name}.pub")));
        }
    }

    private static MinisignKeyPair KeysWithNumberOf15Digits()
    {
        while (true)
        {
            MinisignKeyPair keys = MinisignKeyPair.Generate();
            if (BitConverter.ToUInt64(keys.PublicKey.KeyNumber) is >= 1UL << 56 and < 1UL << 60)
            {
                return keys;
            }

            keys.Dispose();
        }
    }

    /// <summary>A file of ours with a passphrase is opened by the stock program, which writes it anew with another, which we open; and back to none.</summary>
    [Fact]
    public async Task SecretKeyFile_WithPassphrase_GoesBothWays()
    {
        Minisign.OrSkip();
        _folder.Write("key", MinisignSecretKeyFile.Write(_keys, "first passphrase"u8, new MinisignScryptLimits(524_288, 16_777_216)));
        _folder.Write("m", "x"u8);
        (await Run(["-S", "-s", "key", "-m", "m", "-t", "t"], "first passphrase\n")).MustSucceed();
        MinisignSignature.Parse(_folder.Read("m.minisig")).Verify("x"u8, _keys.PublicKey);
        Assert.NotEqual(0, (await Run(["-S", "-s", "key", "-m", "m"], "wrong\n")).ExitCode);

        (await Run(["-C", "-s", "key"], "first passphrase\nsecond\nsecond\n")).MustSucceed();
        byte[] rewritten = _folder.Read("key");
        Assert.True(MinisignSecretKeyFile.NeedsPassphrase(rewritten));
        using (MinisignKeyPair read = MinisignSecretKeyFile.Read(rewritten, "second"u8))
        {
            Assert.Equal(_keys.PublicKey, read.PublicKey);
        }
        Assert.Throws<FormatException>(() => MinisignSecretKeyFile.Read(rewritten, "first passphrase"u8));

        (await Run(["-C", "-W", "-s", "key"], "second\n")).MustSucceed();
        Assert.False(MinisignSecretKeyFile.NeedsPassphrase(_folder.Read("key")));
        using MinisignKeyPair bare = MinisignSecretKeyFile.Read(_folder.Read("key"));
        Assert.Equal(_keys.PublicKey, bare.PublicKey);
    }

    [Fact]
    public async Task Ours_KeyMadeByStock_IsRefusedByItsKeyNumber()
    {
        Minisign.OrSkip();
        (await Run(["-G", "-W", "-s", "key", "-p", "key.pub"])).MustSucceed();
        Assert.Contains("key number", Assert.Throws<FormatException>(() => MinisignSecretKeyFile.Read(_folder.Read("key"))).Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => MinisignPublicKey.ParseFile(Encoding.UTF8.GetString(_folder.Read("key.pub"))));
    }

    public void Dispose()
    {
        _keys.Dispose();
        _folder.Dispose();
    }

    private Task<StockProgramResult> Run(IEnumerable<string> arguments, string input = "") =>
        Minisign.RunAsync(arguments, Encoding.UTF8.GetBytes(input), _folder.Path);
}
