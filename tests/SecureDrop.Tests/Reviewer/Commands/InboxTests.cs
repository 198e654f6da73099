using Xunit;

namespace SecureDrop.Tests.Reviewer.Commands;

public sealed class InboxTests
{
    [Fact]
    public async Task Inbox_NoReportWithACategory_HasNoColumnForIt()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork first = new(at.Drop), second = new(at.Drop);
        await first.TellAsync("hello");
        await at.Desk.OkAsync("sync");
        Assert.Matches("^[0-9a-f]{4}  2026-11-24  new +[0-9.]+ KB  hello\n$", await at.Desk.OkAsync("inbox"));
        await second.TellAsync("once more", change: r => r with { Category = "欺诈" });
        await at.Desk.OkAsync("sync");
        string[] lines = (await at.Desk.OkAsync("inbox")).Split('\n');
        Assert.Contains(lines, line => line.EndsWith(" KB" + new string(' ', 16) + "hello", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith(" KB  欺诈          once more", StringComparison.Ordinal));
        // Told apart by the list that is shown, not by the whole inbox.
        Assert.Matches("KB  欺诈          once more\n$", await at.Desk.OkAsync("inbox", "--category", "欺诈"));
    }
}
