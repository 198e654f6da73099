using System.Text;
using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Server;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Terminal;

public sealed class PassphraseReaderTests
{
    private static Screen NewScreen(bool canAsk) => new(new Streams
    {
        Output = TextWriter.Null, Error = TextWriter.Null, Input = TextReader.Null, IsInputTerminal = canAsk, IsErrorTerminal = canAsk,
    }, json: false);

    [Theory]
    [InlineData("secret\n", "secret")]
    [InlineData("secret\r\nmore\n", "secret")]
    [InlineData(" with spaces ", " with spaces ")]
    [InlineData("密码\n", "密码")]
    public void Read_File_GivesItsFirstLine(string content, string passphrase)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("p"), content);
        PassphraseReader reader = new(NewScreen(false), name => name == PassphraseReader.FileVariable ? folder.File("p") : null);
        Assert.Equal(passphrase, Encoding.UTF8.GetString(reader.Read("it")));
    }

    [Fact]
    public void Read_EmptyFile_IsRefused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("p"), "\nsecret\n");
        PassphraseReader reader = new(NewScreen(false), _ => folder.File("p"));
        Assert.Equal(ExitCode.BadInput, Assert.Throws<ReviewerException>(() => reader.Read("it")).ExitCode);
    }

    [Fact]
    public void Read_NobodyThere_NamesTheVariable()
    {
        ReviewerException e = Assert.Throws<ReviewerException>(() => new PassphraseReader(NewScreen(false), _ => null).Read("it"));
        Assert.Equal(ExitCode.NobodyToAsk, e.ExitCode);
        Assert.Contains(PassphraseReader.FileVariable, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadNew_TwoDifferentOnes_AsksAgain()
    {
        Queue<string> typed = new(["a", "b", "", "", "c", "c"]);
        PassphraseReader reader = new(NewScreen(true), _ => null, _ => typed.Dequeue().ToCharArray());
        Assert.Equal("c"u8.ToArray(), reader.ReadNew("it"));
        Assert.Empty(typed);
    }
}
