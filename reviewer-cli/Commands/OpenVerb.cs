using System.CommandLine;
using SecureDrop.Crypto.Reports;
using SecureDrop.Crypto.Replies;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary><c>open</c>: verdict, text, files.</summary>
internal sealed class OpenVerb : Verb
{
    private readonly Argument<string> _report = new("report") { Description = "A report's handle, or a sealed file.", HelpName = "REPORT|FILE" };
    private readonly Option<string> _out = new("--out") { Description = "Write its files and its text into this folder, under names of our own.", HelpName = "DIR" };
    private readonly Option<bool> _noReceipt = new("--no-receipt") { Description = "Do not tell the source that its first report was opened." };

    public OpenVerb(Surroundings around)
        : base(around, "open", "Shows a report: the verdict first, then the text, then its files.",
            "reviewer open 3f9a", "reviewer open 3f9a --out ~/cases/harbour", "reviewer open /media/stick/report.age --json")
    {
        Add(_report);
        Add(_out);
        Add(_noReceipt);
    }

    protected override Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel) => call.WithHomeAsync(home =>
    {
        string name = call.Parsed.GetRequiredValue(_report);
        string? folder = call.Value(_out);
        bool isFile = File.Exists(name) && (name.Contains('/', StringComparison.Ordinal) || name.Contains('.', StringComparison.Ordinal));
        OpenedForReading opened;
        using (Meter meter = call.Screen.StartMeter("Opening", call.Clock))
        {
            opened = isFile
                ? ReportOpener.OpenFile(home, name, folder, meter, cancel)
                : ReportOpener.Open(home, Handles.Report(home.Index, name), folder, meter, cancel);
        }

        OpenedView.Draw(call.Screen, home, opened, name, folder);
        bool receipt = Remember(call, home, opened);
        if (receipt)
        {
            call.Screen.Note($"The source is told that its report was opened, with the next `reviewer sync`.", LineStyle.Faint);
        }

        call.Screen.Json(OpenedView.Output(home, opened, receipt), OutputJson.Default.OpenOutput);
        return Task.FromResult(opened.Alarms.Count > 0 ? ExitCode.Alarm : ExitCode.Ok);
    });

    /// <summary>
    /// Marks it read and, where it is a new source's, leaves a receipt for the next batch. Nothing is sent now: a server that saw a request when
    /// something is opened would learn that not all of what it has are decoys, and of a quiet day which upload was none.
    /// </summary>
    /// <returns>Whether a receipt waits.</returns>
    private bool Remember(Invocation call, UnlockedHome home, OpenedForReading opened)
    {
        if (opened.Entry is not { } entry)
        {
            return false;
        }

        bool changed = !entry.IsOpened;
        entry.IsOpened = true;
        bool receipt = entry.Conversation is not null && opened.Conversation is { IsAcknowledged: false } && opened.Alarms.All(Desk.ReportJudge.IsAboutContent)
            && opened.Opened.Report is { } report && ReplySealer.CanAnswer(report.Conversation)
            && home.Settings.Receipts && !call.Value(_noReceipt) && new Desk.Rosters.RosterKnowledge(home).Newest() is not null;
        if (receipt)
        {
            new ReplyOutbox(home).Queue(entry.Conversation!, ReplyKind.Receipt, "", new Desk.Rosters.RosterKnowledge(home).Newest()!.DropKey);
        }

        if (changed || receipt)
        {
            home.SaveIndex();
        }

        return receipt;
    }
}
