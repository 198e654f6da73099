using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>
/// The tables of one day of reports. <c>entry</c> lists the committed reports by id. While the day is open it lives in memory
/// only: a B-tree page keeps its rows in the order in which they came. The file of a complete day has it on disk, written in
/// order of id, and that is how the two are told apart. The texts of an open day lie beside it (<see cref="CellFile"/>), those of a
/// complete one in it.
/// </summary>
internal static class ReportDaySchema
{
    private const int WithTextsInTheFile = 1;
    private const string Entry = "entry(id BLOB PRIMARY KEY, bytes INTEGER NOT NULL, parts INTEGER NOT NULL, cell INTEGER) WITHOUT ROWID";

    private const string Tables =
        "CREATE TABLE part(place INTEGER PRIMARY KEY, id BLOB NOT NULL, n INTEGER NOT NULL, bytes BLOB NOT NULL, UNIQUE(id, n));"
        + "CREATE TABLE large(id BLOB PRIMARY KEY, bytes INTEGER NOT NULL, parts INTEGER NOT NULL) WITHOUT ROWID";

    public static readonly SqliteSchema Open = new("reports", 2, Tables, OldestVersion: WithTextsInTheFile);

    public static readonly SqliteSchema Complete = new("reports", WithTextsInTheFile, $"{Tables}; CREATE TABLE {Entry}");

    public static bool IsComplete(SqliteConnection connection) =>
        connection.Scalar<long>("SELECT count(*) FROM main.sqlite_master WHERE name = 'entry'") == 1;

    public static void Prepare(ReportDay day)
    {
        var connection = day.Connection;
        if (day.IsComplete)
            return;
        day.Cells.Open();
        if (connection.Scalar<long>("PRAGMA user_version") == WithTextsInTheFile)
            OlderCells.MoveOut(day);
        connection.Run($"CREATE TEMP TABLE {Entry}");
        ShuffledCells.Load(connection);
        connection.Run("INSERT INTO temp.entry SELECT id, bytes, parts, NULL FROM large");
        // Of a day of version 1.
        connection.Run("PRAGMA incremental_vacuum");
        // A commit's pages, which are no more than SqliteFile takes at once, stay in memory until it is written: else it would be made
        // durable several times. And the journal is there before anybody comes: made by the first upload, its birth would tell when that was.
        // Where the commit before could not be made to last, this one does: until then no cell may be written that the list before it names.
        connection.Run($"PRAGMA cache_spill=OFF; BEGIN IMMEDIATE; PRAGMA user_version={Open.Version}; COMMIT");
        try
        {
            ShuffledCells.Trim(day);
        }
        catch (StoreException)
        {
            // Tried again at the next rest: what cannot be erased closes no day.
        }
    }
}
