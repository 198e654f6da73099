using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Tests.Age;
using Xunit;

namespace SecureDrop.Tests.Interop;

/// <summary>What any age knows, of whatever release the system has: X25519 (which we read only) and passphrases (both directions).</summary>
public sealed class InstalledAgeTests : IDisposable
{
    private const string Passphrase = "correct horse battery staple";

    private readonly TemporaryDirectory _directory = new();
    private readonly StockProgram _age = StockProgram.Installed("age", "Debian's package age").OrSkip();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Open_SealedToX25519_GivesThePlaintext()
    {
        StockProgram keygen = StockProgram.Installed("age-keygen", "Debian's package age").OrSkip();
        string[] lines = (await keygen.RunAsync([])).MustSucceed().OutputText.Split('\n');
        string recipient = lines.Single(line => line.StartsWith("# public key: ", StringComparison.Ordinal))["# public key: ".Length..];
        using X25519Identity identity = X25519Identity.Parse(lines.Single(line => line.StartsWith(X25519Identity.Prefix, StringComparison.Ordinal)));
        foreach (int size in AgeFiles.EdgeSizes)
        {
            byte[] plaintext = AgeFiles.Random(size);
            byte[] file = (await _age.RunAsync(["-e", "-r", recipient], plaintext)).MustSucceed().Output;
            Assert.Equal(plaintext, AgeFiles.Open(file, identity));
        }
    }

    [Fact]
    public async Task Open_SealedWithPassphrase_GivesThePlaintext()
    {
        byte[] plaintext = AgeFiles.Random(100_000);
        _directory.Write("plain", plaintext);
        (await _age.RunOnTerminalAsync(["-p", "-o", "sealed", "plain"], [Passphrase, Passphrase], _directory.Path)).MustSucceed();
        using var passphrase = new ScryptPassphrase("correct horse battery staple"u8);
        Assert.Equal(plaintext, AgeFiles.Open(_directory.Read("sealed"), passphrase));
    }

    [Fact]
    public async Task Seal_WithPassphrase_IsOpenedByStockAge()
    {
        byte[] plaintext = AgeFiles.Random(100_000);
        using var passphrase = new ScryptPassphrase("correct horse battery staple"u8, workFactorLog2: 12);
        _directory.Write("sealed", AgeFiles.Seal(plaintext, passphrase));
        (await _age.RunOnTerminalAsync(["-d", "-o", "plain", "sealed"], [Passphrase], _directory.Path)).MustSucceed();
        Assert.Equal(plaintext, _directory.Read("plain"));
    }
}
