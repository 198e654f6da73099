using System.CommandLine;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Desk.Rosters;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary><c>key renew</c>: the weekly new age key.</summary>
internal sealed class KeyRenewVerb : Verb
{
    private readonly Option<int> _days = new("--days")
    {
        Description = $"Days it is sealed to, at most {RecipientStatement.LongestSpanInDays}.", HelpName = "N", DefaultValueFactory = _ => KeyRenewal.DaysServed,
    };

    public KeyRenewVerb(Surroundings around)
        : base(around, "renew", "Makes a new key that sources seal to, and tells the server. Do it weekly: what is stolen later then opens little.",
            "reviewer key renew", "reviewer key renew --days 21") => Add(_days);

    protected override Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel) => call.WithHomeAsync(async home =>
    {
        Roster roster = new RosterKnowledge(home).Newest()
            ?? throw new ReviewerException(ExitCode.BadInput, "No roster is known here yet: `reviewer sync` first.");
        if (roster.Reviewers.All(r => !r.SigningKey.Equals(home.Keys.Signing.PublicKey)))
        {
            throw new ReviewerException(ExitCode.BadInput, "You do not stand in the roster, so no source would take a key from you. Nothing was changed.");
        }

        SignedStatement signed = KeyRenewal.Renew(home, roster.DropKey, call.Parsed.GetValue(_days), call.Clock.Today());
        RecipientStatement statement = RecipientStatement.Parse(signed.Statement.Span);
        using ReviewerApi api = call.Api(home);
        try
        {
            await api.PutRecipientAsync(RosterFiles.Wire(signed), cancel);
        }
        catch (ReviewerException e)
        {
            call.Screen.Note($"reviewer: {e.Message}");
            call.Screen.Note($"The new key was made but no source knows it yet. Run `reviewer key renew` again.");
            call.Screen.Json(new RenewOutput(statement.Serial, statement.FirstDay, statement.LastDay, false), OutputJson.Default.RenewOutput);
            return e.ExitCode;
        }

        new RosterKnowledge(home).Remember(signed);
        home.SaveIndex();
        int destroyed;
        using (Meter meter = call.Screen.StartMeter("Sealing", call.Clock))
        {
            destroyed = KeyRenewal.DestroyOld(home, call.Clock.Today(), meter, cancel);
        }

        call.Screen.Line($"Sources seal to your new key from today until {statement.LastDay}. {(destroyed > 0 ? $"{destroyed} old key{(destroyed == 1 ? "" : "s")} destroyed." : "The old one stays until nothing can come for it any more.")}");
        string? undone = KeyRenewal.UndoneByRoster(home, roster, call.Clock.Today());
        if (undone is not null)
        {
            call.Screen.Line($"{undone}", LineStyle.Strong);
        }

        call.Screen.Json(new RenewOutput(statement.Serial, statement.FirstDay, statement.LastDay, true, undone), OutputJson.Default.RenewOutput);
        return ExitCode.Ok;
    });
}
