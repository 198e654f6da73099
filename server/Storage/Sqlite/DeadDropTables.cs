using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>
/// The tables of a day's dead drop. While the day runs, slots and copies of a batch stand under their owner, each table in an
/// order of its own chance; when it is published the slots are written anew, into a file of their own, in order of <c>r</c>, and
/// the owners are gone.
/// </summary>
internal static class DeadDropTables
{
    private const int Running = 0;
    private const int Closed = 1;
    private const int Published = 2;

    private const string CopyTable = "CREATE TABLE copy(id BLOB PRIMARY KEY, bytes BLOB NOT NULL)";

    public static readonly SqliteSchema Slots = new("dead-drop", 1,
        "CREATE TABLE day(only INTEGER PRIMARY KEY CHECK (only = 1), shard_bits INTEGER NOT NULL, state INTEGER NOT NULL);"
        + "CREATE TABLE slot(shard INTEGER NOT NULL, r BLOB NOT NULL, bytes BLOB NOT NULL, owner BLOB, UNIQUE(shard, r));"
        + "CREATE TABLE waiting(id BLOB PRIMARY KEY, bytes BLOB NOT NULL, owner BLOB NOT NULL)");

    public static readonly SqliteSchema Copies = new("copies", 1, CopyTable);

    public static int Begin(SqliteConnection connection, int shardBits)
    {
        connection.Run("INSERT OR IGNORE INTO day VALUES (1, $bits, 0)", ("$bits", shardBits));
        return (int)connection.Scalar<long>("SELECT shard_bits FROM day");
    }

    public static bool IsBegun(SqliteConnection connection) => connection.Scalar<long>("SELECT count(*) FROM day") == 1;

    public static bool IsPublished(SqliteConnection connection) => State(connection) == Published;

    public static BatchOutcome StoreBatch(
        SqliteConnection connection, byte[] owner, IReadOnlyList<DeadDropEntry> entries, IReadOnlyList<ReadOnlyMemory<byte>> copies)
    {
        if (State(connection) != Running)
            return BatchOutcome.DayClosed;
        if (entries.Any(entry => entry.Shard >> (int)connection.Scalar<long>("SELECT shard_bits FROM day") != 0))
            return BatchOutcome.ShardBeyondWidth;
        var before = connection.Rows("SELECT bytes FROM slot WHERE owner = $owner", row => row.Bytes(0), ("$owner", owner));
        if (before.Count > 0 && IsSame(connection, owner, before, entries, copies))
            return BatchOutcome.AlreadyThere;
        connection.Run("DELETE FROM slot WHERE owner = $owner; DELETE FROM waiting WHERE owner = $owner", ("$owner", owner));
        foreach (var entry in entries.OrderBy(entry => entry.Shard).ThenBy(entry => Convert.ToHexString(entry.Slot.Span)))
        {
            if (!AddSlot(connection, owner, entry))
            {
                // Undone as a whole by the caller's savepoint.
                throw new SlotInUseException();
            }
        }
        foreach (var (id, copy) in copies.Select(copy => (StoredId.FromBytes(RandomNumberGenerator.GetBytes(StoredId.SizeInBytes)), copy)).OrderBy(copy => copy.Item1))
            connection.Run("INSERT INTO waiting VALUES ($id, $bytes, $owner)", ("$id", id.ToBytes()), ("$bytes", copy.ToArray()), ("$owner", owner));
        return before.Count > 0 ? BatchOutcome.Replaced : BatchOutcome.Stored;
    }

    public static DeadDropDay? Summary(SqliteConnection connection, DateOnly day)
    {
        var (bits, state) = connection.Rows("SELECT shard_bits, state FROM day", row => ((int?)row.GetInt32(0), row.GetInt32(1))).FirstOrDefault();
        if (bits is not { } width)
            return null;
        var sizes = new long[1 << width];
        foreach (var (shard, size) in connection.Rows("SELECT shard, sum(length(bytes)) FROM slot GROUP BY shard", row => (row.GetInt32(0), row.GetInt64(1))))
            sizes[shard] = size;
        return new DeadDropDay(day, width, state == Published, sizes);
    }

    public static IReadOnlyList<ReadOnlyMemory<byte>> ReadSlots(SqliteConnection connection, int shard, byte[]? after, int limit) =>
        connection.Rows("SELECT bytes FROM slot WHERE shard = $shard AND r > $after ORDER BY r LIMIT $limit",
            row => (ReadOnlyMemory<byte>)row.Bytes(0), ("$shard", shard), ("$after", after ?? ReportDayReads.Least), ("$limit", limit));

    public static int Close(SqliteConnection connection) => connection.Run("UPDATE day SET state = $state", ("$state", Closed));

    /// <summary>
    /// Writes the published dead drop into a new file. Emptied in place, the old one would go on telling by its counters and its
    /// gaps how often batches were posted, and so whether anybody was answered.
    /// </summary>
    public static void Publish(SqliteConnection source, string target)
    {
        DataFolder.Remove(target);
        // No journal: a rewrite that was broken off is thrown away and begun again.
        using (var connection = SqliteFile.Connect(target, "OFF"))
        {
            Slots.Make(connection);
            connection.Run("BEGIN IMMEDIATE");
            AddPublishedDay(connection, (int)source.Scalar<long>("SELECT shard_bits FROM day"));
            foreach (var row in source.Rows("SELECT rowid FROM slot ORDER BY shard, r", row => row.GetInt64(0)))
            {
                var (shard, r, bytes) = source.Rows("SELECT shard, r, bytes FROM slot WHERE rowid = $row", slot => (slot.GetInt32(0), slot.Bytes(1), slot.Bytes(2)), ("$row", row))[0];
                AddPublishedSlot(connection, shard, r, bytes);
            }
            connection.Run("COMMIT");
        }
    }

    /// <summary>The one row of a new file that is published once it is written.</summary>
    public static void AddPublishedDay(SqliteConnection connection, int shardBits) =>
        connection.Run("INSERT INTO day VALUES (1, $bits, $state)", ("$bits", shardBits), ("$state", Published));

    /// <summary>Brought in order of shard and <c>r</c>, slots lie in no other.</summary>
    public static void AddPublishedSlot(SqliteConnection connection, int shard, byte[] r, byte[] bytes) =>
        connection.Run("INSERT INTO slot(shard, r, bytes) VALUES ($shard, $r, $bytes)", ("$shard", shard), ("$r", r), ("$bytes", bytes));

    public static int CountWaitingCopies(SqliteConnection connection) => (int)connection.Scalar<long>("SELECT count(*) FROM waiting");

    public static IReadOnlyList<StoredCopy> ReadWaitingCopies(SqliteConnection connection, StoredId? after, int limit) =>
        ReadCopies(connection, "waiting", after, limit);

    public static int CountCopies(SqliteConnection connection) => (int)connection.Scalar<long>("SELECT count(*) FROM copy");

    public static IReadOnlyList<StoredCopy> ReadCopies(SqliteConnection connection, StoredId? after, int limit) =>
        ReadCopies(connection, "copy", after, limit);

    public static int AddCopies(SqliteConnection connection, IReadOnlyList<StoredCopy> copies) =>
        copies.Sum(copy => connection.Run("INSERT OR IGNORE INTO copy VALUES ($id, $bytes)", ("$id", copy.Id.ToBytes()), ("$bytes", copy.SealedBytes.ToArray())));

    private static List<StoredCopy> ReadCopies(SqliteConnection connection, string table, StoredId? after, int limit) =>
        connection.Rows($"SELECT id, bytes FROM {table} WHERE id > $after ORDER BY id LIMIT $limit",
            row => new StoredCopy(row.Id(0), row.Bytes(1)), ("$after", ReportDayReads.Start(after)), ("$limit", limit));

    private static long State(SqliteConnection connection) => connection.Scalar<long>("SELECT state FROM day");

    private static bool AddSlot(SqliteConnection connection, byte[] owner, DeadDropEntry entry) =>
        connection.Run("INSERT OR IGNORE INTO slot VALUES ($shard, $r, $bytes, $owner)", ("$shard", entry.Shard),
            ("$r", entry.Slot[..DeadDropEntry.OrderSizeInBytes].ToArray()), ("$bytes", entry.Slot.ToArray()), ("$owner", owner)) == 1;

    // As sets: a digest of the whole batch, kept to compare with, would let a thief try which slot went with which copy.
    private static bool IsSame(
        SqliteConnection connection, byte[] owner, List<byte[]> before, IReadOnlyList<DeadDropEntry> entries, IReadOnlyList<ReadOnlyMemory<byte>> copies) =>
        before.Select(Convert.ToHexString).ToHashSet().SetEquals(entries.Select(entry => Convert.ToHexString(entry.Slot.Span)))
        && connection.Rows("SELECT bytes FROM waiting WHERE owner = $owner", row => Convert.ToHexString(row.Bytes(0)), ("$owner", owner))
            .ToHashSet().SetEquals(copies.Select(copy => Convert.ToHexString(copy.Span)));
}
