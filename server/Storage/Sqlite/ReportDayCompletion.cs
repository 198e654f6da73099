using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>
/// Rewrites a day that has ended into a new file, in order of id: ids are chance, and the key that made them is destroyed, so
/// nothing in the new file follows the order of arrival. Parts that were never committed stay behind.
/// </summary>
internal static class ReportDayCompletion
{
    public static void Write(ReportDay source, string target)
    {
        DataFolder.Remove(target);
        // No journal: a rewrite that was broken off is thrown away and begun again.
        using (var connection = SqliteFile.Connect(target, "OFF"))
        {
            ReportDaySchema.Complete.Make(connection);
            connection.Run("BEGIN IMMEDIATE");
            foreach (var id in source.Connection.Rows("SELECT id FROM entry ORDER BY id", row => row.Id(0)))
                Copy(source, connection, id);
            connection.Run("COMMIT");
        }
    }

    private static void Copy(ReportDay source, SqliteConnection target, StoredId id)
    {
        var (size, parts, cell) = source.Connection.Rows("SELECT bytes, parts, cell FROM entry WHERE id = $id",
            row => (row.GetInt64(0), row.GetInt32(1), row.IsDBNull(2) ? 0 : row.GetInt64(2)), ("$id", id.ToBytes()))[0];
        if (parts == 0)
        {
            CompleteDayRows.AddText(target, id, ShuffledCells.Read(source, size, cell));
            return;
        }
        for (var n = 0; n < parts; n++)
        {
            CompleteDayRows.AddPart(target, id, n, source.Connection.Scalar<byte[]>("SELECT bytes FROM part WHERE id = $id AND n = $n", ("$id", id.ToBytes()), ("$n", n))
                ?? throw SqliteFaults.Damaged(source.Connection.DataSource, "it lacks a part that its list names"));
        }
        CompleteDayRows.AddLarge(target, id, size, parts);
    }
}
