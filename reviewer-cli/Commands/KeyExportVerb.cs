using System.CommandLine;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Desk.Rosters;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary><c>key export</c>: the public card.</summary>
internal sealed class KeyExportVerb : Verb
{
    private readonly Option<string> _out = new("--out") { Description = "Write the card to a file (else to standard output).", HelpName = "FILE" };

    public KeyExportVerb(Surroundings around)
        : base(around, "export", "Writes your public card, for whoever holds the drop key. Nothing in it is secret.",
            "reviewer key export --out card.json") => Add(_out);

    public static CardOutput Output(HomeDirectory home, ReviewerCard card) =>
        new(home.Path, card.Fingerprint, card.Name, card.SigningKey, card.SessionKey, card.Recipient);

    protected override Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel) => call.WithHomeAsync(home =>
    {
        ReviewerCard card = ReviewerCard.Of(home.Keys, KeyTerm.ForCard(home, call.Clock.Today()));
        if (call.Value(_out) is { } path)
        {
            AtomicFile.Write(Path.GetFullPath(path), card.Write(), overwrite: false);
            call.Screen.Note($"Written to {path}. Read this out to whoever holds the drop key, who compares it: {card.Fingerprint}");
        }
        else if (!call.Screen.IsJson)
        {
            call.Screen.Block(System.Text.Encoding.UTF8.GetString(card.Write()), "", int.MaxValue);
            call.Screen.Note($"fingerprint: {card.Fingerprint}");
        }

        call.Screen.Json(Output(home.Home, card), OutputJson.Default.CardOutput);
        return Task.FromResult(ExitCode.Ok);
    });
}
