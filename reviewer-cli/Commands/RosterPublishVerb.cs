using System.CommandLine;
using System.Text;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Desk.Rosters;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary><c>roster publish</c>: needs no key; the signature is the authorisation.</summary>
internal sealed class RosterPublishVerb : Verb
{
    private readonly Option<string> _server = new("--server") { Description = "The reviewers' side of the server.", HelpName = "URL" };

    private readonly Option<string> _token = new("--setup-token-file")
    {
        Description = "For the first roster of a server: a file with the token that it printed, or - for standard input.", HelpName = "FILE",
    };

    public RosterPublishVerb(Surroundings around)
        : base(around, "publish", "Brings the signed roster to the server. Needs no key.",
            "reviewer roster publish", "reviewer roster publish --server https://reviewers.example --setup-token-file token.txt")
    {
        Add(_server);
        Add(_token);
    }

    protected override async Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel)
    {
        SignedStatement signed = RosterFiles.Read(call.Home)
            ?? throw new ReviewerException(ExitCode.NotFound, $"There is no signed roster in {call.Home.Path}: `reviewer roster sign` makes it.");
        Roster roster = RosterSigning.Last(call.Home)!;
        List<SignedStatement> successors = RosterFiles.ReadSuccessors(call.Home);
        RequireGood(roster, signed, successors);
        // In a shell the settings that are open there: a second copy would be undone by the next command that writes them.
        Settings settings = call.Around.Unlocked?.Settings ?? Settings.Read(call.Home);
        string server = call.Value(_server) is { } given ? ServerAddress.Origin(given, "--server") : settings.RequireServer();
        using ReviewerApi api = call.Api(server, settings);
        WireStatus status = await api.StatusAsync(cancel);
        if (status.SetUp)
        {
            await PutSuccessorsAsync(api, successors, cancel);
            await api.PutRosterAsync(RosterFiles.Wire(signed), cancel);
        }
        else
        {
            string? token = await TokenAsync(call, cancel);
            await api.PutRosterAsync(RosterFiles.Wire(signed) with
            {
                SetupToken = token, Successors = successors.Count > 0 ? [.. successors.Select(RosterFiles.Wire)] : null,
            }, cancel);
        }

        if (settings.Server != server)
        {
            settings.Server = server;
            settings.Write(call.Home);
        }

        string link = $"{(roster.Origins is [string origin, ..] ? origin : "")}/#{roster.DropKey.Text}";
        call.Screen.Line($"Published: version {roster.Version}. The link for sources:");
        call.Screen.Line($"  {link}", LineStyle.Strong);
        call.Screen.Json(new DoneOutput(link), OutputJson.Default.DoneOutput);
        return ExitCode.Ok;
    }

    /// <summary>A roster broken on the way is found here, with words, and not by sources.</summary>
    private static void RequireGood(Roster roster, SignedStatement signed, List<SignedStatement> successors)
    {
        try
        {
            signed.Verify(DropKeyChain.Verify(roster.DropKey, successors).Last);
        }
        catch (Exception e) when (e is SignatureException or RosterException)
        {
            throw new ReviewerException(ExitCode.Damaged, $"The signed roster here does not hold: {e.Message} Sign it again.", e);
        }
    }

    private static async Task PutSuccessorsAsync(ReviewerApi api, List<SignedStatement> successors, CancellationToken cancel)
    {
        if (successors.Count == 0)
        {
            return;
        }

        RosterAnswer there;
        try
        {
            there = RosterAnswer.Parse(await api.RosterAsync(cancel));
        }
        catch (RosterException e)
        {
            throw new ReviewerException(ExitCode.RosterRefused, $"The server's present roster cannot be read: {e.Message}", e);
        }

        foreach (SignedStatement successor in successors.Skip(there.Successors.Count))
        {
            await api.PutSuccessorAsync(RosterFiles.Wire(successor), cancel);
        }
    }

    private async Task<string?> TokenAsync(Invocation call, CancellationToken cancel)
    {
        if (call.Value(_token) is not { } path)
        {
            return call.Screen.CanAsk
                ? call.Questions.Ask("The setup token that the server printed (empty if its configuration names the drop key):", "--setup-token-file FILE", "") is { Length: > 0 } typed ? typed : null
                : null;
        }

        try
        {
            using StreamReader reader = new(path == "-" ? call.Streams.OpenInput() : File.OpenRead(path), Encoding.UTF8);
            string line = (await reader.ReadLineAsync(cancel) ?? "").Trim();
            // The server's own line may be given as it was printed.
            return line.StartsWith("setup-token:", StringComparison.Ordinal) ? line["setup-token:".Length..].Trim() : line;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReviewerException(ExitCode.NotFound, $"The setup token cannot be read from {path}.", e);
        }
    }
}
