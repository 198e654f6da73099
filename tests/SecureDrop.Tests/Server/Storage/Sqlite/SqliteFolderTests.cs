using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.Storage;
using SecureDrop.Server.Storage.Sqlite;
using Xunit;

namespace SecureDrop.Tests.Server.Storage.Sqlite;

/// <summary>What the folder of the embedded store is, beyond the contract: one owner, one version, and as little order as can be.</summary>
public sealed class SqliteFolderTests : IAsyncDisposable
{
    private static readonly DateOnly Day = new(2026, 11, 24);
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly SqliteStores _stores = new();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public void Open_FolderInUse_RefusedWithASentence()
    {
        var refusal = Assert.Throws<StoreException>(() => DataFolder.Open(_stores.Path));
        Assert.Contains("in use by another process", refusal.Message);
    }

    [Fact]
    public async Task Open_FileOfANewerVersion_RefusedAtStart()
    {
        await _stores.Reports.StoreTextAsync(Day, NewId(), new byte[100], None);
        await _stores.CloseAsync();
        using (var connection = new SqliteConnection($"Data Source={_stores.Path}/reports-2026-11-24.sqlite;Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version=3";
            command.ExecuteNonQuery();
        }
        var folder = DataFolder.Open(_stores.Path);
        var refusal = Assert.Throws<StoreException>(() => new SqliteReportStore(folder, 1));
        Assert.Contains("newer version", refusal.Message);
        folder.Dispose();
        DataFolder.Remove(Path.Combine(_stores.Path, "reports-2026-11-24.sqlite"));
        _stores.Open();
    }

    [Theory]
    [InlineData("state.sqlite")]
    [InlineData("reports-2026-11-24.sqlite")]
    [InlineData("dead-drop-2026-11-24.sqlite")]
    public async Task Open_DamagedFile_RefusedAtStartWithASentenceThatNamesIt(string name)
    {
        await _stores.CloseAsync();
        var file = Path.Combine(_stores.Path, name);
        await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(8192), None);
        var refusal = Assert.Throws<StoreException>(() => ServerStores.OpenSqlite(new DropOptions { DataDirectory = _stores.Path }));
        Assert.Contains(file, refusal.Message);
        Assert.DoesNotContain('\n', refusal.Message);
        File.Delete(file);
        _stores.Open();
    }

    [Fact]
    public async Task Write_WhenNoTransactionCanBegin_FailsAndIsNotAwaitedForEver()
    {
        var schema = new SqliteSchema("test", 1, "CREATE TABLE t(x)");
        await using var file = SqliteFile.Open(Path.Combine(_stores.Path, "t.sqlite"), schema);
        await file.ReadAsync(connection => { connection.Close(); return 0; }, None);
        await Assert.ThrowsAnyAsync<Exception>(() => file.WriteAsync(connection => connection.Run("INSERT INTO t VALUES (1)"), None).WaitAsync(TimeSpan.FromSeconds(30), None));
    }

    [Fact]
    public async Task Batch_WhileItsDayRuns_LiesInNoOrderOfThePost()
    {
        var slots = Enumerable.Range(0, 16).Select(_ => new DeadDropEntry(0, RandomNumberGenerator.GetBytes(9_883))).ToList();
        var copies = Enumerable.Range(0, 16).Select(_ => (ReadOnlyMemory<byte>)RandomNumberGenerator.GetBytes(12_965)).ToList();
        await _stores.DeadDrops.BeginDayAsync(Day, 0, None);
        await _stores.DeadDrops.StoreBatchAsync(Day, new byte[32], slots, copies, None);
        await _stores.CloseAsync();
        using (var connection = SqliteFile.Connect(Path.Combine(_stores.Path, "dead-drop-2026-11-24.sqlite")))
        {
            List<string> Rows(string table) => connection.Rows($"SELECT bytes FROM {table} ORDER BY rowid", row => Convert.ToHexString(row.Bytes(0)));
            var posted = slots.Select(slot => Convert.ToHexString(slot.Slot.Span)).ToList();
            Assert.Equal(posted.Order(), Rows("slot"));
            Assert.NotEqual(posted, Rows("slot"));
            Assert.NotEqual(copies.Select(copy => Convert.ToHexString(copy.Span)), Rows("waiting"));
        }
        _stores.Open();
    }

    [Fact]
    public async Task Reopen_AfterEveryKindOfWrite_EverythingIsThere()
    {
        var (text, large, bytes) = (NewId(), NewId(), RandomNumberGenerator.GetBytes(70_293));
        await _stores.Reports.StoreTextAsync(Day, text, bytes, None);
        await _stores.Reports.StoreTextAsync(Day, NewId(), RandomNumberGenerator.GetBytes(70_293), None);
        await _stores.Reports.StorePartAsync(Day, large, 0, bytes, None);
        await _stores.Reports.CommitAsync(Day, large, 1, bytes.Length, None);
        await _stores.CloseAsync();
        _stores.Open();
        Assert.Equal(bytes, (await _stores.Reports.ReadPartAsync(Day, text, 0, None))!.Value.ToArray());
        Assert.Equal(new StoredReport(Day, large, bytes.Length, 1), await _stores.Reports.FindAsync(large, None));
        Assert.Equal(StoreOutcome.AlreadyThere, await _stores.Reports.StoreTextAsync(Day, text, bytes, None));
        Assert.Equal(3, Assert.Single(await _stores.Reports.ListDaysAsync(None)).Reports);
    }

    [Fact]
    public async Task Store_AfterEachCommit_JournalIsEmptyAndNoLogIsThere()
    {
        for (var n = 0; n < 5; n++)
        {
            await _stores.Reports.StoreTextAsync(Day, NewId(), RandomNumberGenerator.GetBytes(70_293), None);
            var journals = Directory.GetFiles(_stores.Path, "*-*.sqlite-*").Where(file => !file.EndsWith(CellFile.Suffix, StringComparison.Ordinal)).ToList();
            Assert.EndsWith("reports-2026-11-24.sqlite-journal", Assert.Single(journals), StringComparison.Ordinal);
            Assert.Equal(0, new FileInfo(journals[0]).Length);
        }
    }

    [Fact]
    public async Task StoreText_OneAfterAnother_PlaceOnDiskSaysNothingOfTheOrder()
    {
        const int Texts = 400;
        var ids = new List<byte[]>();
        for (var n = 0; n < Texts; n++)
        {
            var id = NewId();
            ids.Add(id.ToBytes());
            await _stores.Reports.StoreTextAsync(Day, id, RandomNumberGenerator.GetBytes(20_000), None);
        }
        await _stores.CloseAsync();
        var disk = await File.ReadAllBytesAsync(Path.Combine(_stores.Path, "reports-2026-11-24.sqlite"), None);
        var places = ids.Select(id => (double)disk.AsSpan().IndexOf(id)).ToList();
        Assert.DoesNotContain(-1, places);
        // Each id stands once only: no index, no free page and no log keeps a second, ordered list.
        Assert.All(ids, id => Assert.Equal(-1, disk.AsSpan(disk.AsSpan().IndexOf(id) + 1).IndexOf(id)));
        // Without the shuffle this is 1.000; with it, six standard deviations are 0.3.
        Assert.InRange(RankCorrelation(places), -0.3, 0.3);
        _stores.Open();
    }

    [Fact]
    public async Task Publish_ForgetsWhoseBatchWasWhose()
    {
        byte[] owner = RandomNumberGenerator.GetBytes(32);
        await _stores.DeadDrops.BeginDayAsync(Day, 0, None);
        await _stores.DeadDrops.StoreBatchAsync(Day, owner,
            [.. Enumerable.Range(0, 8).Select(_ => new DeadDropEntry(0, RandomNumberGenerator.GetBytes(9_883)))],
            [.. Enumerable.Range(0, 8).Select(_ => (ReadOnlyMemory<byte>)RandomNumberGenerator.GetBytes(12_965))], None);
        Assert.True(await IsOnDiskAsync(owner));
        await _stores.DeadDrops.PublishAsync(Day, None);
        Assert.False(await IsOnDiskAsync(owner));
    }

    [Fact]
    public async Task DestroyKey_LeavesNoCopyInAnyFile()
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        await _stores.State.ReadOrCreateKeyAsync(Day, key, None);
        Assert.True(await IsOnDiskAsync(key));
        await _stores.State.DestroyKeyAsync(Day, None);
        Assert.False(await IsOnDiskAsync(key));
    }

    [Fact]
    public async Task CompleteDay_LeavesNothingOfWhatWasNeverCommitted()
    {
        var loose = NewId();
        await _stores.Reports.StoreTextAsync(Day, NewId(), RandomNumberGenerator.GetBytes(20_000), None);
        await _stores.Reports.StorePartAsync(Day, loose, 0, RandomNumberGenerator.GetBytes(20_000), None);
        Assert.True(await IsOnDiskAsync(loose.ToBytes()));
        await _stores.Reports.CompleteDayAsync(Day, None);
        Assert.False(await IsOnDiskAsync(loose.ToBytes()));
    }

    [Fact]
    public async Task Store_DiskBelowItsFloor_FullAndNothingStored()
    {
        await _stores.CloseAsync();
        _stores.Open(freeSpaceFloorInBytes: long.MaxValue);
        Assert.Equal(StoreOutcome.Full, await _stores.Reports.StoreTextAsync(Day, NewId(), new byte[100], None));
        Assert.Equal(StoreOutcome.Full, await _stores.Reports.StorePartAsync(Day, NewId(), 0, new byte[100], None));
        Assert.Empty(await _stores.Reports.ListDaysAsync(None));
    }

    [Fact]
    public async Task Files_OfManyDays_AreOpenedAndClosedAsAskedFor()
    {
        var ids = Enumerable.Range(0, 30).Select(_ => NewId()).ToList();
        for (var n = 0; n < ids.Count; n++)
            await _stores.Reports.StoreTextAsync(Day.AddDays(n), ids[n], new byte[100], None);
        await Task.WhenAll(ids.Select(async (id, n) => Assert.Equal(Day.AddDays(n), (await _stores.Reports.FindAsync(id, None))!.Day)));
    }

    private static StoredId NewId() => StoredId.FromBytes(RandomNumberGenerator.GetBytes(StoredId.SizeInBytes));

    private async Task<bool> IsOnDiskAsync(byte[] bytes)
    {
        foreach (var file in Directory.EnumerateFiles(_stores.Path).Where(file => Path.GetFileName(file) != "lock"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var all = new MemoryStream();
            await stream.CopyToAsync(all, None);
            if (all.ToArray().AsSpan().IndexOf(bytes) >= 0)
                return true;
        }
        return false;
    }

    private static double RankCorrelation(List<double> places)
    {
        var ranks = places.Select(place => (double)places.Count(other => other < place)).ToList();
        var mean = (places.Count - 1) / 2.0;
        return ranks.Select((rank, n) => (rank - mean) * (n - mean)).Sum() / Enumerable.Range(0, ranks.Count).Sum(n => (n - mean) * (n - mean));
    }
}
