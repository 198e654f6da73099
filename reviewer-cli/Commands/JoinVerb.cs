using System.CommandLine;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary><c>join</c>: pins the drop key of a link in this keystore.</summary>
internal sealed class JoinVerb : Verb
{
    private readonly Argument<string> _link = new("link") { Description = "The drop's link, https://…/#RW…, or its key alone.", HelpName = "LINK" };
    private readonly Option<string> _server = new("--server") { Description = "The reviewers' side of the server.", HelpName = "URL" };

    public JoinVerb(Surroundings around)
        : base(around, "join", "Tells your keystore which drop it is for: every roster is checked against this key from then on.",
            "reviewer join https://drop.example/#RWQ… --server https://reviewers.example")
    {
        Add(_link);
        Add(_server);
    }

    /// <summary>Origin (or null) and key of a link.</summary>
    public static (string? Origin, MinisignPublicKey Key) Read(string link)
    {
        (string? origin, string key) = ServerAddress.Link(link);
        return MinisignPublicKey.TryParse(key, out MinisignPublicKey? parsed)
            ? (origin, parsed)
            : throw new ReviewerException(ExitCode.BadInput,
                "The link has no drop key after its #, or one that was mistyped. Copy the whole link from whoever runs the drop.");
    }

    protected override Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel)
    {
        (string? origin, MinisignPublicKey key) = Read(call.Parsed.GetRequiredValue(_link));
        string? server = call.Value(_server) is { } given ? ServerAddress.Origin(given, "--server") : null;
        return call.WithHomeAsync(home =>
        {
            if (home.Keys.DropKey is { } pinned && !pinned.Equals(key))
            {
                call.Questions.Confirm($"This keystore is for the drop {pinned.Text}. Make it trust {key.Text} instead?");
                // What the other drop's key signed says nothing about this one's; and its version would make this one's roster an old one.
                home.Index.Rosters.Clear();
                home.Index.Recipients.Clear();
                home.Index.Successors.Clear();
                home.SaveIndex();
            }

            home.Keys.DropKey = key;
            home.SaveKeys();
            home.Settings.SourceOrigin = origin ?? home.Settings.SourceOrigin;
            home.Settings.Server = server ?? home.Settings.Server;
            home.Settings.Write(home.Home);
            call.Screen.Line($"This keystore now trusts rosters that lead back to {key.Text}.");
            call.Screen.Json(new DoneOutput(key.Text), OutputJson.Default.DoneOutput);
            return Task.FromResult(ExitCode.Ok);
        });
    }
}
