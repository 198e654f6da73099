using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using SecureDrop.Crypto.Replies;
using SecureDrop.Tests.Interop;
using Xunit;

namespace SecureDrop.Tests.Server.Storage.Forensics;

/// <summary>
/// What the data folder of a running server is: these files, these columns, and times that say when the server last looked at its
/// clock. A column that is added here has to say why no visit can be read from it.
/// </summary>
public sealed partial class DataFolderContentsTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly Dictionary<string, string[]> Columns = new()
    {
        ["state.sqlite"] =
        [
            "day_key(day, key)", "early_end(day, ends_on)",
            // The hour in which the server last ended a day of each kind: its own work, not a visit.
            "last_end(kind, hour)",
            "roster(only, revision, answer)", "setup(only, token_hash)",
        ],
        // "place" and "cell" are the rows' own numbers: OrderOfArrivalTests says what is read from them.
        ["reports (open)"] = ["cell_N(cell, tenant, at)", "large(id, bytes, parts)", "part(place, id, n, bytes)"],
        ["reports (complete)"] = ["cell_N(cell, id, bytes)", "entry(id, bytes, parts, cell)", "large(id, bytes, parts)", "part(place, id, n, bytes)"],
        ["dead-drop"] = ["day(only, shard_bits, state)", "slot(shard, r, bytes, owner)", "waiting(id, bytes, owner)"],
        ["copies"] = ["copy(id, bytes)"],
    };

    [Fact]
    public async Task EveryColumnOfEveryFile_IsOneThatIsListed()
    {
        await using var drop = await BusyAsync();
        var day = drop.Today.AddDays(-3);
        using var stolen = StolenFolder.Steal(drop.DataFolder);
        Dictionary<string, string> expected = new() { ["state.sqlite"] = "state.sqlite" };
        foreach (var date in Enumerable.Range(0, 4).Select(day.AddDays).Select(date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))
        {
            expected[$"reports-{date}.sqlite"] = date == day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ? "reports (complete)" : "reports (open)";
            expected[$"dead-drop-{date}.sqlite"] = "dead-drop";
        }
        expected[$"copies-{day:yyyy-MM-dd}.sqlite"] = "copies";
        var databases = stolen.Names.Where(name => name.EndsWith(".sqlite", StringComparison.Ordinal)).ToList();
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), databases);
        foreach (var name in databases)
        {
            var found = stolen.Query(name,
                "SELECT t.name || '(' || (SELECT group_concat(c.name, ', ') FROM pragma_table_xinfo(t.name) c) || ')' FROM sqlite_master t WHERE t.type <> 'index' ORDER BY t.name",
                row => Digits().Replace(row.GetString(0), "cell_N")).Distinct();
            // An open day has no cells before its first text.
            Assert.Equal(found, Columns[expected[name]].Where(column => expected[name] != "reports (open)" || !column.StartsWith("cell_N", StringComparison.Ordinal) || found.Contains(column)));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Files_AreThoseOfTheDocument_AndNoOther(bool isRestarted)
    {
        await using var drop = await BusyAsync();
        if (isRestarted)
        {
            // Left by a version that kept the index of its logs in files.
            await drop.RestartAsync(() => File.WriteAllBytesAsync(Path.Combine(drop.DataFolder, $"reports-{drop.Today:yyyy-MM-dd}.sqlite-shm"), new byte[32_768], None));
            await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text());
        }
        var documented = File.ReadLines(Path.Combine(StockProgram.RepositoryRoot, "server", "README.md"))
            .SkipWhile(line => !line.StartsWith("| file |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|')[1].Trim().Trim('`')).Order(StringComparer.Ordinal);
        var found = Directory.EnumerateFileSystemEntries(drop.DataFolder).Select(path => Dates().Replace(Path.GetFileName(path), "DAY")).ToList();
        // SQLite's journals are named once for all files; they are there while a file is open, and empty.
        Assert.All(Directory.EnumerateFiles(drop.DataFolder, "*-journal").Append(Path.Combine(drop.DataFolder, "lock")), path => Assert.Equal(0, new FileInfo(path).Length));
        Assert.Equal(documented, found.Select(name => name.EndsWith("-journal", StringComparison.Ordinal) ? "….sqlite-journal" : name).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task TimesOfFiles_AMinuteAfterAVisit_SayWhenTheServerLookedAtItsClock()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        await TurnAsync(drop);
        var files = Directory.GetFiles(drop.DataFolder).ToHashSet();
        Assert.Contains(files, file => Path.GetFileName(file) == $"reports-{drop.Today:yyyy-MM-dd}.sqlite");
        Assert.NotNull(await drop.Stores.Days.ReadKeyAsync(drop.Today, None));

        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text()));
        // No file was born of the visit, and only one day's was written.
        Assert.Equal(files, Directory.GetFiles(drop.DataFolder).ToHashSet());
        var visited = Changed(drop.DataFolder);
        var written = NotTouched(drop);
        Assert.Contains($"reports-{drop.Today:yyyy-MM-dd}.sqlite", written);
        Assert.All(written, name => Assert.StartsWith($"reports-{drop.Today:yyyy-MM-dd}.sqlite", name, StringComparison.Ordinal));

        await TurnAsync(drop);
        Assert.Empty(NotTouched(drop));
        // The time of an inode's last change cannot be set: it is of the touch, too.
        Assert.All(Changed(drop.DataFolder), file => Assert.NotEqual(visited[file.Key], file.Value));

        // The same when it stops: what came since the last minute does not stay written there.
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text()));
        Assert.NotEmpty(NotTouched(drop));
        var second = await drop.SecondAsync();
        await second.DisposeAsync();
        Assert.Empty(NotTouched(drop));
    }

    /// <summary>A minute passes, and the server's own timer does what it does then, once.</summary>
    private static async Task TurnAsync(RunningDrop drop)
    {
        drop.Time.Advance(TimeSpan.FromMinutes(1));
        for (var n = 0; n < 1_000 && NotTouched(drop).Count > 0; n++)
            await Task.Delay(10, None);
        Assert.Empty(NotTouched(drop));
    }

    private static List<string> NotTouched(RunningDrop drop) =>
    [
        .. Directory.GetFiles(drop.DataFolder).Append(drop.DataFolder)
            .Where(path => File.GetLastWriteTimeUtc(path) != drop.Time.GetUtcNow().UtcDateTime).Select(path => Path.GetFileName(path)),
    ];

    /// <summary>Four days of a drop: reports, parts, batches, and the ends of the first.</summary>
    private static async Task<RunningDrop> BusyAsync()
    {
        var drop = await RunningDrop.SetUpAsync();
        await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text());
        await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text(3));
        await (await UploadClient.NewAsync(drop.Source)).PutLargeAsync(SealedBytes.Large());
        using (var alice = await drop.LoggedInAsync(drop.DropKeys.Alice))
        {
            using var content = new ByteArrayContent(DeadDropBatch.Write(Batches.New()));
            content.Headers.ContentType = new("application/octet-stream");
            using var answer = await alice.PostAsync("/api/v1/dead-drop", content);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }
        for (var n = 0; n < 3; n++)
        {
            await drop.AdvanceAsync(TimeSpan.FromDays(1));
            await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text());
        }
        return drop;
    }

    /// <summary>The times of the last change of each inode (.NET does not show them).</summary>
    private static Dictionary<string, string> Changed(string folder)
    {
        var start = new ProcessStartInfo("stat") { RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add("--format=%n %z");
        foreach (var file in Directory.GetFiles(folder))
            start.ArgumentList.Add(file);
        using var stat = Process.Start(start)!;
        var lines = stat.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        stat.WaitForExit();
        return lines.ToDictionary(line => line.Split(' ')[0], line => line[(line.IndexOf(' ') + 1)..]);
    }

    [GeneratedRegex("cell_[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Digits();

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}", RegexOptions.None, 1000)]
    private static partial Regex Dates();
}
