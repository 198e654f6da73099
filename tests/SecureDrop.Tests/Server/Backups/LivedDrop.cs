using System.Net;
using SecureDrop.Crypto.Replies;
using SecureDrop.Server.Backups;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.Storage;
using Xunit;

namespace SecureDrop.Tests.Server.Backups;

/// <summary>
/// A running server that has lived five days: the first two are complete, with texts, a large report and a batch; the other three still take
/// uploads, and an upload in parts was begun. A reviewer has asked for the first day to end early.
/// </summary>
internal sealed class LivedDrop : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();

    private LivedDrop(RunningDrop drop) => (Drop, First) = (drop, drop.Today);

    public RunningDrop Drop { get; }

    /// <summary>The first day; today is four days later.</summary>
    public DateOnly First { get; }

    /// <summary>What was told on the complete days, sealed.</summary>
    public List<byte[]> Told { get; } = [];

    /// <summary>What is of days that are not complete, or was never committed.</summary>
    public List<byte[]> Open { get; } = [];

    /// <summary>The files that a backup of it has.</summary>
    public string[] Files =>
    [
        $"copies-{First:yyyy-MM-dd}", .. Enumerable.Range(0, 4).Select(n => $"dead-drop-{First.AddDays(n):yyyy-MM-dd}"), "early-ends.json", "manifest.json",
        $"reports-{First:yyyy-MM-dd}", $"reports-{First.AddDays(1):yyyy-MM-dd}", "roster.json",
    ];

    /// <param name="start">When it begins; a test's own day unless a process with the machine's clock is to look at it.</param>
    /// <param name="reports">Stands between the server and its store of reports.</param>
    public static async Task<LivedDrop> StartAsync(DateTimeOffset? start = null, Func<IReportStore, IReportStore>? reports = null)
    {
        var drop = await RunningDrop.EmptyAsync(start: start, reports: reports);
        using (var answer = await drop.PutRosterAsync(drop.NewRoster(1) with { ShardBits = 1 }, drop.SetupToken))
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        var lived = new LivedDrop(drop);
        await lived.TellAsync(lived.Told, SealedBytes.Text(), SealedBytes.Text(3), SealedBytes.Large());
        using (var alice = await drop.LoggedInAsync(drop.DropKeys.Alice))
        {
            await PostAsync(alice, [.. Batches.New(), .. Batches.New(shard: 1)]);
            using var ended = await alice.DeleteAsync($"/api/v1/days/{lived.First:yyyy-MM-dd}");
            Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        }
        await drop.AdvanceAsync(TimeSpan.FromDays(1));
        await lived.TellAsync(lived.Told, SealedBytes.Text());
        for (var n = 0; n < 3; n++)
        {
            await drop.AdvanceAsync(TimeSpan.FromDays(1));
            await lived.TellAsync(lived.Open, SealedBytes.Text());
        }
        using (var bob = await drop.LoggedInAsync(drop.DropKeys.Bob))
            await PostAsync(bob, Batches.New());
        lived.Open.Add(UploadClient.Cut(SealedBytes.Large())[0]);
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutPartAsync(0, lived.Open[^1]));
        return lived;
    }

    public string File_(string name) => _folder.File(name);

    /// <summary>Runs <c>backup</c> as it is typed beside the running server.</summary>
    /// <returns>The folder of the backup.</returns>
    public async Task<string> BackUpAsync(string name = "backup")
    {
        await Command.OkAsync(Drop.Time, "backup", File_(name), $"--SecureDrop:Drop:DataDirectory={Drop.DataFolder}");
        return File_(name);
    }

    /// <summary>Puts a backup into a new folder.</summary>
    /// <returns>The folder of the drop.</returns>
    public async Task<string> RestoreAsync(string backup, string name = "restored")
    {
        await Command.OkAsync(Drop.Time, "restore", backup, $"--SecureDrop:Drop:DataDirectory={File_(name)}", "--SecureDrop:Drop:FreeSpaceFloorInMebibytes=1");
        return File_(name);
    }

    /// <summary>A server over another folder, with the same clock and keys.</summary>
    public Task<RunningDrop> StartOverAsync(string folder) => Drop.SecondAsync(Stores(folder));

    public static ServerStores Stores(string folder) => ServerStores.OpenSqlite(new DropOptions { DataDirectory = folder, FreeSpaceFloorInMebibytes = 1 });

    /// <summary>All files of a backup: name and bytes.</summary>
    public static SortedDictionary<string, byte[]> Read(string backup) =>
        new(Directory.GetFiles(backup).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes), StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await Drop.DisposeAsync();
        _folder.Dispose();
    }

    private async Task TellAsync(List<byte[]> told, params byte[][] reports)
    {
        foreach (var report in reports)
        {
            var upload = await UploadClient.NewAsync(Drop.Source);
            Assert.Equal(HttpStatusCode.NoContent, report.Length > IReportStore.PartSizeInBytes ? await upload.PutLargeAsync(report) : await upload.PutTextAsync(report));
            told.Add(report);
        }
    }

    private static async Task PostAsync(HttpClient reviewer, IReadOnlyList<Crypto.Replies.DeadDropEntry> entries)
    {
        using var content = new ByteArrayContent(DeadDropBatch.Write(entries));
        content.Headers.ContentType = new("application/octet-stream");
        using var answer = await reviewer.PostAsync("/api/v1/dead-drop", content, None);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }
}

/// <summary>The command as it is typed: what it printed, what it said, and its exit code.</summary>
internal static class Command
{
    public static async Task<(int Code, string Output, string Errors)> RunAsync(TimeProvider time, CancellationToken cancel, params string[] arguments)
    {
        using StringWriter output = new(), errors = new();
        var code = 0;
        try
        {
            Assert.True(BackupProgram.IsAskedFor(arguments));
            code = await BackupProgram.RunAsync(AppContext.BaseDirectory, arguments, output, errors, time, cancel);
        }
        catch (Exception e) when (Failure.Is(e))
        {
            code = await Failure.SayAsync(e, errors);
        }
        return (code, output.ToString(), errors.ToString());
    }

    /// <summary>Fails the test where the command does; what it printed.</summary>
    public static async Task<string> OkAsync(TimeProvider time, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(time, CancellationToken.None, arguments);
        Assert.True(code == 0, errors);
        return output;
    }

    /// <summary>Fails the test where the command does not, or says more than a sentence.</summary>
    /// <returns>The sentence.</returns>
    public static async Task<string> RefusedAsync(TimeProvider time, int expected, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(time, CancellationToken.None, arguments);
        Assert.Equal((expected, ""), (code, output));
        Assert.Single(errors, '\n');
        return errors.TrimEnd('\n');
    }
}
