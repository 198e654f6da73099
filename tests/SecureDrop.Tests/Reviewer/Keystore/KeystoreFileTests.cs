using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Server;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Keystore;

public sealed class KeystoreFileTests : IDisposable
{
    private static readonly DateOnly Day = new(2026, 11, 24);
    private readonly TemporaryFolder _folder = new();
    private readonly HomeDirectory _home;
    private readonly KeystoreFile _keystore;

    public KeystoreFileTests()
    {
        _home = new HomeDirectory(_folder.File("home"));
        _keystore = new KeystoreFile(_home, new PassphraseFile(TestDesk.QuickWorkFactorLog2));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_AfterWrite_GivesTheSameKeys()
    {
        using ReviewerKeys keys = ReviewerKeys.Generate("Ana", Day, Day.AddDays(90));
        using MinisignKeyPair drop = MinisignKeyPair.Generate();
        keys.DropKey = drop.PublicKey;
        keys.Identities.Add(new OwnIdentity(HybridIdentity.Generate(), 7, Day, Day.AddDays(13)));
        keys.MadeStatements.Add("{}");
        _keystore.Write(keys, "pass"u8, overwrite: false);
        using ReviewerKeys read = _keystore.Read("pass"u8);
        Assert.Equal(keys.Signing.PublicKey, read.Signing.PublicKey);
        Assert.Equal(keys.Session.PublicKey, read.Session.PublicKey);
        Assert.Equal(keys.Own.Recipient, read.Own.Recipient);
        Assert.Equal(drop.PublicKey, read.DropKey);
        Assert.Equal(["{}"], read.MadeStatements);
        Assert.Equal(keys.Identities.Select(i => (i.Identity.Recipient, i.Serial, i.FirstDay, i.LastDay)),
            read.Identities.Select(i => (i.Identity.Recipient, i.Serial, i.FirstDay, i.LastDay)));
    }

    [Fact]
    public void Write_LargerThanIsRead_KeepsTheOldOne()
    {
        Write();
        using ReviewerKeys keys = _keystore.Read("pass"u8);
        keys.MadeStatements.Add(new string('x', 17_000_000));
        Assert.Equal(ExitCode.BadInput, Assert.Throws<ReviewerException>(() => _keystore.Write(keys, "pass"u8, overwrite: true)).ExitCode);
        using ReviewerKeys still = _keystore.Read("pass"u8);
        Assert.Equal(keys.Signing.PublicKey, still.Signing.PublicKey);
    }

    [Theory]
    [InlineData("ownIdentity", "AGE-SECRET-KEY-PQ-1QQQQ")]
    [InlineData("signingKey", "untrusted comment: x\nnot base64\n")]
    [InlineData("dropKey", "RWQ")]
    public void Read_RightPassphraseAndAKeyThatIsNone_IsForeign(string member, string text)
    {
        Write();
        byte[] json = PassphraseFile.Read(_home.Keystore, "pass"u8, "it");
        System.Text.Json.Nodes.JsonNode document = System.Text.Json.Nodes.JsonNode.Parse(json)!;
        document[member] = text;
        new PassphraseFile(TestDesk.QuickWorkFactorLog2).Write(_home.Keystore, System.Text.Encoding.UTF8.GetBytes(document.ToJsonString()), "pass"u8, overwrite: true);
        Assert.Equal(ExitCode.Foreign, Assert.Throws<ReviewerException>(() => _keystore.Read("pass"u8)).ExitCode);
    }

    [Fact]
    public void Read_WrongPassphrase_IsSaidSo() => AssertFails("other", ExitCode.WrongPassphrase);

    [Fact]
    public void Read_NoFile_IsSaidSo() =>
        Assert.Equal(ExitCode.NoKeystore, Assert.Throws<ReviewerException>(() => _keystore.Read("pass"u8)).ExitCode);

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void Read_FlippedByte_IsDamaged(double at)
    {
        Write();
        byte[] bytes = File.ReadAllBytes(_home.Keystore);
        bytes[(int)(bytes.Length * at)] ^= 1;
        File.WriteAllBytes(_home.Keystore, bytes);
        Assert.Equal(ExitCode.Damaged, Assert.Throws<ReviewerException>(() => _keystore.Read("pass"u8)).ExitCode);
    }

    [Fact]
    public void Read_CutAnywhere_IsOneSentenceAndNeverOpens()
    {
        Write();
        byte[] bytes = File.ReadAllBytes(_home.Keystore);
        foreach (int length in new[] { 0, 1, 20, 60, 120, 200, bytes.Length / 2, bytes.Length - 1 })
        {
            File.WriteAllBytes(_home.Keystore, bytes[..length]);
            ReviewerException e = Assert.Throws<ReviewerException>(() => _keystore.Read("pass"u8));
            Assert.Contains(e.ExitCode, new[] { ExitCode.Damaged, ExitCode.Foreign });
        }
    }

    [Fact]
    public void Read_AnotherKindOfFile_IsForeign()
    {
        _home.Create();
        File.WriteAllText(_home.Keystore, "-----BEGIN OPENSSH PRIVATE KEY-----\n");
        Assert.Equal(ExitCode.Foreign, Assert.Throws<ReviewerException>(() => _keystore.Read("pass"u8)).ExitCode);
    }

    [Fact]
    public void Read_SealedToAKeyInstead_IsForeign()
    {
        _home.Create();
        using HybridIdentity identity = HybridIdentity.Generate();
        OwnSealedFile.Write(_home.Keystore, new Dictionary<string, string>(), Json.Default.DictionaryStringString, identity.Recipient);
        Assert.Equal(ExitCode.Foreign, Assert.Throws<ReviewerException>(() => _keystore.Read("pass"u8)).ExitCode);
    }

    [Fact]
    public void Read_AnotherDocumentUnderThePassphrase_IsForeign()
    {
        _home.Create();
        new PassphraseFile(TestDesk.QuickWorkFactorLog2).Write(_home.Keystore, """{"format":"other"}"""u8, "pass"u8, overwrite: true);
        Assert.Equal(ExitCode.Foreign, Assert.Throws<ReviewerException>(() => _keystore.Read("pass"u8)).ExitCode);
    }

    [Fact]
    public void Write_Keystore_IsTheOwnersAloneAndHoldsNothingReadable()
    {
        Write();
        Assert.DoesNotContain("AGE-SECRET", File.ReadAllText(_home.Keystore), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_home.Keystore));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_home.Path));
        }
    }

    [Fact]
    public void DropKey_RoundTripAndFaults_AreToldApart()
    {
        string path = _folder.File("drop-key.age");
        using MinisignKeyPair keys = MinisignKeyPair.Generate();
        new DropKeyFile(new PassphraseFile(TestDesk.QuickWorkFactorLog2)).Write(path, keys, "pass"u8);
        using MinisignKeyPair read = DropKeyFile.Read(path, "pass"u8);
        Assert.Equal(keys.PublicKey, read.PublicKey);
        Assert.Equal(ExitCode.WrongPassphrase, Assert.Throws<ReviewerException>(() => DropKeyFile.Read(path, "no"u8)).ExitCode);
        Assert.Equal(ExitCode.NotFound, Assert.Throws<ReviewerException>(() => DropKeyFile.Read(path + "x", "pass"u8)).ExitCode);
    }

    [Fact]
    public void ToString_Keys_SayNothing()
    {
        using ReviewerKeys keys = ReviewerKeys.Generate("", Day, Day);
        Assert.Equal("ReviewerKeys", keys.ToString());
        Assert.Equal("SecretText", new SecretText(['x']).ToString());
    }

    private void AssertFails(string passphrase, ExitCode code)
    {
        Write();
        byte[] before = File.ReadAllBytes(_home.Keystore);
        ReviewerException e = Assert.Throws<ReviewerException>(() => _keystore.Read(System.Text.Encoding.UTF8.GetBytes(passphrase)));
        Assert.Equal(code, e.ExitCode);
        Assert.Equal(before, File.ReadAllBytes(_home.Keystore));
    }

    private void Write()
    {
        using ReviewerKeys keys = ReviewerKeys.Generate("", Day, Day.AddDays(90));
        _keystore.Write(keys, "pass"u8, overwrite: true);
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class Json : System.Text.Json.Serialization.JsonSerializerContext;
