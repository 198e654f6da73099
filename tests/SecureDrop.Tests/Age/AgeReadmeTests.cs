using System.Globalization;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Tests.Interop;
using Xunit;

namespace SecureDrop.Tests.Age;

public sealed class AgeReadmeTests
{
    [Fact]
    public void Readme_Numbers_AreTheCodes()
    {
        string readme = File.ReadAllText(Path.Combine(StockProgram.RepositoryRoot, "crypto", "README.md"));
        (string Before, long Number)[] expected =
        [
            ("| version line | ", AgeSizes.VersionLineSizeInBytes),
            ("| stanza, N times | ", AgeSizes.HybridStanzaSizeInBytes),
            ("| MAC line | ", AgeSizes.MacLineSizeInBytes),
            ("| payload nonce | ", AgeSizes.PayloadNonceSizeInBytes),
            ("at least one | ", AgeSizes.ChunkSizeInBytes + AgeSizes.TagSizeInBytes),
            ("In all ", AgeSizes.SealedSizeInBytes(1, 0) - AgeSizes.HybridStanzaSizeInBytes - AgeSizes.TagSizeInBytes),
            ("unpadded base64 of ", HybridStanza.EncapsulatedKeySizeInBytes),
            ("| 43 | unpadded base64 of ", HybridStanza.BodySizeInBytes),
            ("| identity | ", HybridIdentity.SeedSizeInBytes),
            ($"`{HybridIdentity.Prefix}1…`, ", HybridIdentity.SecretTextSizeInBytes),
            ("| recipient | ", HybridRecipient.SizeInBytes),
            ($"`{HybridRecipient.Prefix}1…`, ", HybridRecipient.TextLength),
            ("written with N = 2^", ScryptPassphrase.DefaultWorkFactorLog2),
            ("\n  N = 2^", ScryptPassphrase.DefaultMaxWorkFactorLog2),
            ("A header of more than ", AgeHeaderReader.MaxSizeInBytes),
            ("(64 hybrid recipients need ", AgeSizes.HeaderSizeInBytes(64)),
        ];
        Assert.All(expected, entry => Assert.Matches(
            System.Text.RegularExpressions.Regex.Escape(entry.Before + entry.Number.ToString(CultureInfo.InvariantCulture)) + "(?![0-9])", readme));
    }
}
