using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Tests.Age;
using Xunit;

namespace SecureDrop.Tests.Interop;

/// <summary>Both directions against typage, age's library for JavaScript (tests/interop, exact version in its package.json).</summary>
public sealed class TypageTests : IDisposable
{
    private static readonly string Package = Path.Combine(StockProgram.RepositoryRoot, "tests", "interop");

    private readonly TemporaryDirectory _directory = new();
    private readonly StockProgram _node = StockProgram.Installed("node", "Node.js 20 or later").OrSkip();

    public TypageTests() =>
        Assert.SkipUnless(Directory.Exists(Path.Combine(Package, "node_modules", "age-encryption")), "typage is not installed (npm ci in tests/interop)");

    public static TheoryData<int> Sizes => [.. AgeFiles.EdgeSizes];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Recipient_OfAnIdentity_IsTheSame()
    {
        using HybridIdentity identity = HybridIdentity.Generate();
        string keyFile = _directory.Write("key.txt", AgeFiles.SecretText(identity));
        Assert.Equal(identity.Recipient.Text, (await RunAsync("recipient", keyFile, [])).MustSucceed().OutputText);
    }

    [Theory, MemberData(nameof(Sizes))]
    public async Task Open_SealedByTypage_GivesThePlaintext(int sizeInBytes)
    {
        using HybridIdentity first = HybridIdentity.Generate();
        using HybridIdentity second = HybridIdentity.Generate();
        string list = _directory.Write("recipients.txt", $"{first.Recipient}\n{second.Recipient}\n");
        byte[] plaintext = AgeFiles.Random(sizeInBytes);
        byte[] file = (await RunAsync("seal", list, plaintext)).MustSucceed().Output;
        Assert.Equal(AgeSizes.SealedSizeInBytes(2, sizeInBytes), file.Length);
        Assert.Equal(plaintext, AgeFiles.Open(file, first));
        Assert.Equal(plaintext, AgeFiles.Open(file, second));
    }

    [Theory, MemberData(nameof(Sizes))]
    public async Task Seal_OpenedByTypage_GivesThePlaintext(int sizeInBytes)
    {
        using HybridIdentity first = HybridIdentity.Generate();
        using HybridIdentity second = HybridIdentity.Generate();
        byte[] plaintext = AgeFiles.Random(sizeInBytes);
        byte[] file = AgeFiles.Seal(plaintext, first.Recipient, second.Recipient);
        string keyFile = _directory.Write("key.txt", AgeFiles.SecretText(second));
        Assert.Equal(plaintext, (await RunAsync("open", keyFile, file)).MustSucceed().Output);
    }

    [Fact]
    public async Task Passphrase_BothDirections_GivesThePlaintext()
    {
        string passphraseFile = _directory.Write("passphrase.txt", "eine Paßphrase 口令\n");
        using var passphrase = new ScryptPassphrase("eine Paßphrase 口令"u8, workFactorLog2: 12);
        byte[] plaintext = AgeFiles.Random(70_000);
        byte[] file = (await RunAsync("seal-passphrase", passphraseFile, plaintext)).MustSucceed().Output;
        Assert.Equal(plaintext, AgeFiles.Open(file, passphrase));
        Assert.Equal(plaintext, (await RunAsync("open-passphrase", passphraseFile, AgeFiles.Seal(plaintext, passphrase))).MustSucceed().Output);
    }

    private Task<StockProgramResult> RunAsync(string command, string file, byte[] input) =>
        _node.RunAsync([Path.Combine(Package, "typage.mjs"), command, file], input);
}
