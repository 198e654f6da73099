using System.CommandLine;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary><c>delete</c>: takes reports off this disk.</summary>
internal sealed class DeleteVerb : Verb
{
    private readonly Argument<string[]> _reports = new("report")
    {
        Description = "Handles of reports.", HelpName = "REPORT", Arity = ArgumentArity.OneOrMore,
    };

    public DeleteVerb(Surroundings around)
        : base(around, "delete", "Deletes reports from this disk. The server keeps whole days until they end, and the other reviewers keep theirs.",
            "reviewer delete 3f9a", "reviewer delete 3f9a 77b0 --yes") => Add(_reports);

    protected override Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel) => call.WithHomeAsync(home =>
    {
        ReportEntry[] reports = [.. call.Parsed.GetRequiredValue(_reports).Select(h => Handles.Report(home.Index, h)).Distinct()];
        call.Questions.Confirm($"Delete {(reports.Length == 1 ? $"report {reports[0].Id[..8]}" : $"{reports.Length} reports")} from this disk? It cannot be fetched again once its day has been fetched whole.");
        foreach (ReportEntry report in reports)
        {
            bool last = Deletion.Delete(home, report);
            call.Screen.Line($"Deleted {report.Id[..8]}{(last ? "; it was the last of its conversation, which can no longer be answered from here" : "")}.");
        }

        call.Screen.Json(new DeleteOutput([.. reports.Select(r => r.Id)]), OutputJson.Default.DeleteOutput);
        return Task.FromResult(ExitCode.Ok);
    });
}
