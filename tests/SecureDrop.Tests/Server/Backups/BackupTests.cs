using System.Net;
using SecureDrop.Crypto.Replies;
using SecureDrop.Server.Backups;
using SecureDrop.Server.Storage;
using Xunit;

namespace SecureDrop.Tests.Server.Backups;

/// <summary>What a backup of a running server holds, and what it does not.</summary>
public sealed class BackupTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Backup_WhileUploadsGoOn_HoldsTheCompleteDaysAndNothingElse()
    {
        await using var lived = await LivedDrop.StartAsync();
        using var stop = new CancellationTokenSource();
        var uploads = Task.Run(async () =>
        {
            var sent = 0;
            for (; !stop.IsCancellationRequested; sent++)
                Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(lived.Drop.Source)).PutTextAsync(lived.Open[0]));
            return sent;
        }, None);
        var files = LivedDrop.Read(await lived.BackUpAsync());
        await stop.CancelAsync();
        Assert.True(await uploads > 0);
        Assert.Equal(lived.Files, files.Keys);
        var all = files.Values.SelectMany(bytes => bytes).ToArray();
        Assert.All(lived.Told, told => Assert.True(IsIn(all, told)));
        Assert.All(lived.Open, open => Assert.False(IsIn(all, open[..1000])));
        foreach (var day in await lived.Drop.Stores.Days.ListKeyDaysAsync(None))
            Assert.False(IsIn(all, await lived.Drop.Stores.Days.ReadKeyAsync(day, None) ?? []));
        // Of the running day's batch, which names its reviewer.
        Assert.All(await lived.Drop.Stores.DeadDrops.ReadSlotsAsync(lived.Drop.Today, 0, null, 100, None), slot => Assert.False(IsIn(all, slot.ToArray())));
    }

    [Fact]
    public async Task Backup_TwiceOfTheSameDays_TheSameBytes_AndADayLaterOnlyThatDayMore()
    {
        await using var lived = await LivedDrop.StartAsync();
        var first = LivedDrop.Read(await lived.BackUpAsync("first"));
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(lived.Drop.Source)).PutTextAsync(SealedBytes.Text()));
        lived.Drop.Time.Advance(TimeSpan.FromHours(3));
        Assert.Equal(first, LivedDrop.Read(await lived.BackUpAsync("second")));
        await lived.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        var later = LivedDrop.Read(await lived.BackUpAsync("third"));
        Assert.Equal([$"copies-{lived.First.AddDays(4):yyyy-MM-dd}", $"dead-drop-{lived.First.AddDays(4):yyyy-MM-dd}", $"reports-{lived.First.AddDays(2):yyyy-MM-dd}"], later.Keys.Except(first.Keys));
        Assert.All(first.Keys.Where(name => name != "manifest.json"), name => Assert.Equal(first[name], later[name]));
    }

    [Fact]
    public async Task Backup_OfAServerThatIsStopped_TheSameBytes()
    {
        await using var lived = await LivedDrop.StartAsync();
        var running = LivedDrop.Read(await lived.BackUpAsync());
        SortedDictionary<string, byte[]>? stopped = null;
        await lived.Drop.RestartAsync(async () => stopped = LivedDrop.Read(await lived.BackUpAsync("stopped")));
        Assert.Equal(running, stopped);
    }

    [Fact]
    public async Task Files_AreTheirOwnersAlone_AndSayNoTimeOfDay()
    {
        await using var lived = await LivedDrop.StartAsync();
        var backup = await lived.BackUpAsync();
        var midnight = lived.Drop.Today.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        foreach (var path in Directory.GetFiles(backup).Append(backup))
        {
            Assert.Equal(midnight, File.GetLastWriteTimeUtc(path));
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | (path == backup ? UnixFileMode.UserExecute : UnixFileMode.None), File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public async Task Backup_WhereSomethingIs_OverwritesNothing()
    {
        await using var lived = await LivedDrop.StartAsync();
        var settings = $"--SecureDrop:Drop:DataDirectory={lived.Drop.DataFolder}";
        File.WriteAllText(lived.File_("file"), "mine");
        Directory.CreateDirectory(lived.File_("folder"));
        File.WriteAllText(lived.File_("folder/file"), "mine");
        Directory.CreateSymbolicLink(lived.File_("link"), lived.File_("elsewhere"));
        foreach (var name in new[] { "file", "folder", "link" })
            Assert.Equal($"{lived.File_(name)} is there already, and a backup overwrites nothing: name a folder that is not there yet.", await Command.RefusedAsync(lived.Drop.Time, 5, "backup", lived.File_(name), settings));
        Assert.Equal("mine", File.ReadAllText(lived.File_("folder/file")));
        Assert.StartsWith("A backup cannot be made at", await Command.RefusedAsync(lived.Drop.Time, 5, "backup", lived.File_("no/such"), settings));
        // A folder that somebody else called so is not taken for what a backup left.
        Directory.CreateDirectory(lived.File_("new.unfinished"));
        File.WriteAllText(lived.File_("new.unfinished/novel.txt"), "mine");
        Assert.StartsWith($"{lived.File_("new.unfinished")} is in the way", await Command.RefusedAsync(lived.Drop.Time, 5, "backup", lived.File_("new"), settings));
        Assert.True(File.Exists(lived.File_("new.unfinished/novel.txt")));
        Assert.Equal(["file", "folder", "link", "new.unfinished"], Directory.GetFileSystemEntries(lived.File_("")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        // An empty one gives up its name, and a folder's name may end as folders' names do.
        Directory.CreateDirectory(lived.File_("empty"));
        await Command.OkAsync(lived.Drop.Time, "backup", lived.File_("empty") + "/", settings);
        Assert.Equal(lived.Files, LivedDrop.Read(lived.File_("empty")).Keys);
    }

    [Fact]
    public async Task Backup_OfNoDrop_SaysSoAndMakesNothing()
    {
        using var folder = new TemporaryFolder();
        Assert.StartsWith($"There is no drop in {folder.File("none")}", await Command.RefusedAsync(TimeProvider.System, 5, "backup", folder.File("backup"), $"--SecureDrop:Drop:DataDirectory={folder.File("none")}"));
        await using var drop = await RunningDrop.EmptyAsync();
        Assert.StartsWith("There is no drop here yet", await Command.RefusedAsync(drop.Time, 5, "backup", folder.File("backup"), $"--SecureDrop:Drop:DataDirectory={drop.DataFolder}"));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("backup wants a folder behind it: backup DIR, and then settings as the server takes them.", "backup")]
    [InlineData("restore wants a folder behind it: restore DIR, and then settings as the server takes them.", "restore", "--SecureDrop:Drop:DataDirectory=/x")]
    [InlineData("/b is not understood: settings are written as --SecureDrop:<key>=<value>, and before them may stand backup DIR or restore DIR.", "backup", "/a", "/b")]
    public async Task CommandLine_Wrong_ExitCode2AndOneSentence(string sentence, params string[] arguments) =>
        Assert.Equal(sentence, await Command.RefusedAsync(TimeProvider.System, 2, arguments));

    [Fact]
    public async Task Backup_DayThatEndsWhileItIsRead_IsLeftOutWhole()
    {
        await using var lived = await LivedDrop.StartAsync();
        var first = new BackupFile(BackupContent.Reports, lived.First);
        var sink = new RecordingSink(async file =>
        {
            if (file == first)
                await lived.Drop.Stores.Reports.EndDayAsync(lived.First, None);
        });
        await new BackupMaker(lived.Drop.Stores, lived.Drop.Time).WriteAsync(sink, None);
        Assert.Contains(first, sink.Begun);
        Assert.Equal(sink.Begun.Where(file => file != first), sink.Whole);
    }

    [Fact]
    public async Task Backup_StoreThatLostAPart_LeavesTheDayOutAndNamesIt()
    {
        await using var lived = await LivedDrop.StartAsync(reports: inner => new LosingStore(inner));
        var (code, _, errors) = await Command.RunAsync(lived.Drop.Time, None, "backup", lived.File_("backup"), $"--SecureDrop:Drop:DataDirectory={lived.Drop.DataFolder}");
        Assert.Equal((4, $"reports-{lived.First:yyyy-MM-dd} is not in the backup: the store does not hand out all that it lists of this day.\n"), (code, errors));
        Assert.Equal(lived.Files.Where(name => name != $"reports-{lived.First:yyyy-MM-dd}"), LivedDrop.Read(lived.File_("backup")).Keys);
    }

    [Theory]
    [InlineData("reports", "reports")]
    [InlineData("copies", "copies")]
    // Whether copies still wait beside the slots is read there, too.
    [InlineData("dead-drop", "copies", "dead-drop")]
    public async Task Backup_DamagedFile_LeavesTheDayOutAndNamesIt(string kind, params string[] lost)
    {
        await using var lived = await LivedDrop.StartAsync();
        var (name, missing) = ($"{kind}-{lived.First:yyyy-MM-dd}", lost.Select(each => $"{each}-{lived.First:yyyy-MM-dd}").ToList());
        await lived.Drop.RestartAsync(() =>
        {
            using var file = new FileStream(Path.Combine(lived.Drop.DataFolder, name + ".sqlite"), FileMode.Open);
            file.Position = 16_384;
            file.Write(new byte[(int)(file.Length - 16_384)]);
            return Task.CompletedTask;
        });
        var (code, _, errors) = await Command.RunAsync(lived.Drop.Time, None, "backup", lived.File_("backup"), $"--SecureDrop:Drop:DataDirectory={lived.Drop.DataFolder}");
        Assert.Equal(4, code);
        Assert.All(errors.TrimEnd('\n').Split('\n').Zip(missing, (line, file) => (line, file)), pair => Assert.StartsWith($"{pair.file} is not in the backup: {Path.Combine(lived.Drop.DataFolder, name)}.sqlite is damaged", pair.line));
        Assert.Equal(missing.Count, errors.Count(c => c == '\n'));
        Assert.Equal(lived.Files.Except(missing), LivedDrop.Read(lived.File_("backup")).Keys);
    }

    private static bool IsIn(byte[] all, byte[] some) => some.Length > 0 && all.AsSpan().IndexOf(some) >= 0;

    /// <summary>Has no third part of anything.</summary>
    private sealed class LosingStore(IReportStore inner) : ReportStoreProxy(inner)
    {
        public override Task<int?> ReadPartIntoAsync(DateOnly day, StoredId id, int part, Memory<byte> buffer, CancellationToken cancel) =>
            part == 2 ? Task.FromResult<int?>(null) : base.ReadPartIntoAsync(day, id, part, buffer, cancel);
    }
}
