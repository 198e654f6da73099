using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>Adds reports to the file of a complete day. Brought in order of id, their places follow nothing but that.</summary>
internal static class CompleteDayRows
{
    public static void AddText(SqliteConnection target, StoredId id, byte[] bytes)
    {
        target.Run($"CREATE TABLE IF NOT EXISTS {ShuffledCells.Table(bytes.Length)}(cell INTEGER PRIMARY KEY, id BLOB NOT NULL, bytes BLOB NOT NULL)");
        var cell = target.Scalar<long>($"INSERT INTO {ShuffledCells.Table(bytes.Length)}(id, bytes) VALUES ($id, $bytes) RETURNING cell", ("$id", id.ToBytes()), ("$bytes", bytes));
        AddEntry(target, id, bytes.Length, 0, cell);
    }

    public static byte[] ReadText(SqliteConnection connection, long sizeInBytes, long cell) =>
        connection.Scalar<byte[]>($"SELECT bytes FROM {ShuffledCells.Table(sizeInBytes)} WHERE cell = $cell", ("$cell", cell))
        ?? throw SqliteFaults.Damaged(connection.DataSource, "it lacks a cell that its list names");

    public static void AddPart(SqliteConnection target, StoredId id, int part, ReadOnlySpan<byte> bytes)
    {
        // Room first, then the bytes straight into it: a parameter would want an array of its own for every part.
        var place = target.Scalar<long>("INSERT INTO part(id, n, bytes) VALUES ($id, $n, zeroblob($size)) RETURNING place",
            ("$id", id.ToBytes()), ("$n", part), ("$size", bytes.Length));
        using var blob = new SqliteBlob(target, "part", "bytes", place);
        blob.Write(bytes);
    }

    /// <summary>After its parts.</summary>
    public static void AddLarge(SqliteConnection target, StoredId id, long sizeInBytes, int parts) => AddEntry(target, id, sizeInBytes, parts, null);

    private static void AddEntry(SqliteConnection target, StoredId id, long sizeInBytes, int parts, long? cell) =>
        target.Run("INSERT INTO entry VALUES ($id, $bytes, $parts, $cell)", ("$id", id.ToBytes()), ("$bytes", sizeInBytes), ("$parts", parts), ("$cell", cell));
}
