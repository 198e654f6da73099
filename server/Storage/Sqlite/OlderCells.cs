using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>An open day as version 1 kept it: the cells themselves were rows of the database.</summary>
internal static class OlderCells
{
    /// <summary>Moves the texts out of the database into the cells beside it, each under its number.</summary>
    public static void MoveOut(ReportDay day)
    {
        try
        {
            // What is dropped goes from the file at once; to erase it first would want its room a third time, for the journal.
            day.Connection.Run("PRAGMA secure_delete=OFF");
            Move(day, day.Connection);
            day.Connection.Run("PRAGMA secure_delete=ON");
        }
        catch
        {
            // The disk may be full of the copies.
            day.Cells.CutTo(0);
            throw;
        }
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
        connection.Run($"PRAGMA user_version={ReportDaySchema.Open.Version}; COMMIT");
    }
}
