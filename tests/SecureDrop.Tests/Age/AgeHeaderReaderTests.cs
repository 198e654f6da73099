using System.Buffers;
using System.Text;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using Xunit;

namespace SecureDrop.Tests.Age;

public sealed class AgeHeaderReaderTests
{
    private static readonly string Mac = new('A', 43);

    [Fact]
    public void TryRead_NoAgeFile_IsInvalidAtItsFirstWrongByte()
    {
        Assert.Equal(OperationStatus.InvalidData, AgeHeaderReader.TryRead("P"u8, out _));
        Assert.Equal(OperationStatus.InvalidData, AgeHeaderReader.TryRead("age-encryption.org/v2"u8, out _));
        Assert.Equal(OperationStatus.NeedMoreData, AgeHeaderReader.TryRead("age-encryption.org/v1"u8, out _));
        Assert.Equal(OperationStatus.NeedMoreData, AgeHeaderReader.TryRead([], out _));
    }

    [Fact]
    public void TryRead_SealedFile_GivesItsStanzas()
    {
        using HybridIdentity identity = HybridIdentity.Generate();
        byte[] file = AgeFiles.Seal([1], identity.Recipient, identity.Recipient);
        Assert.Equal(OperationStatus.Done, AgeHeaderReader.TryRead(file, out AgeHeader? header));
        Assert.Equal(2, header!.Stanzas.Count);
        Assert.All(header.Stanzas, stanza => Assert.True(HybridStanza.IsWellFormed(stanza)));
        Assert.Equal(AgeSizes.HeaderSizeInBytes(2), header.SizeInBytes);
    }

    [Fact]
    public void Read_FromAStream_StopsAtThePayload()
    {
        using HybridIdentity identity = HybridIdentity.Generate();
        using var file = new MemoryStream(AgeFiles.Seal([1], identity.Recipient));
        Assert.Equal(AgeSizes.HeaderSizeInBytes(1), AgeHeaderReader.Read(file).SizeInBytes);
        Assert.Equal(AgeSizes.HeaderSizeInBytes(1), file.Position);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("-> a\n\n")]
    [InlineData("")]
    public void TryRead_EndlessHeader_IsInvalidAtTheBound(string repeated)
    {
        // One line without end, or stanzas without end: both stop costing memory.
        string line = repeated.Length > 1 ? repeated : "a";
        var text = new StringBuilder("age-encryption.org/v1\n");
        text.Append(repeated.Length > 1 ? "" : "-> ");
        while (text.Length < AgeHeaderReader.MaxSizeInBytes)
        {
            text.Append(line);
        }

        byte[] header = Encoding.ASCII.GetBytes(text.ToString());
        Assert.Equal(OperationStatus.InvalidData, AgeHeaderReader.TryRead(header, out _));
        Assert.Equal(OperationStatus.NeedMoreData, AgeHeaderReader.TryRead(header.AsSpan(0, AgeHeaderReader.MaxSizeInBytes - 10), out _));
        Assert.Throws<AgeFormatException>(() => AgeHeaderReader.Read(new MemoryStream(header)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-> \n\n")]
    [InlineData("->\n\n")]
    [InlineData("->  a\n\n")]
    [InlineData("-> a \n\n")]
    [InlineData("-> a\tb\n\n")]
    [InlineData("-> a\u00e9\n\n")]
    [InlineData("-> a\r\n\n")]
    [InlineData("-> a\nAA==\n")]
    [InlineData("-> a\nAB\n")]
    [InlineData("-> a\nA\n")]
    [InlineData("-> a\nA A\n")]
    [InlineData("-> a\n-_\n")]
    public void TryRead_MalformedStanza_IsInvalid(string stanza) =>
        Assert.Equal(OperationStatus.InvalidData, AgeHeaderReader.TryRead(Encoding.UTF8.GetBytes($"age-encryption.org/v1\n{stanza}--- {Mac}\n"), out _));

    [Theory]
    [InlineData("-> a\n\n", 0)]
    [InlineData("-> a\nAA\n", 1)]
    [InlineData("-> a b ~!\nAAAA\n", 3)]
    public void TryRead_Stanza_GivesItsBody(string stanza, int bodySizeInBytes)
    {
        Assert.Equal(OperationStatus.Done, AgeHeaderReader.TryRead(Encoding.UTF8.GetBytes($"age-encryption.org/v1\n{stanza}--- {Mac}\n"), out AgeHeader? header));
        Assert.Equal(bodySizeInBytes, Assert.Single(header!.Stanzas).Body.Length);
        Assert.Equal("a", header.Stanzas[0].Type);
    }
}
