using System.Text.Json;
using SecureDrop.Crypto.Reports;
using SecureDrop.Tests.Server;

namespace SecureDrop.Tests.Reviewer;

/// <summary>A real server whose roster the tool itself made and published.</summary>
internal sealed class DropAndDesk : IAsyncDisposable
{
    public required RunningDrop Drop { get; init; }

    public required TestDesk Desk { get; init; }

    public required string Link { get; init; }

    /// <param name="drop">The server, where the usual one does not do.</param>
    /// <param name="server">Its address as reviewers dial it.</param>
    /// <param name="proxy">What leads there.</param>
    public static async Task<DropAndDesk> StartAsync(RunningDrop? drop = null, string? server = null, string? proxy = null)
    {
        drop ??= await RunningDrop.EmptyAsync();
        TestDesk desk = new(drop.Time);
        using JsonDocument init = JsonDocument.Parse(await desk.OkAsync("init", "--name", "Paper", "--url", "http://localhost:8080",
            "--server", server ?? drop.Server.ReviewerAddress, "--as", "Ana", "--json"));
        string token = desk.File_("token");
        await File.WriteAllTextAsync(token, $"setup-token: {drop.SetupToken}\n");
        await desk.OkAsync(["roster", "publish", "--setup-token-file", token, .. proxy is null ? (string[])[] : ["--proxy", proxy]]);
        return new DropAndDesk { Drop = drop, Desk = desk, Link = init.RootElement.GetProperty("link").GetString()! };
    }

    /// <summary>A source that has told something, which the desk has fetched.</summary>
    public async Task<SourceAtWork> ToldAndSyncedAsync(string message, string kind = ReportKind.Report, Func<Report, Report>? change = null,
        params AttachmentSource[] files)
    {
        SourceAtWork source = new(Drop);
        await source.TellAsync(message, kind, change, files);
        await Desk.OkAsync("sync");
        return source;
    }

    public async Task<JsonElement[]> InboxAsync(params string[] arguments)
    {
        using JsonDocument json = JsonDocument.Parse(await Desk.OkAsync(["inbox", "--json", .. arguments]));
        return [.. json.RootElement.GetProperty("reports").EnumerateArray().Select(e => e.Clone())];
    }

    public async Task<string> OnlyHandleAsync() => Xunit.Assert.Single(await InboxAsync()).GetProperty("handle").GetString()!;

    public string[] SealedFiles() => Directory.Exists(Desk.HomeDirectory.Reports)
        ? Directory.GetFiles(Desk.HomeDirectory.Reports, "*", SearchOption.AllDirectories)
        : [];

    public async ValueTask DisposeAsync()
    {
        Desk.Dispose();
        await Drop.DisposeAsync();
    }
}
