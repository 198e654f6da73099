using SecureDrop.Server.Backups;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Tests.Server.Storage.Mongo;
using Xunit;

namespace SecureDrop.Tests.Server.Backups;

public sealed class BackupTests(MongoServer database)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Backup_BesideARunningServer_HoldsCompleteDaysAndNothingElse()
    {
        await using var made = await BackedUpDrop.StartAsync();
        var backup = made.Path("backup");
        var result = await made.BackUpAsync(backup);
        Assert.Empty(result.Missing);
        var day = made.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var report = (await made.Drop.Stores.Reports.ListReportsAsync(made.Day, null, 100, None)).Single(each => each.Parts > 0).Id;
        var expected = new[] { "roster.json", "early-ends.json", $"days/{day}/texts", $"days/{day}/reports/{report}", $"days/{day}/slots", $"days/{day}/copies" }
            .Concat(new[] { 1, 2 }.Select(days => $"days/{made.Day.AddDays(days):yyyy-MM-dd}/slots"));
        Assert.Equal(expected.Order(StringComparer.Ordinal), BackedUpDrop.Read(backup).Files.Select(file => file.Name).Order(StringComparer.Ordinal));
        var files = Directory.GetFiles(backup, "*", SearchOption.AllDirectories);
        Assert.Equal(result.Files + 1, files.Length);
        foreach (var file in files)
        {
            var bytes = await File.ReadAllBytesAsync(file, None);
            Assert.All(made.Never, secret => Assert.Equal(-1, bytes.AsSpan().IndexOf(secret)));
        }
        // A thief of it learns days, and no hour: neither from what is in it nor from when it was written.
        Assert.All(files.Concat(Directory.GetDirectories(backup, "*", SearchOption.AllDirectories)).Append(backup),
            path => Assert.Equal(made.Drop.Today.ToDateTime(TimeOnly.MinValue), Directory.GetLastWriteTimeUtc(path)));
        foreach (var file in files)
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        // Nothing moved: another of the same day is the same, whatever comes meanwhile.
        await (await UploadClient.NewAsync(made.Drop.Source)).PutTextAsync(SealedBytes.Text());
        await made.BackUpAsync(made.Path("again"));
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(backup, "manifest.json"), None), await File.ReadAllBytesAsync(Path.Combine(made.Path("again"), "manifest.json"), None));
    }

    [Fact]
    public async Task Restore_IntoAnEmptyFolder_AServerGoesOnFromThere()
    {
        await using var made = await BackedUpDrop.StartAsync();
        await made.BackUpAsync(made.Path("backup"));
        var options = await made.RestoreAsync(made.Path("backup"), made.Path("restored"));
        // The server below closes them.
        var stores = ServerStores.OpenSqlite(options.Drop);
        await made.AssertHoldsAsync(stores);
        // A server over it: its reviewer logs in, sources are taken, and the day that was ended early ends.
        await using var second = await made.Drop.SecondAsync(stores);
        await second.Server.Days.TickAsync(None);
        Assert.Equal(System.Net.HttpStatusCode.NoContent, await (await UploadClient.NewAsync(second.Source)).PutTextAsync(SealedBytes.Text()));
        await second.AdvanceToAsync(made.Day.AddDays(21));
        Assert.DoesNotContain(await stores.Reports.ListDaysAsync(None), day => day.Day == made.Day);
    }

    [Fact]
    public async Task Backup_WithNoServerBeside_IsMadeFromTheFolder()
    {
        await using var made = await BackedUpDrop.StartAsync();
        var options = await made.RestoreAsync(await FirstAsync(made), made.Path("restored"));
        var result = await BackupRun.ToAsync(options, made.Path("second"), made.Drop.Time, made.Log, None);
        Assert.Empty(result.Missing);
        AssertSame(made.Path("backup"), made.Path("second"));
    }

    [Fact]
    public async Task Move_ToMongoDBAndBack_EverythingIsTheSame()
    {
        await using var made = await BackedUpDrop.StartAsync();
        var connection = await database.NewDatabaseAsync();
        try
        {
            ServerOptions mongo = new() { Mongo = new() { ConnectionString = connection.ConnectionString, Database = connection.Database } };
            await RestoreRun.FromAsync(mongo, await FirstAsync(made), made.Drop.Time, made.Log, None);
            await using (var stores = await ServerStores.OpenMongoAsync(connection, None))
                await made.AssertHoldsAsync(stores);
            await BackupRun.ToAsync(mongo, made.Path("second"), made.Drop.Time, made.Log, None);
            AssertSame(made.Path("backup"), made.Path("second"));
            var back = await made.RestoreAsync(made.Path("second"), made.Path("restored"));
            await using var restored = ServerStores.OpenSqlite(back.Drop);
            await made.AssertHoldsAsync(restored);
        }
        finally
        {
            await MongoServer.DropAsync(connection);
        }
    }

    [Fact]
    public async Task Backup_OfAFolderWithADamagedDay_SaysWhatIsNotInIt()
    {
        await using var made = await BackedUpDrop.StartAsync();
        var options = await made.RestoreAsync(await FirstAsync(made), made.Path("restored"));
        await using (var file = new FileStream(Path.Combine(made.Path("restored"), $"reports-{made.Day:yyyy-MM-dd}.sqlite"), FileMode.Open))
        {
            file.Position = 16_384;
            file.Write(new byte[(int)(file.Length - 16_384)]);
        }
        var result = await BackupRun.ToAsync(options, made.Path("second"), made.Drop.Time, made.Log, None);
        Assert.Contains($"The reports of {made.Day:yyyy-MM-dd} are not in it: ", Assert.Single(result.Missing), StringComparison.Ordinal);
        Assert.DoesNotContain(BackedUpDrop.Read(made.Path("second")).Files, file => file.Name.EndsWith("/texts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Backup_ToWhereSomethingIs_IsRefusedAndNothingIsTouched()
    {
        await using var made = await BackedUpDrop.StartAsync();
        var folder = Directory.CreateDirectory(made.Path("there")).FullName;
        // An empty folder, made by whoever prepared the disk, is no obstacle.
        await made.BackUpAsync(folder);
        var before = await File.ReadAllBytesAsync(Path.Combine(folder, "manifest.json"), None);
        foreach (var path in new[] { folder, made.Path("nowhere/at/all") })
        {
            var refusal = await Assert.ThrowsAsync<BackupException>(() => made.BackUpAsync(path));
            Assert.Matches("^[^\\n]+(is not overwritten; name a folder that is not there|is not there)\\.$", refusal.Message);
        }
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(folder, "manifest.json"), None));
    }

    [Fact]
    public async Task Restore_OverADropOrOverWhatWasBrokenOff_IsRefused()
    {
        await using var made = await BackedUpDrop.StartAsync();
        await made.BackUpAsync(made.Path("backup"));
        await made.RestoreAsync(made.Path("backup"), made.Path("restored"));
        Assert.StartsWith("There is a drop here already", (await Assert.ThrowsAsync<BackupException>(() => made.RestoreAsync(made.Path("backup"), made.Path("restored")))).Message, StringComparison.Ordinal);
        // As a kill in the midst leaves it: days, and no roster, which comes last.
        using (var folder = SecureDrop.Server.Storage.Sqlite.DataFolder.Open(made.Path("half")))
        {
            await using var reports = new SecureDrop.Server.Storage.Sqlite.SqliteReportStore(folder, 1);
            await reports.StoreTextAsync(made.Day, SecureDrop.Server.Storage.StoredId.FromBytes(new byte[16]), made.Texts[0], None);
        }
        Assert.StartsWith("Something is stored here already", (await Assert.ThrowsAsync<BackupException>(() => made.RestoreAsync(made.Path("backup"), made.Path("half")))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(200_000)]
    public async Task Backup_ThatBreaksOff_LeavesNothingAtItsPlaceAndTheNextIsMade(int bytes)
    {
        await using var made = await BackedUpDrop.StartAsync();
        using var whole = new MemoryStream();
        await BackupRun.SendAsync(made.Drop.Stores, made.Drop.Time, whole, made.Log, None);
        var backup = made.Path("backup");
        // And one that was killed before.
        Directory.CreateDirectory(backup + BackupFolder.Unfinished);
        await File.WriteAllTextAsync(Path.Combine(backup + BackupFolder.Unfinished, "roster.json"), "half", None);
        var refusal = await Assert.ThrowsAsync<BackupException>(() =>
            BackupFolder.WriteAsync(new MemoryStream(whole.ToArray(), 0, bytes), backup, made.Drop.Today, None));
        Assert.Contains("broke off", refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(backup) || Directory.Exists(backup + BackupFolder.Unfinished));
        await made.BackUpAsync(backup);
        Assert.True(File.Exists(Path.Combine(backup, "manifest.json")));
    }

    private static async Task<string> FirstAsync(BackedUpDrop made)
    {
        await made.BackUpAsync(made.Path("backup"));
        return made.Path("backup");
    }

    /// <summary>Copies stand under ids of chance, new ones in each store; all else is the same byte for byte.</summary>
    private static void AssertSame(string one, string other)
    {
        static IEnumerable<(string, string)> Files(string backup) =>
            BackedUpDrop.Read(backup).Files.Where(file => !file.Name.EndsWith("/copies", StringComparison.Ordinal)).Select(file => (file.Name, file.Sha256)).Order();
        Assert.Equal(Files(one), Files(other));
    }
}
