using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk;

/// <summary>Which reports to list.</summary>
internal sealed record InboxFilter(bool New = false, bool Unanswered = false, string? Category = null, DateOnly? Since = null, string? Conversation = null);

/// <summary>One line of the inbox.</summary>
internal sealed record InboxLine(string Handle, string Id, DateOnly Day, string State, long Bytes, string? Category, string FirstWords,
    string? Conversation, int Message, int Attachments, bool Opened, bool Answered, IReadOnlyList<string> Alarms);

/// <summary>What <c>inbox</c> shows, from the index alone: no report is decrypted.</summary>
internal static class InboxList
{
    public static IReadOnlyList<InboxLine> Lines(InboxIndex index, InboxFilter filter)
    {
        int length = Handles.UniqueLength(index.Reports.Select(r => r.Id));
        return
        [
            .. index.Reports.Where(r => Matches(r, filter)).OrderBy(r => r.Day).ThenBy(r => r.Ordinal)
                .Select(r => new InboxLine(r.Id[..length], r.Id, r.Day, State(r), r.SizeInBytes, r.Category, FirstWords(r),
                    r.Conversation is null ? null : "c:" + Handles.OfConversation(r.Conversation)[..8], r.Ordinal, r.Attachments, r.IsOpened,
                    r.IsAnswered, r.Alarms)),
        ];
    }

    private static bool Matches(ReportEntry report, InboxFilter filter) =>
        (!filter.New || !report.IsOpened)
        && (!filter.Unanswered || (!report.IsAnswered && report.Conversation is not null))
        && (filter.Category is null || string.Equals(report.Category, filter.Category, StringComparison.OrdinalIgnoreCase))
        && (filter.Since is null || report.Day >= filter.Since)
        && (filter.Conversation is null || report.Conversation == filter.Conversation);

    private static string State(ReportEntry report) => report switch
    {
        { Verdict: EntryVerdict.Broken } => "not opened",
        { Alarms.Count: > 0 } => "ALARM",
        { Verdict: EntryVerdict.Plain, IsOpened: false } => "new, plain",
        { Verdict: EntryVerdict.Plain } => "plain",
        { IsAnswered: true } => "answered",
        { Ordinal: > 1, IsOpened: false } => "new follow-up",
        { Ordinal: > 1 } => "follow-up",
        { IsOpened: false } => "new",
        _ => "read",
    };

    private static string FirstWords(ReportEntry report) => report.Verdict switch
    {
        EntryVerdict.Broken => $"({report.Problem})",
        EntryVerdict.Plain => "(a file without text)",
        _ => report.FirstWords ?? "",
    };

    /// <summary>The beginning of a message, on one line, for the index.</summary>
    public static string FirstWordsOf(string message)
    {
        string flat = string.Join(' ', message.Split((char[]?)null, 24, StringSplitOptions.RemoveEmptyEntries));
        return TerminalText.Line(flat, 120);
    }
}
