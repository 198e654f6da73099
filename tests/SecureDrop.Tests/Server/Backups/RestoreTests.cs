using System.Net;
using System.Text.Json;
using SecureDrop.Server.Storage;
using SecureDrop.Tests.Reviewer;
using Xunit;

namespace SecureDrop.Tests.Server.Backups;

/// <summary>A backup that is put into an empty folder is the drop again, of its complete days; into anything else it is not put.</summary>
public sealed class RestoreTests(MadeBackup made) : IClassFixture<MadeBackup>, IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();

    private LivedDrop Lived => made.Lived;

    /// <summary>The folder of the drop that is put back.</summary>
    private string Target => _folder.File("restored");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Restore_IntoANewFolder_HandsOutWhatWasHandedOut()
    {
        await using var again = await Lived.StartOverAsync(await RestoreAsync());
        await AssertSameAsync(Lived.Drop.Source, again.Source, "/api/v1/roster");
        for (var n = 0; n < 4; n++)
        {
            foreach (var shard in new[] { 0, 1 })
                await AssertSameAsync(Lived.Drop.Source, again.Source, $"/api/v1/dead-drops/{Lived.First.AddDays(n):yyyy-MM-dd}/{shard}");
        }
        using var before = await Lived.Drop.LoggedInAsync(Lived.Drop.DropKeys.Alice);
        using var now = await again.LoggedInAsync(again.DropKeys.Alice);
        await AssertSameAsync(before, now, "/api/v1/roster/earlier");
        var told = new List<byte[]>();
        foreach (var day in new[] { Lived.First, Lived.First.AddDays(1) })
        {
            await AssertSameAsync(before, now, $"/api/v1/days/{day:yyyy-MM-dd}/texts");
            await AssertSameAsync(before, now, $"/api/v1/days/{day:yyyy-MM-dd}/copies");
            var list = await AssertSameAsync(before, now, $"/api/v1/days/{day:yyyy-MM-dd}/reports");
            using var json = JsonDocument.Parse(list);
            foreach (var id in json.RootElement.EnumerateArray().Select(report => report.GetProperty("id").GetString()))
                told.Add(await AssertSameAsync(before, now, $"/api/v1/reports/{id}"));
        }
        Assert.Equal(Lived.Told.Select(Convert.ToHexString).Order(), told.Select(Convert.ToHexString).Order());
        using var days = JsonDocument.Parse(await now.GetByteArrayAsync("/api/v1/days"));
        Assert.Equal([Lived.First, Lived.First.AddDays(1)], days.RootElement.EnumerateArray().Select(day => DateOnly.Parse(day.GetProperty("day").GetString()!)));
        Assert.Empty(await again.Stores.Reports.ListPartsAsync(Lived.First.AddDays(3), StoredId.First, None));
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
        await RestoreAsync();
        await Command.OkAsync(Lived.Drop.Time, "backup", _folder.File("second"), $"--SecureDrop:Drop:DataDirectory={Target}");
        Assert.Equal(LivedDrop.Read(made.Backup), LivedDrop.Read(_folder.File("second")));
    }

    [Fact]
    public async Task Restore_WhereADropIs_ChangesNothing()
    {
        Assert.StartsWith($"The data folder {Lived.Drop.DataFolder} is in use by another process", await Command.RefusedAsync(Lived.Drop.Time, 3, "restore", made.Backup, $"--SecureDrop:Drop:DataDirectory={Lived.Drop.DataFolder}"));
        var folder = await RestoreAsync();
        var before = Snapshot(folder);
        Assert.StartsWith("There is a drop here already", await RefusedAsync());
        // Its roster lost, and a day later than the backup: what is there is worth more than the backup.
        File.Delete(Path.Combine(folder, "state.sqlite"));
        await using (var stores = LivedDrop.Stores(folder))
        {
            await stores.Reports.StoreTextAsync(Lived.First.AddDays(2), StoredId.First, SealedBytes.Text(), None);
            await stores.Reports.CompleteDayAsync(Lived.First.AddDays(2), None);
        }
        Assert.StartsWith("There are days of another drop, or of a later day of this one", await RefusedAsync());
        Assert.All(before.Where(file => !file.Key.StartsWith("state", StringComparison.Ordinal)), file => Assert.Equal(file.Value, Snapshot(folder)[file.Key]));
    }

    [Fact]
    public async Task Restore_OtherBytesInADayOfTheBackup_IsRefused()
    {
        await using (var stores = LivedDrop.Stores(Target))
        {
            await stores.Reports.StoreTextAsync(Lived.First, StoredId.First, SealedBytes.Text(), None);
            Assert.StartsWith("The data folder", await Command.RefusedAsync(Lived.Drop.Time, 3, "restore", made.Backup, $"--SecureDrop:Drop:DataDirectory={Target}"));
            // A day that is open is of a drop that runs.
            await stores.Reports.CompleteDayAsync(Lived.First, None);
        }
        Assert.StartsWith($"The store holds something else as reports-{Lived.First:yyyy-MM-dd} than the backup does", await RefusedAsync());
        await using var still = LivedDrop.Stores(Target);
        Assert.Null(await still.Rosters.ReadAsync(None));
    }

    [Theory]
    [InlineData(8, "copies-0 reports-0")]
    [InlineData(31, "copies-0 dead-drop-0 reports-0")]
    [InlineData(91, "copies-0 dead-drop-0 dead-drop-1 dead-drop-2 dead-drop-3 reports-0")]
    [InlineData(92, "copies-0 dead-drop-0 dead-drop-1 dead-drop-2 dead-drop-3 reports-0 reports-1")]
    public async Task Restore_DaysThatHaveEndedSince_StayEnded(int daysLater, string ended)
    {
        var (code, _, errors) = await Command.RunAsync(made.Clock(daysLater - 4), None, "restore", made.Backup, $"--SecureDrop:Drop:DataDirectory={Target}", "--SecureDrop:Drop:FreeSpaceFloorInMebibytes=1");
        Assert.Equal(0, code);
        var names = ended.Split(' ').Select(name => $"{name[..^1]}{Lived.First.AddDays(name[^1] - '0'):yyyy-MM-dd}").ToList();
        Assert.Equal(names.Select(name => $"{name} was left out: by this machine's clock, and the settings, its day has ended since."), errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.All(names, name => Assert.False(File.Exists(Path.Combine(Target, name + ".sqlite"))));
        Assert.Equal(Lived.Files.Length - 3 - names.Count, Directory.GetFiles(Target, "*-20*.sqlite").Length);
    }

    [Fact]
    public async Task Restore_BrokenOffAtEachDay_GoesOnWhenItIsRunAgain()
    {
        var days = Lived.Files.Length - 3;
        for (var whole = 0; whole < days; whole++)
        {
            await using var stores = LivedDrop.Stores(Target);
            await BrokenOff.RestoreAsync(Lived, stores, made.Backup, Math.Min(whole, 1));
            // Nobody is let in, and nothing is half there.
            Assert.Null(await stores.Rosters.ReadAsync(None));
            Assert.Equal(whole, Directory.GetFiles(Target, "*-20*.sqlite").Length);
            // What a kill leaves besides.
            File.WriteAllBytes(Path.Combine(Target, $"reports-{Lived.First:yyyy-MM-dd}.sqlite.new"), new byte[1000]);
        }
        await RestoreAsync();
        await Command.OkAsync(Lived.Drop.Time, "backup", _folder.File("second"), $"--SecureDrop:Drop:DataDirectory={Target}");
        Assert.Equal(LivedDrop.Read(made.Backup), LivedDrop.Read(_folder.File("second")));
    }

    [Fact]
    public async Task Restore_StoppedBySomebody_SaysHowItGoesOn()
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        var (code, output, errors) = await Command.RunAsync(Lived.Drop.Time, stopped.Token, "restore", made.Backup, $"--SecureDrop:Drop:DataDirectory={Target}");
        Assert.Equal((5, "", "Stopped. What was put back so far stays; run the same command again, and it goes on with it.\n"), (code, output, errors));
    }

    [Fact]
    public async Task Restore_NoRoom_IsSaidBeforeAnythingIsPutBack()
    {
        var sentence = await Command.RefusedAsync(Lived.Drop.Time, 1, "restore", made.Backup, $"--SecureDrop:Drop:DataDirectory={Target}", $"--SecureDrop:Drop:FreeSpaceFloorInMebibytes={int.MaxValue}");
        Assert.Matches("^The store has room for 0 MiB above what is to stay free .* and the backup has [0-9]+ MiB; make room, and run this again\\.$", sentence);
        Assert.Empty(Directory.GetFiles(Target, "*-20*.sqlite"));
    }

    [Fact]
    public async Task Restore_AfterAServerThatPrintedASetupToken_TheTokenIsGone()
    {
        await using (var stores = LivedDrop.Stores(Target))
            await stores.Rosters.WriteSetupTokenHashAsync(new byte[32], None);
        await RestoreAsync();
        await using var now = LivedDrop.Stores(Target);
        Assert.Null(await now.Rosters.ReadSetupTokenHashAsync(None));
    }

    [Fact]
    public async Task Restore_OfADropThatIsNotThePinnedOne_IsRefused()
    {
        using var other = Crypto.Minisign.MinisignKeyPair.Generate();
        Assert.Contains("The drop key is not the one in the server's configuration.", await Command.RefusedAsync(Lived.Drop.Time, 5, "restore", made.Backup,
            $"--SecureDrop:Drop:DataDirectory={Target}", $"--SecureDrop:Drop:DropKey={other.PublicKey.Text}"));
        await Command.OkAsync(Lived.Drop.Time, "restore", made.Backup, $"--SecureDrop:Drop:DataDirectory={Target}", "--SecureDrop:Drop:FreeSpaceFloorInMebibytes=1",
            $"--SecureDrop:Drop:DropKey={Lived.Drop.DropKeys.Drop.PublicKey.Text}");
    }

    /// <summary>Puts the backup into <see cref="Target"/>.</summary>
    private async Task<string> RestoreAsync()
    {
        await Command.OkAsync(Lived.Drop.Time, "restore", made.Backup, $"--SecureDrop:Drop:DataDirectory={Target}", "--SecureDrop:Drop:FreeSpaceFloorInMebibytes=1");
        return Target;
    }

    private Task<string> RefusedAsync() =>
        Command.RefusedAsync(Lived.Drop.Time, 5, "restore", made.Backup, $"--SecureDrop:Drop:DataDirectory={Target}", "--SecureDrop:Drop:FreeSpaceFloorInMebibytes=1");

    private static Dictionary<string, byte[]> Snapshot(string folder) =>
        Directory.GetFiles(folder).Where(file => Path.GetFileName(file) != "lock").ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);

    private static async Task<byte[]> AssertSameAsync(HttpClient before, HttpClient now, string path)
    {
        var bytes = await before.GetByteArrayAsync(path);
        Assert.Equal(bytes, await now.GetByteArrayAsync(path));
        return bytes;
    }
}
