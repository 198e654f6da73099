using System.Net;
using System.Text.Json;
using SecureDrop.Server.Backups;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.Storage;
using SecureDrop.Tests.Reviewer;
using Xunit;

namespace SecureDrop.Tests.Server.Backups;

/// <summary>A backup that is put into an empty folder is the drop again, of its complete days; into anything else it is not put.</summary>
public sealed class RestoreTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Restore_IntoANewFolder_HandsOutWhatWasHandedOut()
    {
        await using var lived = await LivedDrop.StartAsync();
        await using var again = await lived.StartOverAsync(await lived.RestoreAsync(await lived.BackUpAsync()));
        await AssertSameAsync(lived.Drop.Source, again.Source, "/api/v1/roster");
        for (var n = 0; n < 4; n++)
        {
            foreach (var shard in new[] { 0, 1 })
                await AssertSameAsync(lived.Drop.Source, again.Source, $"/api/v1/dead-drops/{lived.First.AddDays(n):yyyy-MM-dd}/{shard}");
        }
        using var before = await lived.Drop.LoggedInAsync(lived.Drop.DropKeys.Alice);
        using var now = await again.LoggedInAsync(again.DropKeys.Alice);
        await AssertSameAsync(before, now, "/api/v1/roster/earlier");
        var told = new List<byte[]>();
        foreach (var day in new[] { lived.First, lived.First.AddDays(1) })
        {
            await AssertSameAsync(before, now, $"/api/v1/days/{day:yyyy-MM-dd}/texts");
            await AssertSameAsync(before, now, $"/api/v1/days/{day:yyyy-MM-dd}/copies");
            var list = await AssertSameAsync(before, now, $"/api/v1/days/{day:yyyy-MM-dd}/reports");
            using var json = JsonDocument.Parse(list);
            foreach (var id in json.RootElement.EnumerateArray().Select(report => report.GetProperty("id").GetString()))
                told.Add(await AssertSameAsync(before, now, $"/api/v1/reports/{id}"));
        }
        Assert.Equal(lived.Told.Select(Convert.ToHexString).Order(), told.Select(Convert.ToHexString).Order());
        using var days = JsonDocument.Parse(await now.GetByteArrayAsync("/api/v1/days"));
        Assert.Equal([lived.First, lived.First.AddDays(1)], days.RootElement.EnumerateArray().Select(day => DateOnly.Parse(day.GetProperty("day").GetString()!)));
        Assert.Empty(await again.Stores.Reports.ListPartsAsync(lived.First.AddDays(3), StoredId.First, None));
    }

    [Fact]
    public async Task Restore_ThenTheServer_TakesReportsAndEndsDays()
    {
        await using var lived = await LivedDrop.StartAsync();
        await using var again = await lived.StartOverAsync(await lived.RestoreAsync(await lived.BackUpAsync()));
        Assert.Null(again.SetupToken);
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(again.Source)).PutTextAsync(SealedBytes.Text()));
        // The complete days are complete: no upload of theirs can come, and none waits for its key's end.
        Assert.Equal([again.Today], await again.Stores.Reports.ListOpenDaysAsync(None));
        // Ended early, as the reviewer had asked.
        await again.AdvanceToAsync(lived.First.AddDays(8));
        Assert.DoesNotContain(await again.Stores.Reports.ListDaysAsync(None), day => day.Day == lived.First);
        Assert.Empty(await again.Stores.Days.ListEarlyEndsAsync(None));
        Assert.Contains(await again.Stores.Reports.ListDaysAsync(None), day => day.Day == lived.First.AddDays(1));
        await again.AdvanceToAsync(lived.First.AddDays(92));
        Assert.DoesNotContain(await again.Stores.Reports.ListDaysAsync(None), day => day.Day == lived.First.AddDays(1));
    }

    [Fact]
    public async Task Restore_TheReviewersTool_SyncsOpensAndSourcesFindTheirReplies()
    {
        await using var at = await DropAndDesk.StartAsync();
        using var source = new SourceAtWork(at.Drop);
        await source.TellAsync("The bridge is rotten.");
        await at.Desk.OkAsync("sync");
        await at.Desk.OkAsync("open", await at.OnlyHandleAsync());
        await at.Desk.OkAsync("sync");
        using var second = new SourceAtWork(at.Drop);
        await second.TellAsync("So is the dam.");
        for (var n = 0; n < 4; n++)
            await at.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        using var folder = new TemporaryFolder();
        await Command.OkAsync(at.Drop.Time, "backup", folder.File("backup"), $"--SecureDrop:Drop:DataDirectory={at.Drop.DataFolder}");
        var printed = await Command.OkAsync(at.Drop.Time, "restore", folder.File("backup"), $"--SecureDrop:Drop:DataDirectory={folder.File("again")}", "--SecureDrop:Drop:FreeSpaceFloorInMebibytes=1");
        // What the link ends in.
        Assert.Contains($"drop: {at.Link[(at.Link.IndexOf('#', StringComparison.Ordinal) + 1)..]}\n", printed);

        await using var again = await at.Drop.SecondAsync(LivedDrop.Stores(folder.File("again")));
        await at.Desk.OkAsync("join", at.Link, "--server", again.Server.ReviewerAddress);
        await at.Desk.OkAsync("sync");
        // The one that it has is not told twice; the one that it has not comes from the backup.
        var reports = await at.InboxAsync();
        Assert.Equal(2, reports.Length);
        var opened = await Task.WhenAll(reports.Select(report => at.Desk.OkAsync("open", report.GetProperty("handle").GetString()!)));
        Assert.Contains(opened, text => text.Contains("So is the dam.", StringComparison.Ordinal));
        Assert.NotEmpty((await source.LookAsync(again.Source)).Replies);
    }

    [Fact]
    public async Task Restore_ThenBackup_TheSameBytes()
    {
        await using var lived = await LivedDrop.StartAsync();
        var backup = await lived.BackUpAsync();
        var folder = await lived.RestoreAsync(backup);
        await Command.OkAsync(lived.Drop.Time, "backup", lived.File_("second"), $"--SecureDrop:Drop:DataDirectory={folder}");
        Assert.Equal(LivedDrop.Read(backup), LivedDrop.Read(lived.File_("second")));
    }

    [Fact]
    public async Task Restore_WhereADropIs_ChangesNothing()
    {
        await using var lived = await LivedDrop.StartAsync();
        var backup = await lived.BackUpAsync();
        Assert.StartsWith($"The data folder {lived.Drop.DataFolder} is in use by another process", await Command.RefusedAsync(lived.Drop.Time, 3, "restore", backup, $"--SecureDrop:Drop:DataDirectory={lived.Drop.DataFolder}"));
        var folder = await lived.RestoreAsync(backup);
        var before = Snapshot(folder);
        Assert.StartsWith("There is a drop here already", await RefusedAsync(lived, backup, folder));
        // Its roster lost, and a day later than the backup: what is there is worth more than the backup.
        File.Delete(Path.Combine(folder, "state.sqlite"));
        await using (var stores = LivedDrop.Stores(folder))
        {
            await stores.Reports.StoreTextAsync(lived.First.AddDays(2), StoredId.First, SealedBytes.Text(), None);
            await stores.Reports.CompleteDayAsync(lived.First.AddDays(2), None);
        }
        Assert.StartsWith("There are days of another drop, or of a later day of this one", await RefusedAsync(lived, backup, folder));
        Assert.All(before.Where(file => !file.Key.StartsWith("state", StringComparison.Ordinal)), file => Assert.Equal(file.Value, Snapshot(folder)[file.Key]));
    }

    [Fact]
    public async Task Restore_OtherBytesInADayOfTheBackup_IsRefused()
    {
        await using var lived = await LivedDrop.StartAsync();
        var (backup, folder) = (await lived.BackUpAsync(), lived.File_("restored"));
        await using (var stores = LivedDrop.Stores(folder))
        {
            await stores.Reports.StoreTextAsync(lived.First, StoredId.First, SealedBytes.Text(), None);
            Assert.StartsWith("The data folder", await Command.RefusedAsync(lived.Drop.Time, 3, "restore", backup, $"--SecureDrop:Drop:DataDirectory={folder}"));
            // A day that is open is of a drop that runs.
            await stores.Reports.CompleteDayAsync(lived.First, None);
        }
        Assert.StartsWith($"The store holds something else as reports-{lived.First:yyyy-MM-dd} than the backup does", await RefusedAsync(lived, backup, folder));
        await using var still = LivedDrop.Stores(folder);
        Assert.Null(await still.Rosters.ReadAsync(None));
    }

    [Theory]
    [InlineData(8, "copies-0 reports-0")]
    [InlineData(31, "copies-0 dead-drop-0 reports-0")]
    [InlineData(91, "copies-0 dead-drop-0 dead-drop-1 dead-drop-2 dead-drop-3 reports-0")]
    [InlineData(92, "copies-0 dead-drop-0 dead-drop-1 dead-drop-2 dead-drop-3 reports-0 reports-1")]
    public async Task Restore_DaysThatHaveEndedSince_StayEnded(int daysLater, string ended)
    {
        await using var lived = await LivedDrop.StartAsync();
        var (backup, folder) = (await lived.BackUpAsync(), lived.File_("restored"));
        lived.Drop.Time.Advance(TimeSpan.FromDays(daysLater - 4));
        var (code, _, errors) = await Command.RunAsync(lived.Drop.Time, None, "restore", backup, $"--SecureDrop:Drop:DataDirectory={folder}", "--SecureDrop:Drop:FreeSpaceFloorInMebibytes=1");
        Assert.Equal(0, code);
        var names = ended.Split(' ').Select(name => $"{name[..^1]}{lived.First.AddDays(name[^1] - '0'):yyyy-MM-dd}").ToList();
        Assert.Equal(names.Select(name => $"{name} was left out: by this machine's clock, and the settings, its day has ended since."), errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.All(names, name => Assert.False(File.Exists(Path.Combine(folder, name + ".sqlite"))));
        Assert.Equal(lived.Files.Length - 3 - names.Count, Directory.GetFiles(folder, "*-20*.sqlite").Length);
    }

    [Fact]
    public async Task Restore_BrokenOffAtEachDay_GoesOnWhenItIsRunAgain()
    {
        await using var lived = await LivedDrop.StartAsync();
        var (backup, folder) = (await lived.BackUpAsync(), lived.File_("restored"));
        var days = lived.Files.Length - 3;
        for (var whole = 0; whole < days; whole++)
        {
            await using var stores = LivedDrop.Stores(folder);
            await BreakOffAsync(lived, stores, backup, Math.Min(whole, 1));
            // Nobody is let in, and nothing is half there.
            Assert.Null(await stores.Rosters.ReadAsync(None));
            Assert.Equal(whole, Directory.GetFiles(folder, "*-20*.sqlite").Length);
            // What a kill leaves besides.
            File.WriteAllBytes(Path.Combine(folder, $"reports-{lived.First:yyyy-MM-dd}.sqlite.new"), new byte[1000]);
        }
        await lived.RestoreAsync(backup);
        await Command.OkAsync(lived.Drop.Time, "backup", lived.File_("second"), $"--SecureDrop:Drop:DataDirectory={folder}");
        Assert.Equal(LivedDrop.Read(backup), LivedDrop.Read(lived.File_("second")));
    }

    [Fact]
    public async Task Restore_StoppedBySomebody_SaysHowItGoesOn()
    {
        await using var lived = await LivedDrop.StartAsync();
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        var (code, output, errors) = await Command.RunAsync(lived.Drop.Time, stopped.Token, "restore", await lived.BackUpAsync(), $"--SecureDrop:Drop:DataDirectory={lived.File_("restored")}");
        Assert.Equal((5, "", "Stopped. What was put back so far stays; run the same command again, and it goes on with it.\n"), (code, output, errors));
    }

    [Fact]
    public async Task Restore_NoRoom_IsSaidBeforeAnythingIsPutBack()
    {
        await using var lived = await LivedDrop.StartAsync();
        var sentence = await Command.RefusedAsync(lived.Drop.Time, 3, "restore", await lived.BackUpAsync(), $"--SecureDrop:Drop:DataDirectory={lived.File_("restored")}", $"--SecureDrop:Drop:FreeSpaceFloorInMebibytes={int.MaxValue}");
        Assert.Matches("^The store has room for 0 MiB above what is to stay free .* and the backup has [0-9]+ MiB; make room, and run this again\\.$", sentence);
        Assert.Empty(Directory.GetFiles(lived.File_("restored"), "*-20*.sqlite"));
    }

    [Fact]
    public async Task Restore_AfterAServerThatPrintedASetupToken_TheTokenIsGone()
    {
        await using var lived = await LivedDrop.StartAsync();
        var folder = lived.File_("restored");
        await using (var stores = LivedDrop.Stores(folder))
            await stores.Rosters.WriteSetupTokenHashAsync(new byte[32], None);
        await lived.RestoreAsync(await lived.BackUpAsync());
        await using var now = LivedDrop.Stores(folder);
        Assert.Null(await now.Rosters.ReadSetupTokenHashAsync(None));
    }

    [Fact]
    public async Task Restore_OfADropThatIsNotThePinnedOne_IsRefused()
    {
        await using var lived = await LivedDrop.StartAsync();
        using var other = Crypto.Minisign.MinisignKeyPair.Generate();
        var backup = await lived.BackUpAsync();
        Assert.Contains("The drop key is not the one in the server's configuration.", await Command.RefusedAsync(lived.Drop.Time, 5, "restore", backup,
            $"--SecureDrop:Drop:DataDirectory={lived.File_("restored")}", $"--SecureDrop:Drop:DropKey={other.PublicKey.Text}"));
        await Command.OkAsync(lived.Drop.Time, "restore", backup, $"--SecureDrop:Drop:DataDirectory={lived.File_("restored")}", "--SecureDrop:Drop:FreeSpaceFloorInMebibytes=1",
            $"--SecureDrop:Drop:DropKey={lived.Drop.DropKeys.Drop.PublicKey.Text}");
    }

    /// <summary>Puts back as many days more and then fails in the middle of the next.</summary>
    internal static async Task BreakOffAsync(LivedDrop lived, ServerStores stores, string backup, int whole)
    {
        var breaking = new ServerStores(stores.Reports, stores.DeadDrops, stores.Rosters, stores.Days, stores.Sessions) { Restores = new BreakingStore(stores.Restores!, whole) };
        var @checked = await CheckedBackup.OpenAsync(backup, null, lived.Drop.Today, None);
        await Assert.ThrowsAsync<InvalidDataException>(() => new Restorer(breaking, new RetentionOptions(), lived.Drop.Time).RestoreAsync(@checked, None));
    }

    private static Task<string> RefusedAsync(LivedDrop lived, string backup, string folder) =>
        Command.RefusedAsync(lived.Drop.Time, 5, "restore", backup, $"--SecureDrop:Drop:DataDirectory={folder}", "--SecureDrop:Drop:FreeSpaceFloorInMebibytes=1");

    private static Dictionary<string, byte[]> Snapshot(string folder) =>
        Directory.GetFiles(folder).Where(file => Path.GetFileName(file) != "lock").ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);

    private static async Task<byte[]> AssertSameAsync(HttpClient before, HttpClient now, string path)
    {
        var bytes = await before.GetByteArrayAsync(path);
        Assert.Equal(bytes, await now.GetByteArrayAsync(path));
        return bytes;
    }

    /// <summary>Breaks off in the middle of one day more than it may, a copy and a slot and a report in.</summary>
    private sealed class BreakingStore(IRestoreStore inner, int whole) : IRestoreStore
    {
        private int _days;

        public Task RestoreReportsAsync(DateOnly day, IAsyncEnumerable<RestoredReport> reports, CancellationToken cancel) => inner.RestoreReportsAsync(day, Breaking(reports), cancel);

        public Task RestoreDeadDropAsync(DateOnly day, int shardBits, IAsyncEnumerable<DeadDropEntry> slots, CancellationToken cancel) => inner.RestoreDeadDropAsync(day, shardBits, Breaking(slots), cancel);

        public Task RestoreCopiesAsync(DateOnly day, IAsyncEnumerable<StoredCopy> copies, CancellationToken cancel) => inner.RestoreCopiesAsync(day, Breaking(copies), cancel);

        private async IAsyncEnumerable<T> Breaking<T>(IAsyncEnumerable<T> items)
        {
            var isLast = ++_days > whole;
            await foreach (var item in items)
            {
                yield return item;
                if (isLast)
                    throw new InvalidDataException();
            }
            if (isLast)
                throw new InvalidDataException();
        }
    }
}
