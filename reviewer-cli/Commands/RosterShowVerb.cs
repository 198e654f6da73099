using System.CommandLine;
using System.Text;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Desk.Rosters;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary><c>roster show</c>: the server's roster as this desk checks it.</summary>
internal sealed class RosterShowVerb(Surroundings around) : Verb(around, "show",
    "Fetches the roster, checks it against your pinned drop key, and shows who can read what is told today.", "reviewer roster show")
{
    private const int LongestNameInCells = 40;

    protected override Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel) => call.WithHomeAsync(async home =>
    {
        using ReviewerApi api = call.Api(home);
        RosterKnowledge knowledge = new(home);
        VerifiedRoster verified = knowledge.Take(await api.RosterAsync(cancel), home.Clock.Today());
        home.SaveIndex();
        Roster roster = verified.Roster;
        foreach (string alarm in knowledge.Alarms)
        {
            call.Screen.Alarm($"{alarm}");
        }

        string name = TerminalText.Line(Text(roster.Name), LongestNameInCells);
        string link = $"{(roster.Origins is [var first, ..] ? first : null) ?? home.Settings.SourceOrigin ?? ""}/#{roster.DropKey.Text}";
        call.Screen.Line($"{name} · roster {roster.Version} of {roster.Issued}, ends {roster.Expires} · leads back to your pinned key", LineStyle.Strong);
        call.Screen.Line($"drop key  {InFours(roster.DropKey.Text)}");
        call.Screen.Line($"link      {link}");
        if (verified.IsClosed)
        {
            call.Screen.Line($"The drop is closed: nobody is sealed to today.", LineStyle.Strong);
        }

        List<RosterReviewerOutput> reviewers = [];
        for (int i = 0; i < roster.Reviewers.Count; i++)
        {
            RosterReviewer reviewer = roster.Reviewers[i];
            ChosenRecipient? chosen = verified.Recipients.FirstOrDefault(r => r.Reviewer == i);
            RosterReviewerOutput shown = new(reviewer.Name is null ? "" : TerminalText.Line(Text(reviewer.Name), LongestNameInCells), reviewer.SigningKey.Text,
                chosen is null ? null : Days.Text(chosen.LastDay), reviewer.SigningKey.Equals(home.Keys.Signing.PublicKey));
            reviewers.Add(shown);
            call.Screen.Line($"  {(shown.Name.Length == 0 ? "(no name)" : shown.Name),-20}  {(shown.SealedToUntil is null ? "cannot read what is told today" : $"sealed to until {shown.SealedToUntil}")}{(shown.You ? "  (you)" : "")}");
        }

        call.Screen.Json(new RosterOutput(roster.DropKey.Text, link, name, roster.Version, roster.Issued, roster.Expires, verified.IsClosed, reviewers,
            knowledge.Alarms), OutputJson.Default.RosterOutput);
        return knowledge.Alarms.Count > 0 ? ExitCode.Alarm : ExitCode.Ok;
    });

    private static string Text(IReadOnlyDictionary<string, string> texts) => texts.TryGetValue("en", out string? english) ? english : texts.Values.First();

    private static string InFours(string text) => string.Join(' ', text.Chunk(4).Select(c => new string(c)));
}
