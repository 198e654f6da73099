using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>
/// The tables of one day of reports. <c>entry</c> lists the committed reports by id. While the day is open it lives in memory
/// only: a B-tree page keeps its rows in the order in which they came. The file of a complete day has it on disk, written in
/// order of id, and that is how the two are told apart.
/// </summary>
internal static class ReportDaySchema
{
    private const string Entry = "entry(id BLOB PRIMARY KEY, bytes INTEGER NOT NULL, parts INTEGER NOT NULL, cell INTEGER) WITHOUT ROWID";

    private const string Tables =
        "CREATE TABLE part(place INTEGER PRIMARY KEY, id BLOB NOT NULL, n INTEGER NOT NULL, bytes BLOB NOT NULL, UNIQUE(id, n));"
        + "CREATE TABLE large(id BLOB PRIMARY KEY, bytes INTEGER NOT NULL, parts INTEGER NOT NULL) WITHOUT ROWID";

    public static readonly SqliteSchema Open = new("reports", 1, Tables);

    public static readonly SqliteSchema Complete = new("reports", 1, $"{Tables}; CREATE TABLE {Entry}");

    public static bool IsComplete(SqliteConnection connection) =>
        connection.Scalar<long>("SELECT count(*) FROM main.sqlite_master WHERE name = 'entry'") == 1;

    public static void Prepare(SqliteConnection connection)
    {
        if (IsComplete(connection))
            return;
        connection.Run($"CREATE TEMP TABLE {Entry}");
        foreach (var size in ShuffledCells.Sizes(connection))
            connection.Run($"INSERT INTO temp.entry SELECT id, {size}, 0, cell FROM {ShuffledCells.Table(size)}");
        connection.Run("INSERT INTO temp.entry SELECT id, bytes, parts, NULL FROM large");
        // A commit's pages, which are no more than SqliteFile takes at once, stay in memory until it is written: else it would be made
        // durable several times. And the journal is there before anybody comes: made by the first upload, its birth would tell when that was.
        connection.Run($"PRAGMA cache_spill=OFF; BEGIN IMMEDIATE; PRAGMA user_version={Open.Version}; COMMIT");
    }
}
