using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>
/// Rewrites a day that has ended into a new file, in order of id: ids are chance, and the key that made them is destroyed, so
/// nothing in the new file follows the order of arrival. Parts that were never committed stay behind.
/// </summary>
internal static class ReportDayCompletion
{
    public static void Write(SqliteConnection source, string target)
    {
        DataFolder.Remove(target);
        // No journal: a rewrite that was broken off is thrown away and begun again.
        using (var connection = SqliteFile.Connect(target, "OFF"))
        {
            ReportDaySchema.Complete.Make(connection);
            connection.Run("BEGIN IMMEDIATE");
            foreach (var id in source.Rows("SELECT id FROM entry ORDER BY id", row => row.Id(0)))
                Copy(source, connection, id.ToBytes());
            connection.Run("COMMIT");
        }
    }

    private static void Copy(SqliteConnection source, SqliteConnection target, byte[] id)
    {
        var (size, parts, cell) = source.Rows("SELECT bytes, parts, cell FROM entry WHERE id = $id",
            row => (row.GetInt64(0), row.GetInt32(1), row.IsDBNull(2) ? 0 : row.GetInt64(2)), ("$id", id))[0];
        long? newCell = null;
        if (parts == 0)
        {
            ShuffledCells.CreateTable(target, size);
            newCell = target.Scalar<long>(
                $"INSERT INTO {ShuffledCells.Table(size)}(id, bytes) VALUES ($id, $bytes) RETURNING cell",
                ("$id", id), ("$bytes", ShuffledCells.Read(source, size, cell)));
        }
        for (var n = 0; n < parts; n++)
        {
            target.Run("INSERT INTO part(id, n, bytes) VALUES ($id, $n, $bytes)", ("$id", id), ("$n", n),
                ("$bytes", source.Scalar<byte[]>("SELECT bytes FROM part WHERE id = $id AND n = $n", ("$id", id), ("$n", n))));
        }
        target.Run("INSERT INTO entry VALUES ($id, $bytes, $parts, $cell)", ("$id", id), ("$bytes", size), ("$parts", parts), ("$cell", newCell));
    }
}
