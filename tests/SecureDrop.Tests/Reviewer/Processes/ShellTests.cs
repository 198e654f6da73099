using SecureDrop.Reviewer.Terminal;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Processes;

/// <summary>The shell on a real terminal.</summary>
public sealed class ShellTests
{
    private const string Prompt = "reviewer> ";
    private const string CtrlC = "\x03";
    private const string CtrlD = "\x04";
    private const string Up = "\x1b[A";

    [Fact]
    public async Task Shell_OneUnlocking_ManyCommandsAndNothingTypedStaysOnTheDisk()
    {
        await using DeskBehindProxy at = await DeskBehindProxy.StartAsync();
        using SourceAtWork source = new(at.At.Drop);
        await source.TellAsync("Gate unlocked.");
        await at.Desk.OkAsync("sync");
        string user = Directory.CreateDirectory(at.Desk.File_("user")).FullName;
        at.Desk.Variables["HOME"] = user;
        at.Desk.Variables[PassphraseReader.FileVariable] = "";

        using TerminalSession session = TerminalSession.Start(at.Desk, "shell");
        await session.SeeAsync("Passphrase of the keystore: ");
        await session.TypeAsync("correct horse\r");
        await session.SeeAsync(Prompt);
        await session.TypeAsync("inbox --new\r");
        await session.SeeAsync("Gate unlocked.");
        await session.SeeAsync(Prompt);
        await session.TypeAsync("inbox --home /nowhere\r");
        await session.SeeAsync("and --home names another folder");
        await session.SeeAsync(Prompt);
        await session.TypeAsync("help inbox\r");
        await session.SeeAsync("Only what nobody at this desk has opened.");
        await session.SeeAsync(Prompt);
        await session.TypeAsync("frobnicate-this\r");
        await session.SeeAsync("There is no command `frobnicate-this`.");
        await session.SeeAsync(Prompt);
        // History, and Ctrl-C lets go of a line, not of the shell.
        await session.TypeAsync(Up + CtrlC);
        await session.SeeAsync("frobnicate-this");
        await session.SeeAsync("^C");
        await session.SeeAsync(Prompt);
        await session.TypeAsync("sta\t\r");
        await session.SeeAsync("1 new, 1 unanswered");
        await session.SeeAsync(Prompt);
        await session.TypeAsync(CtrlD);
        Assert.Equal(0, await session.EndAsync());

        Assert.DoesNotContain("correct horse", session.Shown, StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(user, "*", SearchOption.AllDirectories),
            file => Assert.DoesNotContain("frobnicate", File.ReadAllText(file), StringComparison.Ordinal));
        Assert.All(Directory.GetFiles(at.Desk.Home, "*", SearchOption.AllDirectories),
            file => Assert.DoesNotContain("frobnicate", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Shell_CtrlCWhileACommandWaits_StopsTheCommandAlone()
    {
        await using DeskBehindProxy at = await DeskBehindProxy.StartAsync();
        using TerminalSession session = TerminalSession.Start(at.Desk, "shell");
        await session.SeeAsync(Prompt);
        Task held = at.Proxy.HoldAfter(0);
        await session.TypeAsync("sync\r");
        await held.WaitAsync(TimeSpan.FromMinutes(1));
        await session.TypeAsync(CtrlC);
        await session.SeeAsync("Interrupted.");
        await session.SeeAsync(Prompt);
        at.Proxy.Mend();
        await session.TypeAsync("sync\r");
        await session.SeeAsync("Nothing new.");
        await session.SeeAsync(Prompt);
        await session.TypeAsync("exit\r");
        Assert.Equal(0, await session.EndAsync());
    }

    [Fact]
    public async Task Shell_QuestionAndCtrlC_LeavesAsItWas()
    {
        await using DeskBehindProxy at = await DeskBehindProxy.StartAsync();
        using SourceAtWork source = new(at.At.Drop);
        await source.TellAsync("hello");
        await at.Desk.OkAsync("sync");
        string handle = await at.At.OnlyHandleAsync();
        using TerminalSession session = TerminalSession.Start(at.Desk, "shell");
        await session.SeeAsync(Prompt);
        await session.TypeAsync($"delete {handle}\r");
        await session.SeeAsync($"Delete report {handle}");
        await session.SeeAsync("> ");
        await session.TypeAsync(CtrlC);
        await session.SeeAsync("Left as it was.");
        await session.SeeAsync(Prompt);
        await session.TypeAsync($"delete {handle}\r");
        await session.SeeAsync("> ");
        await session.TypeAsync("y\r");
        await session.SeeAsync("Deleted");
        await session.TypeAsync("exit\r");
        Assert.Equal(0, await session.EndAsync());
        Assert.Empty(await at.At.InboxAsync());
    }

    [Fact]
    public async Task Shell_LineLongerThanTheWindow_StaysOnOneLine()
    {
        await using DeskBehindProxy at = await DeskBehindProxy.StartAsync();
        using TerminalSession session = TerminalSession.Start(at.Desk, "shell");
        await session.SeeAsync(Prompt);
        await session.TypeAsync(new string('x', 100) + "END");
        await session.SeeAsync("END");
        string last = session.Shown[(session.Shown.LastIndexOf("\r\x1b[K", StringComparison.Ordinal) + 4)..];
        Assert.True(last.Length < 72, last);
        await session.TypeAsync(CtrlC + CtrlD);
        await session.EndAsync();
    }

    [Fact]
    public async Task Shell_FromAPipe_RunsEachLineAndEndsWithTheLastCode()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        Ran ran = await at.Desk.RunWithInputAsync("sync\ninbox\n\nopen 0000\n", "shell");
        Assert.Equal(ExitCode.NotFound, ran.Code);
        Assert.Contains("Nothing new.", ran.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await at.Desk.RunWithInputAsync("open 0000\nstatus\nexit\nfrobnicate\n", "shell")).Code);
    }

    [Fact]
    public async Task Editor_CtrlCWhileItIsOpen_IsTheEditors()
    {
        await using DeskBehindProxy at = await DeskBehindProxy.StartAsync();
        using SourceAtWork source = new(at.At.Drop);
        await source.TellAsync("hello");
        await at.Desk.OkAsync("sync");
        string handle = await at.At.OnlyHandleAsync(), script = at.Desk.File_("editor.sh");
        await File.WriteAllTextAsync(script, """
            trap '' INT
            echo EDITOR-READY
            read -r line
            echo "the answer" > "$1"
            """);
        at.Desk.Variables["EDITOR"] = $"/bin/sh {script}";
        using TerminalSession session = TerminalSession.Start(at.Desk, "reply", handle);
        await session.SeeAsync("EDITOR-READY");
        await session.TypeAsync(CtrlC);
        await Task.Delay(500);
        await session.TypeAsync("\r");
        await session.SeeAsync("Sealed.");
        Assert.Equal(0, await session.EndAsync());
        await at.At.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Contains("the answer", (await source.LookAsync()).Replies.Select(r => r.Message));
    }
}
