using System.CommandLine;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary>One call of one verb: its arguments, and the doors to screen, keystore and network.</summary>
internal sealed class Invocation
{
    private readonly Surroundings _around;

    public Invocation(ParseResult parsed, Surroundings around)
    {
        Parsed = parsed;
        _around = around;
        Screen = new Screen(around.Streams, parsed.GetValue(GlobalOptions.Json));
        Questions = new Questions(Screen, around.Streams, parsed.GetValue(GlobalOptions.Yes));
        Passphrases = new PassphraseReader(Screen, around.Environment, around.ReadWithoutEcho);
        Home = around.Unlocked?.Home ?? HomeDirectory.Choose(parsed.GetValue(GlobalOptions.Home), around.Environment);
    }

    public ParseResult Parsed { get; }

    public Screen Screen { get; }

    public Questions Questions { get; }

    public PassphraseReader Passphrases { get; }

    public HomeDirectory Home { get; }

    public TimeProvider Clock => _around.Clock;

    public Streams Streams => _around.Streams;

    public Func<string, string?> Environment => _around.Environment;

    public PassphraseFile PassphraseFile => _around.PassphraseFile;

    public Surroundings Around => _around;

    public string? Value(Option<string> option) => Parsed.GetValue(option);

    public bool Value(Option<bool> option) => Parsed.GetValue(option);

    /// <summary>Runs work on the unlocked home; inside a shell the one that is open, else one of its own that is locked again after.</summary>
    public async Task<ExitCode> WithHomeAsync(Func<UnlockedHome, Task<ExitCode>> work)
    {
        if (_around.Unlocked is { } open)
        {
            RememberProxy(open.Settings);
            return await work(open);
        }

        using UnlockedHome home = Unlock();
        return await work(home);
    }

    public UnlockedHome Unlock()
    {
        KeystoreFile keystore = new(Home, PassphraseFile);
        if (!keystore.Exists)
        {
            throw keystore.NotThere();
        }

        HomeLock held = HomeLock.Take(Home);
        byte[] passphrase = [];
        try
        {
            RememberProxy(Settings.Read(Home));
            passphrase = Passphrases.Read("the keystore");
            using LateWord word = Screen.Unlocking(Clock);
            return UnlockedHome.Open(Home, PassphraseFile, passphrase, Clock, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(passphrase);
        }
    }

    /// <summary>The server of this home, by option or setting, with a login.</summary>
    public ReviewerApi Api(UnlockedHome home)
    {
        string server = home.Settings.RequireServer();
        return new(server, Proxy(home.Settings), home.Keys.Session, _around.Network?.Invoke());
    }

    /// <summary>A server without login.</summary>
    public ReviewerApi Api(string server, Settings settings)
    {
        RememberProxy(settings);
        return new(server, Proxy(settings), null, _around.Network?.Invoke());
    }

    /// <summary>
    /// Remembers <c>--proxy</c>, whatever the command was: one that only <c>join</c> or <c>shell</c> was told of would not be used by what is
    /// typed next, and all that would go past Tor.
    /// </summary>
    /// <exception cref="ReviewerException">It is none.</exception>
    public void RememberProxy(Settings settings)
    {
        string? given = GivenProxy();
        if (given is not null && given != (settings.Proxy ?? ""))
        {
            settings.Proxy = given.Length == 0 ? null : given;
            Home.Create();
            settings.Write(Home);
        }
    }

    /// <summary>What <c>--proxy</c> says, checked: null where it is not given, empty where the proxy is to be forgotten.</summary>
    /// <exception cref="ReviewerException">It is none.</exception>
    public string? GivenProxy()
    {
        string? given = Parsed.GetValue(GlobalOptions.Proxy);
        if (given is { Length: > 0 })
        {
            _ = ServerAddress.Proxy(given);
        }

        return given;
    }

    private static Uri? Proxy(Settings settings) => settings.Proxy is { Length: > 0 } text ? ServerAddress.Proxy(text) : null;
}
