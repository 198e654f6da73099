using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>
/// Texts of one length in cells of that length, shuffled inside out: the newcomer takes a random cell among n + 1 and its
/// tenant moves to the new last one, so that every order is equally likely at every moment. Against a thief of the disk, who
/// would read the order of arrival from the order of pages. Cells are written in place by incremental blob I/O: an UPDATE may
/// move a row, and with it tell which is the newest.
/// </summary>
internal static class ShuffledCells
{
    public static string Table(long sizeInBytes) => $"cell_{sizeInBytes}";

    public static void CreateTable(SqliteConnection connection, long sizeInBytes) =>
        connection.Run($"CREATE TABLE IF NOT EXISTS {Table(sizeInBytes)}(cell INTEGER PRIMARY KEY, id BLOB NOT NULL, bytes BLOB NOT NULL)");

    /// <summary>The lengths of which there are cells.</summary>
    public static IEnumerable<long> Sizes(SqliteConnection connection) =>
        connection.Rows("SELECT name FROM sqlite_master WHERE type='table' AND name LIKE 'cell\\_%' ESCAPE '\\'",
            row => long.Parse(row.GetString(0)["cell_".Length..]));

    /// <returns>The newcomer's cell, and where the tenant of that cell went, if it had one.</returns>
    public static (long Cell, (StoredId Id, long Cell)? Moved) Insert(SqliteConnection connection, StoredId id, ReadOnlySpan<byte> bytes)
    {
        CreateTable(connection, bytes.Length);
        var table = Table(bytes.Length);
        var last = connection.Scalar<long>($"SELECT coalesce(max(cell), 0) + 1 FROM {table}");
        var chosen = RandomNumberGenerator.GetInt32(int.CreateChecked(last)) + 1L;
        if (chosen == last)
        {
            Append(connection, table, last, id.ToBytes(), bytes.ToArray());
            return (last, null);
        }
        // The tenant goes to the new cell as that is made; an empty one to be filled afterwards would be written twice.
        var (tenant, tenantBytes) = ReadTenant(connection, table, chosen, bytes.Length);
        Append(connection, table, last, tenant, tenantBytes);
        Write(connection, table, chosen, id.ToBytes(), bytes);
        return (chosen, (StoredId.FromBytes(tenant), last));
    }

    public static byte[] Read(SqliteConnection connection, long sizeInBytes, long cell) =>
        connection.Scalar<byte[]>($"SELECT bytes FROM {Table(sizeInBytes)} WHERE cell = $cell", ("$cell", cell))
        ?? throw SqliteFaults.Damaged(connection.DataSource, "it lacks a cell that its list names");

    private static (byte[] Id, byte[] Bytes) ReadTenant(SqliteConnection connection, string table, long cell, int sizeInBytes)
    {
        var (id, bytes) = (new byte[StoredId.SizeInBytes], new byte[sizeInBytes]);
        using (var source = new SqliteBlob(connection, table, "id", cell, readOnly: true))
            source.ReadExactly(id);
        using (var source = new SqliteBlob(connection, table, "bytes", cell, readOnly: true))
            source.ReadExactly(bytes);
        return (id, bytes);
    }

    private static void Append(SqliteConnection connection, string table, long cell, byte[] id, byte[] bytes) =>
        connection.Run($"INSERT INTO {table} VALUES ($cell, $id, $bytes)", ("$cell", cell), ("$id", id), ("$bytes", bytes));

    private static void Write(SqliteConnection connection, string table, long cell, ReadOnlySpan<byte> id, ReadOnlySpan<byte> bytes)
    {
        using (var target = new SqliteBlob(connection, table, "id", cell))
            target.Write(id);
        using (var target = new SqliteBlob(connection, table, "bytes", cell))
            target.Write(bytes);
    }
}
