using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using Xunit;

namespace SecureDrop.Tests.Age.Recipients;

public sealed class ScryptPassphraseTests
{
    [Fact]
    public void Open_WithAnotherPassphrase_DoesNotMatch()
    {
        using var right = new ScryptPassphrase("right"u8, workFactorLog2: 4);
        using var wrong = new ScryptPassphrase("wrong"u8);
        byte[] file = AgeFiles.Seal([1, 2], right);
        Assert.Equal([1, 2], AgeFiles.Open(file, wrong, right));
        Assert.Equal(AgeFailure.NoMatch, AgeFiles.TryOpen(file, wrong).Failure);
    }

    [Fact]
    public void Open_AboveTheGreatestWorkFactor_IsRefusedBeforeAnyWork()
    {
        using var expensive = new ScryptPassphrase("pass"u8, workFactorLog2: 5);
        using var careful = new ScryptPassphrase("pass"u8, maxWorkFactorLog2: 4);
        using var lenient = new ScryptPassphrase("pass"u8, maxWorkFactorLog2: 5);
        byte[] file = AgeFiles.Seal([1], expensive);
        Assert.Equal(AgeFailure.Header, AgeFiles.TryOpen(file, careful).Failure);
        Assert.Null(AgeFiles.TryOpen(file, lenient).Failure);
    }

    [Theory]
    [InlineData("21")]
    [InlineData("99")]
    [InlineData("100")]
    [InlineData("18446744073709551616")]
    [InlineData("")]
    public void TryUnwrap_WorkFactorOfAnotherKind_IsRefused(string workFactor)
    {
        using var passphrase = new ScryptPassphrase("pass"u8, workFactorLog2: 1);
        AgeStanza stanza = passphrase.Wrap(new byte[16]);
        string[] arguments = workFactor.Length == 0 ? [stanza.Arguments[0]] : [stanza.Arguments[0], workFactor];
        AgeFormatException failure = Assert.Throws<AgeFormatException>(() => passphrase.TryUnwrap([new AgeStanza("scrypt", arguments, stanza.Body.Span)], new byte[16]));
        Assert.Equal(AgeFailure.Header, failure.Failure);
    }

    [Fact]
    public void Passphrase_EmptyOrOfAnImpossibleWorkFactor_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new ScryptPassphrase([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScryptPassphrase("pass"u8, workFactorLog2: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScryptPassphrase("pass"u8, maxWorkFactorLog2: 23));
    }
}
