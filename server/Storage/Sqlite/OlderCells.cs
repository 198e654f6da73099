using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>An open day as version 1 kept it: the cells themselves were rows of the database.</summary>
internal static class OlderCells
{
    /// <summary>Moves the texts out of the database into the cells beside it, each under its number.</summary>
    public static void MoveOut(ReportDay day)
    {
        // What is dropped goes from the file at once; to erase it first would want its room a third time, for the journal.
        day.Connection.Run("PRAGMA secure_delete=OFF");
        try
        {
            Move(day, day.Connection);
        }
        catch
        {
            // The disk may be full of the copies.
            day.Cells.CutTo(0);
            throw;
        }
        // Not cut where this fails: nobody knows whether it was one, and the next opening finds either.
        day.Connection.Run($"PRAGMA user_version={ReportDaySchema.Open.Version}; COMMIT");
        day.Connection.Run("PRAGMA secure_delete=ON");
    }

    private static void Move(ReportDay day, SqliteConnection connection)
    {
        connection.Run("BEGIN IMMEDIATE");
        var at = 0L;
        foreach (var size in ShuffledCells.Sizes(connection))
        {
            var table = ShuffledCells.Table(size);
            connection.Run($"ALTER TABLE {table} RENAME TO older");
            ShuffledCells.CreateTable(connection, size);
            foreach (var cell in connection.Rows("SELECT cell FROM older ORDER BY cell", row => row.GetInt64(0)))
            {
                day.Cells.Write(at, connection.Scalar<byte[]>("SELECT bytes FROM older WHERE cell = $cell", ("$cell", cell)));
                connection.Run($"INSERT INTO {table} SELECT cell, CAST(x'01' || id AS BLOB), $at FROM older WHERE cell = $cell", ("$at", at), ("$cell", cell));
                at += CellFile.RoomInBytes(size);
            }
            connection.Run("DROP TABLE older");
        }
        day.Cells.Flush();
    }
}
