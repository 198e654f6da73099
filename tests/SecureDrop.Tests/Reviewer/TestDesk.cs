using System.Text;
using SecureDrop.Reviewer.Commands;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Server;

namespace SecureDrop.Tests.Reviewer;

/// <summary>What a run of the tool printed and ended with.</summary>
internal sealed record Ran(ExitCode Code, string Output, string Error);

/// <summary>The real command table over a home of a test's own; nobody can be asked, the passphrase comes from a file. Only scrypt is
/// made quick.</summary>
internal sealed class TestDesk : IDisposable
{
    public const int QuickWorkFactorLog2 = 10;

    private readonly TemporaryFolder _folder = new();

    public TestDesk(TimeProvider? clock = null)
    {
        Clock = clock ?? TimeProvider.System;
        File.WriteAllText(PassphraseFile, "correct horse\n");
        Variables[PassphraseReader.FileVariable] = PassphraseFile;
        Variables[HomeDirectory.Variable] = Home;
    }

    public Dictionary<string, string> Variables { get; } = [];

    public string Home => _folder.File("home");

    public string PassphraseFile => _folder.File("passphrase");

    public TimeProvider Clock { get; }

    /// <summary>What stands between the tool and the network, where a test wants something there.</summary>
    public Func<HttpMessageHandler>? Network { get; set; }

    /// <summary>Somebody sits there: what is asked is answered from the input.</summary>
    public bool HasPerson { get; set; }

    /// <summary>What tells a command to stop.</summary>
    public CancellationToken Stop { get; set; }

    public string File_(string name) => _folder.File(name);

    public HomeDirectory HomeDirectory => new(Home);

    public Task<Ran> RunAsync(params string[] arguments) => RunWithInputAsync("", arguments);

    public async Task<Ran> RunWithInputAsync(string input, params string[] arguments)
    {
        StringWriter output = new(), error = new();
        Surroundings around = new()
        {
            Streams = new Streams
            {
                IsInputTerminal = HasPerson, IsErrorTerminal = HasPerson, Output = output, Error = error, Input = new StringReader(input), OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(input)),
            },
            Environment = Variables.GetValueOrDefault,
            Clock = Clock,
            PassphraseFile = new PassphraseFile(QuickWorkFactorLog2),
            Network = Network,
        };
        ExitCode code = await ReviewerProgram.RunAsync(arguments, around, Stop);
        return new Ran(code, output.ToString(), error.ToString());
    }

    /// <summary>The home as a command has it.</summary>
    public UnlockedHome Unlock() =>
        UnlockedHome.Open(HomeDirectory, new PassphraseFile(QuickWorkFactorLog2), "correct horse"u8, Clock, HomeLock.Take(HomeDirectory));

    /// <summary>As <see cref="RunAsync"/>, and fails the test on another exit code.</summary>
    public async Task<string> OkAsync(params string[] arguments)
    {
        Ran ran = await RunAsync(arguments);
        Xunit.Assert.True(ran.Code == ExitCode.Ok, $"{string.Join(' ', arguments)}: {ran.Code}\n{ran.Output}{ran.Error}");
        return ran.Output;
    }

    /// <summary>Changes the draft that <c>init</c> or <c>roster draft</c> wrote: days for which the roster's own keys are sealed to.</summary>
    public async Task SetRecipientDaysAsync(int days)
    {
        string draft = await File.ReadAllTextAsync(HomeDirectory.RosterDraft);
        await File.WriteAllTextAsync(HomeDirectory.RosterDraft, draft.Replace("\"recipientDays\": 90", $"\"recipientDays\": {days}", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();
}
