using SecureDrop.Reviewer.Terminal;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Commands;

public sealed class MistypedTests
{
    [Theory]
    [InlineData("inbx", "There is no command `inbx`. Did you mean `inbox`?")]
    [InlineData("opne 3f9a", "There is no command `opne`. Did you mean `open`?")]
    [InlineData("Sync", "There is no command `Sync`. Did you mean `sync`?")]
    [InlineData("publish", "There is no command `publish`. Did you mean `roster publish`?")]
    [InlineData("key renw", "There is no command `key renw`. Did you mean `key renew`?")]
    [InlineData("roster shw --json", "There is no command `roster shw`. Did you mean `roster show`?")]
    [InlineData("frobnicate", "There is no command `frobnicate`.")]
    [InlineData("inbox --nwe", "There is no option `--nwe` here. Did you mean `--new`?")]
    [InlineData("inbox --prxy socks5h://127.0.0.1:9050", "There is no option `--prxy` here. Did you mean `--proxy`?")]
    [InlineData("inbox --frobnicate", "There is no option `--frobnicate` here.")]
    public async Task Line_Mistyped_IsNamedInOneSentenceWithWhatWasMeant(string line, string sentence)
    {
        using TestDesk desk = new();
        Ran ran = await desk.RunAsync(line.Split(' '));
        Assert.Equal(ExitCode.Usage, ran.Code);
        Assert.Empty(ran.Output);
        string[] lines = ran.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("reviewer: " + sentence, lines[0]);
        Assert.EndsWith("--help` shows what it takes.", lines[^1], StringComparison.Ordinal);
        Assert.Equal(2, lines.Length);
    }

    [Theory]
    [InlineData("open")]
    [InlineData("reply 3f9a --kind praise")]
    [InlineData("key renew --days many")]
    [InlineData("roster")]
    public async Task Line_Incomplete_IsOneLineAndTheHelp(string line)
    {
        using TestDesk desk = new();
        Ran ran = await desk.RunAsync(line.Split(' '));
        Assert.Equal(ExitCode.Usage, ran.Code);
        Assert.Equal(2, ran.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain("U+", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_HostileWord_ReachesTheScreenHarmless()
    {
        using TestDesk desk = new();
        foreach (string[] line in new string[][] { ["\x1b]0;x\a"], ["inbox", "--\x1b[2J"], ["open", "\x1b[2J\u202e"], [new string('x', 100_000)] })
        {
            Ran ran = await desk.RunAsync(line);
            Assert.NotEqual(ExitCode.Failed, ran.Code);
            Assert.DoesNotContain(ran.Error, c => (char.IsControl(c) && c != '\n') || c == '\u202e');
        }
    }
}
