using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Reports;
using SecureDrop.Server.Storage;
using SecureDrop.Server.Storage.Sqlite;
using SecureDrop.Tests.Server.Storage.Sqlite;
using Xunit;

namespace SecureDrop.Tests.Server.Storage.Forensics;

/// <summary>
/// A store that tells no order. Its files are taken as they lie, today's included, while the store goes on; every order in which
/// they keep what came is compared with the one in which it came. Each way of telling that these tests know is shown to be seen in
/// a store that does it.
/// </summary>
public sealed class OrderOfArrivalTests
{
    private const int Tail = 200;
    private const int WritersAtOnce = 64;

    private static readonly DateOnly Day = new(2026, 11, 24);
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly int TextSizeInBytes = (int)AgeSizes.SealedSizeInBytes(3, SizeClass.SmallestInBytes);

    private static string DayFile => "reports-2026-11-24.sqlite";
    private static string Cells => DayFile + CellFile.Suffix;

    [Fact]
    public async Task Texts_FiveThousandTogetherAndOneByOne_NoOrderOnDiskIsThatOfArrival()
    {
        const int Together = 3_000, Texts = 5_000;
        await using var stores = new SqliteStores();
        var ids = new StoredId[Texts];
        var journals = new ConcurrentBag<long>();
        await Parallel.ForAsync(0, Together, new ParallelOptions { MaxDegreeOfParallelism = WritersAtOnce }, async (n, _) =>
        {
            ids[n] = await StoreAsync(stores, n);
            if (n % 10 == 0)
                journals.Add(TextsInJournal(stores));
        });
        // Whoever takes the files in the middle of a commit sees which leaves of the list it changes, and no text.
        Assert.All(journals, texts => Assert.InRange(texts, 0, 0));
        // A server that is restarted finds files that are there already, which SQLite opens in another way than new ones.
        await stores.CloseAsync();
        stores.Open();
        for (var n = Together; n < Texts; n++)
        {
            ids[n] = await StoreAsync(stores, n);
            if (n % 100 == 0)
                Assert.Equal(0, JournalSizeInBytes(stores));
        }

        using (var today = StolenFolder.Steal(stores.Path))
        {
            AssertHoldsNothingFree(today);
            // Every cell is somebody's: no copy of those who moved is left, by which the others would be told apart.
            Assert.Equal(Texts, (new FileInfo(today.File_(Cells)).Length + CellFile.RoomInBytes(TextSizeInBytes) - 1) / CellFile.RoomInBytes(TextSizeInBytes));
            AssertTellsNothing(Texts, OrdersOnDisk.OfBytes(today.File_(Cells), Texts, TextSizeInBytes),
                OrdersOnDisk.OfList(today, DayFile, ShuffledCells.Table(TextSizeInBytes), ids));
        }
        await stores.Reports.CompleteDayAsync(Day, None);
        Assert.Equal(Texts, Assert.Single(await stores.Reports.ListDaysAsync(None)).Reports);
        using var complete = StolenFolder.Steal(stores.Path);
        AssertHoldsNothingFree(complete);
        AssertTellsNothing(Texts, OrdersOnDisk.OfBytes(complete.File_(DayFile), Texts, TextSizeInBytes),
            OrdersOnDisk.OfRows(complete, DayFile, ShuffledCells.Table(TextSizeInBytes), Texts));
    }

    [Fact]
    public async Task LargeReports_OnceTheirDayIsComplete_NoOrderOnDiskIsThatOfArrival()
    {
        const int Reports = 600, SizeInBytes = 98_304;
        await using var stores = new SqliteStores();
        for (var n = 0; n < Reports; n++)
        {
            var id = NewId();
            Assert.Equal(StoreOutcome.Stored, await stores.Reports.StorePartAsync(Day, id, 0, TaggedText.Make(n, SizeInBytes), None));
            Assert.Equal(CommitOutcome.Committed, await stores.Reports.CommitAsync(Day, id, 1, SizeInBytes, None));
        }
        // Until then they lie as they came, which SECURITY.md says; and the readers see it.
        using (var today = StolenFolder.Steal(stores.Path))
        {
            Assert.Equal(1.0, RankStatistics.Spearman(OrdersOnDisk.OfBytes(today.File_(DayFile), Reports, SizeInBytes)["first byte"]), 3);
            Assert.Equal(1.0, RankStatistics.Spearman(OrdersOnDisk.OfRows(today, DayFile, "part", Reports)["row number"]), 3);
        }
        await stores.Reports.CompleteDayAsync(Day, None);
        using var complete = StolenFolder.Steal(stores.Path);
        AssertHoldsNothingFree(complete);
        AssertTellsNothing(Reports, OrdersOnDisk.OfBytes(complete.File_(DayFile), Reports, SizeInBytes), OrdersOnDisk.OfRows(complete, DayFile, "part", Reports));
    }

    [Fact]
    public void PlainTable_IsSeen()
    {
        using var folder = new TemporaryFolder();
        WritePlainly(folder.File(DayFile), "CREATE TABLE plain(id BLOB NOT NULL, bytes BLOB NOT NULL)", 400);
        using var stolen = StolenFolder.Steal(folder.Path);
        Dictionary<string, double[]>[] orders = [OrdersOnDisk.OfBytes(stolen.File_(DayFile), 400, TextSizeInBytes), OrdersOnDisk.OfRows(stolen, DayFile, "plain", 400)];
        foreach (var (name, places) in orders.SelectMany(order => order))
        {
            Assert.Equal(1.0, RankStatistics.Spearman(places), 3);
            // Correlation, locality, tail: each by itself.
            Assert.InRange(RankStatistics.Findings(name, places, 40).Count(), 5, 6);
        }
    }

    [Fact]
    public void RandomKey_HidesNothing_IsSeen()
    {
        using var folder = new TemporaryFolder();
        WritePlainly(folder.File(DayFile), "CREATE TABLE plain(id BLOB PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID", 400);
        using var stolen = StolenFolder.Steal(folder.Path);
        Assert.InRange(RankStatistics.Spearman(OrdersOnDisk.OfBytes(stolen.File_(DayFile), 400, TextSizeInBytes)["middle"]), 0.9, 1);
    }

    [Fact]
    public void Tail_ThatOnlyTheLastAreKeptApart_IsSeen()
    {
        // A pool of free cells to choose from: no order of the whole, but the newest lie where there was room last.
        var places = Enumerable.Range(0, 5_000 - Tail).Select(n => (double)n).ToArray();
        RandomNumberGenerator.Shuffle<double>(places);
        var atTheEnd = Enumerable.Range(5_000 - Tail, Tail).Select(n => (double)n).ToArray();
        RandomNumberGenerator.Shuffle<double>(atTheEnd);
        Assert.Contains(RankStatistics.Findings("pool", [.. places, .. atTheEnd], Tail), found => found.Contains("sets the last 200 apart from the rest", StringComparison.Ordinal));
    }

    [Fact]
    public void Log_ThatIsNotEmptied_KeepsTheOrder_IsSeen()
    {
        using var folder = new TemporaryFolder();
        using var connection = SqliteFile.Connect(folder.File(DayFile), "WAL");
        connection.Run("PRAGMA wal_autocheckpoint=0; CREATE TABLE plain(bytes BLOB NOT NULL)");
        for (var n = 0; n < 100; n++)
        {
            connection.Run("BEGIN IMMEDIATE");
            connection.Run("INSERT INTO plain VALUES ($bytes)", ("$bytes", TaggedText.Make(n, TextSizeInBytes)));
            connection.Run("COMMIT");
        }
        using var stolen = StolenFolder.Steal(folder.Path);
        var first = new Dictionary<int, double>();
        foreach (var stretch in RawLog.Frames(File.ReadAllBytes(stolen.File_(DayFile + "-wal"))).SelectMany(frame => frame.Stretches))
            first.TryAdd(stretch.Text, stretch.Offset);
        Assert.Equal(1.0, RankStatistics.Spearman([.. Enumerable.Range(0, 100).Select(n => first[n])]), 3);
    }

    private static async Task<StoredId> StoreAsync(SqliteStores stores, int n)
    {
        var id = NewId();
        Assert.Equal(StoreOutcome.Stored, await stores.Reports.StoreTextAsync(Day, id, TaggedText.Make(n, TextSizeInBytes), None));
        return id;
    }

    private static void AssertTellsNothing(int texts, params Dictionary<string, double[]>[] orders)
    {
        foreach (var (name, places) in orders.SelectMany(order => order))
        {
            Assert.Equal(texts, places.Distinct().Count());
            Assert.Empty(RankStatistics.Findings(name, places, Tail));
        }
    }

    /// <summary>No log, no shared memory, no free page: nothing lies there beside what the tables hold.</summary>
    private static void AssertHoldsNothingFree(StolenFolder stolen)
    {
        foreach (var name in stolen.Names.Where(name => !name.EndsWith(".sqlite", StringComparison.Ordinal) && name != Cells))
            Assert.Equal(0, new FileInfo(stolen.File_(name)).Length);
        using var database = new RawDatabase(stolen.File_(DayFile));
        Assert.Equal(0, database.FreePages);
        Assert.Equal(0, stolen.Query(DayFile, "PRAGMA freelist_count", row => row.GetInt32(0))[0]);
        // Nothing is numbered by arrival, and nothing counts: sqlite_sequence, sqlite_stat1 and the like are not there.
        Assert.Empty(stolen.Query(DayFile, "SELECT name FROM sqlite_master WHERE name LIKE 'sqlite\\_s%' ESCAPE '\\'", row => row.GetString(0)));
    }

    private static long JournalSizeInBytes(SqliteStores stores) => new FileInfo(Path.Combine(stores.Path, DayFile + "-journal")).Length;

    private static long TextsInJournal(SqliteStores stores)
    {
        using var file = new FileStream(Path.Combine(stores.Path, DayFile + "-journal"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var journal = new MemoryStream();
        file.CopyTo(journal);
        return TaggedText.Find(journal.ToArray(), 0).DistinctBy(stretch => stretch.Text).Count();
    }

    private static void WritePlainly(string file, string table, int texts)
    {
        using var connection = SqliteFile.Connect(file);
        connection.Run(table);
        for (var n = 0; n < texts; n++)
            connection.Run("INSERT INTO plain VALUES ($id, $bytes)", ("$id", NewId().ToBytes()), ("$bytes", TaggedText.Make(n, TextSizeInBytes)));
            }

    private static StoredId NewId() => StoredId.FromBytes(RandomNumberGenerator.GetBytes(StoredId.SizeInBytes));
}
