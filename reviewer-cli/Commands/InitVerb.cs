using System.CommandLine;
using System.Security.Cryptography;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Desk.Rosters;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary><c>init</c>: a drop in one go, or a reviewer's own keys.</summary>
internal sealed class InitVerb : Verb
{
    /// <summary>Where a server listens for reviewers unless set otherwise.</summary>
    public const string UsualServer = "http://127.0.0.1:8081";

    private readonly Option<string> _name = new("--name") { Description = "Whose drop this is, as sources see it.", HelpName = "NAME" };
    private readonly Option<string> _url = new("--url") { Description = "Where sources open it, such as https://drop.example.", HelpName = "URL" };
    private readonly Option<string> _server = new("--server") { Description = $"The reviewers' side of the server (else {UsualServer}).", HelpName = "URL" };
    private readonly Option<string> _as = new("--as") { Description = "Your name, as sources see it (else none).", HelpName = "NAME" };
    private readonly Option<string> _dropKey = new("--drop-key") { Description = "Where the drop key goes: a stick (else the home folder).", HelpName = "FILE" };
    private readonly Option<bool> _reviewer = new("--reviewer") { Description = "Only your own keys, for a drop whose key another holds." };
    private readonly Option<string> _link = new("--link") { Description = "With --reviewer: the drop's link, whose key is then pinned.", HelpName = "LINK" };
    private readonly Option<string> _draft = new("--draft") { Description = "Begin with this roster draft instead of an empty one.", HelpName = "FILE" };

    public InitVerb(Surroundings around)
        : base(around, "init", "Sets up a drop in one go: drop key, your keys, first roster. With --reviewer only your own keys.",
            "reviewer init",
            "reviewer init --name \"The Paper\" --url https://drop.example --server https://reviewers.example --drop-key /media/stick/drop-key.age",
            "reviewer init --reviewer --as Ana --link https://drop.example/#RWQ… --server https://reviewers.example")
    {
        Add(_name);
        Add(_url);
        Add(_server);
        Add(_as);
        Add(_dropKey);
        Add(_reviewer);
        Add(_link);
        Add(_draft);
    }

    protected override Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel)
    {
        // One that is none is said before anything is made.
        _ = call.GivenProxy();
        ExitCode code = call.Value(_reviewer) ? InitReviewer(call) : InitDrop(call, cancel);
        call.RememberProxy(Settings.Read(call.Home));
        return Task.FromResult(code);
    }

    private ExitCode InitDrop(Invocation call, CancellationToken cancel)
    {
        string dropKeyPath = Path.GetFullPath(call.Value(_dropKey) ?? call.Home.DropKey);
        DropSetup.RequireEmpty(call.Home, dropKeyPath);
        if (call.Screen.CanAsk && call.Value(_name) is null)
        {
            call.Screen.Note($"A drop needs three things: a name, the address where sources open it, and a passphrase for its keys.");
        }

        string name = call.Value(_name) ?? call.Questions.Ask("Whose drop is it, as sources will read it?", "--name NAME");
        RosterDraft.RequireName(name);
        string origin = ServerAddress.Origin(
            call.Value(_url) ?? call.Questions.Ask("Where will sources open it?", "--url URL", "http://localhost:8080"), "--url");
        string server = ServerAddress.Origin(call.Value(_server) ?? UsualServer, "--server");
        byte[] passphrase = call.Passphrases.ReadNew("the keystore and the drop key");
        Roster roster;
        try
        {
            call.Home.Create();
            if (call.Value(_draft) is { } draft)
            {
                CopyDraft(call.Home, draft);
            }

            roster = DropSetup.CreateDrop(call.Home, call.PassphraseFile, name, call.Value(_as) ?? "", origin, server, dropKeyPath, passphrase,
                call.Clock.Today(), cancel);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passphrase);
        }

        string link = $"{origin}/#{roster.DropKey.Text}";
        Explain(call, dropKeyPath, link);
        call.Screen.Json(new InitOutput(call.Home.Path, link, roster.DropKey.Text, roster.Version, dropKeyPath, server), OutputJson.Default.InitOutput);
        return ExitCode.Ok;
    }

    private static void Explain(Invocation call, string dropKeyPath, string link)
    {
        Screen screen = call.Screen;
        screen.Line($"Made, and sealed with your passphrase. Nobody can find the passphrase again for you.");
        screen.Gap();
        screen.Line($"  your keys      {call.Home.Keystore}");
        screen.Line($"  the drop key   {dropKeyPath}");
        screen.Line($"  the draft      {call.Home.RosterDraft}");
        screen.Gap();
        screen.Line($"The drop key says who may read. Whoever has it can add a reader, so it wants to lie on a stick in a drawer:");
        screen.Line($"move the file, and give it back with --drop-key when you sign the next roster. Keep a copy of both files elsewhere.");
        screen.Gap();
        screen.Line($"The link for sources. The key after # lets their page refuse another drop, so always hand out all of it:");
        screen.Line($"  {link}", LineStyle.Strong);
        screen.Gap();
        screen.Line($"Next, with the setup token that the server printed at its first start:");
        screen.Line($"  reviewer roster publish");
        screen.Line($"  reviewer sync");
    }

    private static void CopyDraft(HomeDirectory home, string draft)
    {
        _ = RosterDraft.Read(draft);
        AtomicFile.Write(home.RosterDraft, File.ReadAllBytes(draft), overwrite: false);
    }

    private ExitCode InitReviewer(Invocation call)
    {
        DropSetup.RequireEmpty(call.Home, null);
        (string? origin, MinisignPublicKey? key) = call.Value(_link) is { } link ? JoinVerb.Read(link) : (null, null);
        string? server = call.Value(_server) is { } given ? ServerAddress.Origin(given, "--server") : null;
        string name = call.Value(_as) ?? (call.Screen.CanAsk ? call.Questions.Ask("Your name, as sources will read it (empty for none)?", "--as NAME", "") : "");
        byte[] passphrase = call.Passphrases.ReadNew("your keystore");
        ReviewerCard card;
        try
        {
            card = DropSetup.CreateReviewer(call.Home, call.PassphraseFile, name, server, origin, key, passphrase, call.Clock.Today());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passphrase);
        }

        call.Screen.Line($"Your keys are made and sealed with your passphrase: {call.Home.Keystore}");
        call.Screen.Line($"Their fingerprint, to be read out to whoever holds the drop key:");
        call.Screen.Line($"  {card.Fingerprint}", LineStyle.Strong);
        call.Screen.Gap();
        call.Screen.Line($"Next:");
        call.Screen.Line($"  reviewer key export --out card.json     and bring card.json to whoever holds the drop key");
        if (key is null)
        {
            call.Screen.Line($"  reviewer join LINK --server URL         once the drop has a link");
        }
        else
        {
            call.Screen.Line($"  reviewer sync                           once you stand in the roster");
        }

        call.Screen.Json(KeyExportVerb.Output(call.Home, card), OutputJson.Default.CardOutput);
        return ExitCode.Ok;
    }
}
