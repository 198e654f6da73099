using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using SecureDrop.Server.Storage;
using SecureDrop.Server.Storage.Sqlite;
using Xunit;

namespace SecureDrop.Tests.Server.Storage.Sqlite;

/// <summary>The texts of an open day beside its list: whatever breaks off between the two, each is there once and whole.</summary>
public sealed class ShuffledCellsTests : IAsyncDisposable
{
    private const string FileName = "reports-2026-11-24.sqlite";
    private const int SizeInBytes = 5_000;
    private static readonly DateOnly Day = new(2026, 11, 24);
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly SqliteStores _stores = new();
    private readonly Dictionary<StoredId, byte[]> _texts = [];

    private string DayFile => Path.Combine(_stores.Path, FileName);

    private long Cells => (new FileInfo(DayFile + CellFile.Suffix).Length + CellFile.RoomInBytes(SizeInBytes) - 1) / CellFile.RoomInBytes(SizeInBytes);

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task Reopen_KilledAfterThoseWhoMakeRoomHaveMoved_AllAreThereAndTheNextTakeThatRoom()
    {
        const int Room = 7;
        await StoreAsync(20);
        await _stores.CloseAsync();
        Act(day =>
        {
            ShuffledCells.MakeRoom(day, SizeInBytes, Room);
            day.Connection.Run("COMMIT");
            Assert.Equal(Room, Holes(day.Connection));
        });
        _stores.Open();
        await AssertAllAreThereAsync();
        AssertEachIsThereOnce();
        await StoreAsync(Room);
        await AssertAllAreThereAsync();
        Assert.Equal(_texts.Count, Cells);
        await _stores.CloseAsync();
        _stores.Open();
        await AssertAllAreThereAsync();
    }

    [Fact]
    public async Task Reopen_KilledBeforeTheListSaysWhoMoved_AllAreWhereTheyWere()
    {
        await StoreAsync(20);
        await _stores.CloseAsync();
        // The connection goes without a commit.
        Act(day => ShuffledCells.MakeRoom(day, SizeInBytes, 9));
        Assert.InRange(Cells, 21, 29);
        _stores.Open();
        await AssertAllAreThereAsync();
        Assert.Equal(20, Cells);
        AssertEachIsThereOnce();
        await StoreAsync(3);
        await AssertAllAreThereAsync();
    }

    [Fact]
    public async Task StoreText_AgainOrInAClosedDay_MakesNoRoom()
    {
        await StoreAsync(5);
        foreach (var (id, bytes) in _texts)
            Assert.Equal(StoreOutcome.AlreadyThere, await _stores.Reports.StoreTextAsync(Day, id, bytes, None));
        Assert.Equal(StoreOutcome.Conflict, await _stores.Reports.StoreTextAsync(Day, _texts.First().Key, new byte[SizeInBytes], None));
        Assert.Equal(5, Cells);
        await _stores.Reports.CompleteDayAsync(Day, None);
        Assert.Equal(StoreOutcome.DayClosed, await _stores.Reports.StoreTextAsync(Day, NewId(), new byte[SizeInBytes], None));
        Assert.False(File.Exists(DayFile + CellFile.Suffix));
        await AssertAllAreThereAsync();
    }

    [Fact]
    public async Task StoreText_WhoseRoomIsNotUsed_LeavesNoCopyOfThoseWhoMadeIt()
    {
        await StoreAsync(8);
        var (part, bytes) = (NewId(), RandomNumberGenerator.GetBytes(SizeInBytes));
        Assert.Equal(StoreOutcome.Stored, await _stores.Reports.StorePartAsync(Day, part, 0, bytes, None));
        for (var n = 0; n < 10; n++)
        {
            Assert.Equal(StoreOutcome.Conflict, await _stores.Reports.StoreTextAsync(Day, part, bytes, None));
            // The next read comes after that commit's rest.
            await AssertAllAreThereAsync();
            AssertEachIsThereOnce();
        }
        await StoreAsync(1);
        Assert.Equal(9, Cells);
        AssertEachIsThereOnce();
    }

    [Fact]
    public async Task StoreText_SameTextSeveralTimesAtOnce_StoredOnceAndTheRoomGoesToTheNext()
    {
        var (id, bytes) = (NewId(), RandomNumberGenerator.GetBytes(SizeInBytes));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => _stores.Reports.StoreTextAsync(Day, id, bytes, None))));
        Assert.Single(outcomes, outcome => outcome == StoreOutcome.Stored);
        Assert.All(outcomes.Where(outcome => outcome != StoreOutcome.Stored), outcome => Assert.Equal(StoreOutcome.AlreadyThere, outcome));
        _texts[id] = bytes;
        Assert.Equal(1, Cells);
        await AssertAllAreThereAsync();
    }

    [Fact]
    public async Task StoreText_OfManyLengthsTogether_EachHasACellOfItsOwn()
    {
        var texts = Enumerable.Range(0, 300).ToDictionary(_ => NewId(), n => RandomNumberGenerator.GetBytes(1 + (n % 7 * 2_500)));
        await Parallel.ForEachAsync(texts, new ParallelOptions { MaxDegreeOfParallelism = 30 }, async (text, cancel) =>
            Assert.Equal(StoreOutcome.Stored, await _stores.Reports.StoreTextAsync(Day, text.Key, text.Value, cancel)));
        foreach (var (id, bytes) in texts)
            _texts[id] = bytes;
        await AssertAllAreThereAsync();
        await _stores.CloseAsync();
        _stores.Open();
        await AssertAllAreThereAsync();
        await _stores.Reports.CompleteDayAsync(Day, None);
        await AssertAllAreThereAsync();
    }

    [Fact]
    public void Shuffle_OneThenTwoTogether_EveryOrderIsEquallyLikely()
    {
        const int Runs = 3_000, Orders = 6;
        using var folder = new TemporaryFolder();
        using var cells = new CellFile(folder.File("day"));
        cells.Open();
        var found = new Dictionary<string, int>();
        for (var run = 0; run < Runs; run++)
        {
            using var connection = new SqliteConnection("Data Source=:memory:");
            connection.Open();
            connection.Run("CREATE TEMP TABLE entry(id BLOB PRIMARY KEY, bytes, parts, cell) WITHOUT ROWID");
            ShuffledCells.Load(connection);
            var (day, next) = (new ReportDay(connection, cells), (byte)1);
            foreach (var together in new[] { 1, 2 })
            {
                ShuffledCells.MakeRoom(day, 1, together);
                for (var n = 0; n < together; n++, next++)
                    ShuffledCells.Insert(day, StoredId.FromBytes([.. Enumerable.Repeat(next, StoredId.SizeInBytes)]), [next]);
            }
            // By the list, and the byte that lies where it says.
            var order = connection.Rows("SELECT cell, substr(tenant, 2) FROM cell_1 ORDER BY cell", row => (Cell: row.GetInt64(0), Id: row.Bytes(1)));
            Assert.Equal([1, 2, 3], order.Select(row => row.Cell));
            Assert.All(order, row => Assert.Equal(row.Id[0], ShuffledCells.Read(day, 1, row.Cell)[0]));
            var text = string.Concat(order.Select(row => row.Id[0]));
            found[text] = found.GetValueOrDefault(text) + 1;
        }
        Assert.Equal(Orders, found.Count);
        // Chi-squared with 5 degrees of freedom: above 36 once in a million runs of this test.
        Assert.InRange(found.Values.Sum(times => Math.Pow(times - (Runs / (double)Orders), 2) / (Runs / (double)Orders)), 0, 36);
    }

    [Fact]
    public async Task Open_ListMissing_RefusedSoThatNoCellIsWrittenOver()
    {
        await StoreAsync(2);
        await _stores.CloseAsync();
        File.Move(DayFile, DayFile + ".away");
        using (var folder = DataFolder.Open(_stores.Path))
            Assert.Matches("^\\S+-cells holds texts, and \\S+, which says what lies where, is missing; stop the server, put that back or move", Assert.Throws<StoreException>(() => new SqliteReportStore(folder, 1)).Message);
        File.Move(DayFile + ".away", DayFile);
        _stores.Open();
        await AssertAllAreThereAsync();
    }

    [Fact]
    public async Task Open_CellsMissingOrCutShort_SaidOfThoseThatLackAndTheOthersAreServed()
    {
        await StoreAsync(10);
        await _stores.CloseAsync();
        await using (var file = new FileStream(DayFile + CellFile.Suffix, FileMode.Open))
            file.SetLength(CellFile.RoomInBytes(SizeInBytes) * 9);
        _stores.Open();
        var (read, lacking) = (0, 0);
        foreach (var (id, bytes) in _texts)
        {
            try
            {
                Assert.Equal(bytes, (await _stores.Reports.ReadPartAsync(Day, id, 0, None))!.Value.ToArray());
                read++;
            }
            catch (StoreException e)
            {
                Assert.Contains($"{DayFile} is damaged ({FileName}{CellFile.Suffix} lacks a cell that it names); stop the server", e.Message, StringComparison.Ordinal);
                lacking++;
            }
        }
        Assert.Equal((9, 1), (read, lacking));
    }

    [Fact]
    public async Task Open_CellsOfACompleteDayThatAKillLeft_AreRemoved()
    {
        await StoreAsync(3);
        var cells = await File.ReadAllBytesAsync(DayFile + CellFile.Suffix, None);
        await _stores.Reports.CompleteDayAsync(Day, None);
        await _stores.CloseAsync();
        await File.WriteAllBytesAsync(DayFile + CellFile.Suffix, cells, None);
        _stores.Open();
        Assert.False(File.Exists(DayFile + CellFile.Suffix));
        await AssertAllAreThereAsync();
    }

    [Fact]
    public async Task Open_DayOfVersionOne_ItsTextsMoveToTheirCells()
    {
        await _stores.CloseAsync();
        DataFolder.Remove(DayFile);
        using (var connection = SqliteFile.Connect(DayFile))
        {
            (ReportDaySchema.Open with { Version = 1 }).Make(connection);
            foreach (var size in new[] { SizeInBytes, 70_293 })
            {
                connection.Run($"CREATE TABLE cell_{size}(cell INTEGER PRIMARY KEY, id BLOB NOT NULL, bytes BLOB NOT NULL)");
                for (var n = 0; n < 30; n++)
                {
                    var (id, bytes) = (NewId(), RandomNumberGenerator.GetBytes(size));
                    _texts[id] = bytes;
                    connection.Run($"INSERT INTO cell_{size}(id, bytes) VALUES ($id, $bytes)", ("$id", id.ToBytes()), ("$bytes", bytes));
                }
            }
        }
        for (var times = 0; times < 2; times++)
        {
            _stores.Open();
            await StoreAsync(3);
            await AssertAllAreThereAsync();
            await _stores.CloseAsync();
        }
        // Nothing of the texts is left where they were.
        Assert.InRange(new FileInfo(DayFile).Length, 0, 200_000);
        _stores.Open();
    }

    /// <summary>A server that begins to write, and goes.</summary>
    private void Act(Action<ReportDay> act)
    {
        using var connection = SqliteFile.Connect(DayFile);
        using var cells = new CellFile(DayFile);
        var day = new ReportDay(connection, cells);
        ReportDaySchema.Prepare(day);
        connection.Run("BEGIN IMMEDIATE");
        act(day);
    }

    private async Task StoreAsync(int texts)
    {
        for (var n = 0; n < texts; n++)
        {
            var (id, bytes) = (NewId(), RandomNumberGenerator.GetBytes(SizeInBytes));
            Assert.Equal(StoreOutcome.Stored, await _stores.Reports.StoreTextAsync(Day, id, bytes, None));
            _texts[id] = bytes;
        }
    }

    private void AssertEachIsThereOnce()
    {
        using var file = new FileStream(DayFile + CellFile.Suffix, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var disk = new byte[file.Length];
        file.ReadExactly(disk);
        foreach (var bytes in _texts.Values)
        {
            var first = disk.AsSpan().IndexOf(bytes.AsSpan(0, 64));
            Assert.NotEqual(-1, first);
            Assert.Equal(-1, disk.AsSpan(first + 1).IndexOf(bytes.AsSpan(0, 64)));
        }
    }

    private async Task AssertAllAreThereAsync()
    {
        var there = await _stores.Reports.ReadTextsAsync(Day, null, 1000, None);
        Assert.Equal(_texts.Keys.Select(id => Convert.ToHexString(id.ToBytes())).Order(StringComparer.Ordinal), there.Select(text => Convert.ToHexString(text.Id.ToBytes())));
        Assert.All(there, text => Assert.Equal(_texts[text.Id], text.SealedBytes.ToArray()));
    }

    private static long Holes(SqliteConnection connection) =>
        connection.Scalar<long>($"SELECT count(*) FROM {ShuffledCells.Table(SizeInBytes)} WHERE tenant = zeroblob(17)");

    private static StoredId NewId() => StoredId.FromBytes(RandomNumberGenerator.GetBytes(StoredId.SizeInBytes));
}
