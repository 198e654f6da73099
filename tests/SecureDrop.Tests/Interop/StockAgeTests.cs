using System.Text;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Tests.Age;
using Xunit;

namespace SecureDrop.Tests.Interop;

/// <summary>Hybrid files, both directions, against stock age of a release that knows them.</summary>
public sealed class StockAgeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly StockProgram _age = StockProgram.Beside("age", "filippo.io/age 1.3.2").OrSkip();
    private readonly StockProgram _keygen = StockProgram.Beside("age-keygen", "filippo.io/age 1.3.2").OrSkip();

    public static TheoryData<int, int> RecipientsAndSizes =>
        [.. from recipients in new[] { 1, 3 } from size in AgeFiles.EdgeSizes select new TheoryDataRow<int, int>(recipients, size)];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Keygen_PostQuantum_IsReadAndGivesTheSameRecipient()
    {
        string keyFile = await GenerateKeyAsync("key.txt");
        string recipient = (await _keygen.RunAsync(["-y", keyFile])).MustSucceed().OutputText.Trim();
        string secret = (await File.ReadAllLinesAsync(keyFile)).Single(line => line.StartsWith(HybridIdentity.Prefix, StringComparison.Ordinal));
        using HybridIdentity identity = HybridIdentity.Parse(secret);
        Assert.Equal(recipient, identity.Recipient.Text);
        Assert.Equal(recipient, HybridRecipient.Parse(recipient).Text);
        Assert.Equal(secret, AgeFiles.SecretText(identity));
    }

    [Theory, MemberData(nameof(RecipientsAndSizes))]
    public async Task Open_SealedByStockAge_GivesThePlaintext(int recipients, int sizeInBytes)
    {
        HybridIdentity[] identities = [.. Enumerable.Range(0, recipients).Select(_ => HybridIdentity.Generate())];
        string list = _directory.Write("recipients.txt", string.Concat(identities.Select(identity => identity.Recipient.Text + "\n")));
        byte[] plaintext = AgeFiles.Random(sizeInBytes);
        byte[] file = (await _age.RunAsync(["-e", "-R", list], plaintext)).MustSucceed().Output;
        Assert.Equal(AgeSizes.SealedSizeInBytes(recipients, sizeInBytes), file.Length);
        Assert.All(identities, identity => Assert.Equal(plaintext, AgeFiles.Open(file, identity)));
    }

    [Theory, MemberData(nameof(RecipientsAndSizes))]
    public async Task Seal_OpenedByStockAge_GivesThePlaintext(int recipients, int sizeInBytes)
    {
        HybridIdentity[] identities = [.. Enumerable.Range(0, recipients).Select(_ => HybridIdentity.Generate())];
        byte[] plaintext = AgeFiles.Random(sizeInBytes);
        byte[] file = AgeFiles.Seal(plaintext, [.. identities.Select(identity => identity.Recipient)]);
        foreach (HybridIdentity identity in identities)
        {
            string keyFile = _directory.Write("key.txt", AgeFiles.SecretText(identity) + "\n");
            Assert.Equal(plaintext, (await _age.RunAsync(["-d", "-i", keyFile], file)).MustSucceed().Output);
        }
    }

    [Fact]
    public async Task Armor_BothDirections_IsTheSameFile()
    {
        using HybridIdentity identity = HybridIdentity.Generate();
        byte[] plaintext = AgeFiles.Random(100_000);
        byte[] stock = (await _age.RunAsync(["-e", "-a", "-r", identity.Recipient.Text], plaintext)).MustSucceed().Output;
        using var binary = new MemoryStream();
        AgeArmor.OpenReader(new MemoryStream(stock)).CopyTo(binary);
        Assert.Equal(plaintext, AgeFiles.Open(binary.ToArray(), identity));

        using var armored = new MemoryStream();
        using ArmorWriteStream writer = AgeArmor.OpenWriter(armored);
        writer.Write(binary.ToArray());
        writer.Complete();
        Assert.Equal(Encoding.ASCII.GetString(stock), Encoding.ASCII.GetString(armored.ToArray()));
    }

    [Fact]
    public async Task Seal_NeverCompleted_IsRefusedByStockAge()
    {
        using HybridIdentity identity = HybridIdentity.Generate();
        using var file = new MemoryStream();
        using (var seal = new AgeSealStream(file, [identity.Recipient], leaveOpen: true))
        {
            seal.Write(AgeFiles.Random(200_000));
        }

        string keyFile = _directory.Write("key.txt", AgeFiles.SecretText(identity) + "\n");
        StockProgramResult result = await _age.RunAsync(["-d", "-i", keyFile], file.ToArray());
        Assert.NotEqual(0, result.ExitCode);
    }

    private async Task<string> GenerateKeyAsync(string name)
    {
        string path = Path.Combine(_directory.Path, name);
        (await _keygen.RunAsync(["-pq", "-o", path])).MustSucceed();
        return path;
    }
}
