using System.CommandLine;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary><c>inbox</c>: one line a report.</summary>
internal sealed class InboxVerb : Verb
{
    private const int GapInCells = 2;
    private const int CategoryWidthInCells = 12;

    private readonly Option<bool> _new = new("--new") { Description = "Only what nobody at this desk has opened." };
    private readonly Option<bool> _unanswered = new("--unanswered") { Description = "Only what no reviewer has answered." };
    private readonly Option<string> _category = new("--category") { Description = "Only this category of the form.", HelpName = "ID" };
    private readonly Option<string> _since = new("--since") { Description = "Only what arrived on or after a day.", HelpName = "YYYY-MM-DD" };
    private readonly Option<string> _conversation = new("--conversation") { Description = "Only what this person wrote: any report of theirs, or its conversation (c:…).", HelpName = "REPORT" };

    public InboxVerb(Surroundings around)
        : base(around, "inbox", "Lists reports, newest below: handle, day, state, size, category, first words.",
            "reviewer inbox --new", "reviewer inbox --unanswered --category fraud", "reviewer inbox --since 2026-11-01 --json",
            "reviewer inbox --conversation 3f9a")
    {
        Add(_new);
        Add(_unanswered);
        Add(_category);
        Add(_since);
        Add(_conversation);
    }

    protected override Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel)
    {
        DateOnly since = default;
        if (call.Value(_since) is { } text && !Days.TryParse(text, out since))
        {
            throw new ReviewerException(ExitCode.BadInput, "--since takes a day such as 2026-11-24.");
        }

        InboxFilter filter = new(call.Value(_new), call.Value(_unanswered), call.Value(_category), call.Value(_since) is null ? null : since);
        return call.WithHomeAsync(home =>
        {
            IReadOnlyList<InboxLine> lines = InboxList.Lines(home.Index,
                call.Value(_conversation) is { } handle ? filter with { Conversation = Handles.Conversation(home.Index, handle) } : filter);
            bool hasCategories = lines.Any(line => !string.IsNullOrEmpty(line.Category));
            foreach (InboxLine line in lines)
            {
                Draw(call.Screen, line, hasCategories);
            }

            if (lines.Count == 0)
            {
                call.Screen.Note($"{(home.Index.Reports.Count == 0 ? "No reports yet. `reviewer sync` fetches what came." : "No report matches.")}");
            }

            call.Screen.Json(new InboxOutput(lines), OutputJson.Default.InboxOutput);
            return Task.FromResult(ExitCode.Ok);
        });
    }

    private static void Draw(Screen screen, InboxLine line, bool hasCategories)
    {
        LineStyle style = line.Alarms.Count > 0 ? LineStyle.Alarm : line.Opened ? LineStyle.Plain : LineStyle.Strong;
        string files = line.Attachments > 0 ? $"+{line.Attachments} " : "";
        string category = hasCategories ? TerminalText.Line(line.Category ?? "", CategoryWidthInCells) : "";
        int categoryWidth = hasCategories ? CategoryWidthInCells + GapInCells : 0;
        int used = line.Handle.Length + 10 + 13 + 7 + (4 * GapInCells) + categoryWidth;
        string words = TerminalText.Line(files + line.FirstWords, Math.Max(screen.WidthInCells - used, 16));
        string padding = new(' ', categoryWidth - TerminalText.WidthInCells(category));
        screen.Line($"{line.Handle}  {line.Day}  {line.State,-13}  {ByteCount.Text(line.Bytes),7}  {category + padding + words}", style);
    }
}
