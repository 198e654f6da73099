using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>
/// Texts of one length in cells of that length, shuffled inside out: for g newcomers, g cells among n + g are chosen by chance, and whoever
/// lives in one of them moves to one of the new cells that were not chosen; so that every order is equally likely at every moment. Against
/// a thief of the disk, who would read the order of arrival from that of the cells.
/// </summary>
/// <remarks>
/// Two commits: in the first, copies of those who move are made and the list says that they live there; in the second the newcomers
/// take what became empty. So no commit writes where, by the list before it, somebody lives.
/// A row of the list is made once, in order of the cells; afterwards its tenant is written in place, by incremental blob I/O: an UPDATE may
/// move a row, and with it tell which is the newest. A tenant is a byte of 1 and the id; where nobody lives all of it is 0.
/// </remarks>
internal static class ShuffledCells
{
    private static readonly byte[] Nobody = new byte[1 + StoredId.SizeInBytes];

    public static string Table(long sizeInBytes) => $"cell_{sizeInBytes}";

    public static void CreateTable(SqliteConnection connection, long sizeInBytes) =>
        connection.Run($"CREATE TABLE IF NOT EXISTS {Table(sizeInBytes)}(cell INTEGER PRIMARY KEY, tenant BLOB NOT NULL, at INTEGER NOT NULL)");

    /// <summary>The lengths of which there are cells.</summary>
    public static List<long> Sizes(SqliteConnection connection) =>
        connection.Rows("SELECT name FROM main.sqlite_master WHERE type='table' AND name LIKE 'cell\\_%' ESCAPE '\\'",
            row => long.Parse(row.GetString(0)["cell_".Length..]));

    /// <summary>What is kept in memory of the cells, from the file: who lives where, and which are empty.</summary>
    public static void Load(SqliteConnection connection)
    {
        connection.Run("CREATE TEMP TABLE hole(size INTEGER, cell INTEGER, PRIMARY KEY(size, cell)) WITHOUT ROWID");
        foreach (var size in Sizes(connection))
        {
            connection.Run($"INSERT INTO temp.entry SELECT substr(tenant, 2), {size}, 0, cell FROM {Table(size)} WHERE tenant <> $nobody", ("$nobody", Nobody));
            connection.Run($"INSERT INTO temp.hole SELECT {size}, cell FROM {Table(size)} WHERE tenant = $nobody", ("$nobody", Nobody));
        }
    }

    /// <summary>
    /// Erases what a kill, or a commit that failed, has left, and what lies in cells that were made empty for somebody who then did not come:
    /// by old copies of some, the others would be told apart.
    /// </summary>
    public static void Trim(ReportDay day)
    {
        day.Cells.CutTo(End(day.Connection));
        // All of them each time: which were written to by a commit that was undone, no list says.
        foreach (var (size, cell) in day.Connection.Rows("SELECT size, cell FROM temp.hole", row => (row.GetInt64(0), row.GetInt64(1))))
            day.Cells.Write(At(day, size, cell), new byte[size]);
    }

    /// <summary>Sees to it that so many cells of this length are empty.</summary>
    public static void MakeRoom(ReportDay day, int sizeInBytes, int newcomers)
    {
        var connection = day.Connection;
        var holes = connection.Rows("SELECT cell FROM temp.hole WHERE size = $size", row => row.GetInt64(0), ("$size", sizeInBytes)).ToHashSet();
        var added = newcomers - holes.Count;
        if (added <= 0)
            return;
        CreateTable(connection, sizeInBytes);
        var last = connection.Scalar<long>($"SELECT max(cell) FROM {Table(sizeInBytes)}");
        var chosen = new HashSet<long>();
        while (chosen.Count < added)
        {
            var cell = RandomNumberGenerator.GetInt32(int.CreateChecked(last + added)) + 1L;
            if (!holes.Contains(cell))
                chosen.Add(cell);
        }
        var moving = chosen.Where(cell => cell <= last).ToArray();
        RandomNumberGenerator.Shuffle<long>(moving);
        AddCells(day, sizeInBytes, last, added, chosen, new Queue<long>(moving));
        foreach (var cell in chosen)
            connection.Run("INSERT INTO temp.hole VALUES ($size, $cell)", ("$size", sizeInBytes), ("$cell", cell));
    }

    /// <summary>Puts a text into an empty cell; <see cref="MakeRoom"/> has seen to it that there is one.</summary>
    /// <returns>Its cell.</returns>
    public static long Insert(ReportDay day, StoredId id, ReadOnlySpan<byte> bytes)
    {
        var connection = day.Connection;
        var holes = connection.Scalar<long>("SELECT count(*) FROM temp.hole WHERE size = $size", ("$size", bytes.Length));
        var cell = connection.Scalar<long>("SELECT cell FROM temp.hole WHERE size = $size ORDER BY cell LIMIT 1 OFFSET $n",
            ("$size", bytes.Length), ("$n", RandomNumberGenerator.GetInt32(int.CreateChecked(holes))));
        day.Cells.Write(At(day, bytes.Length, cell), bytes);
        WriteTenant(connection, bytes.Length, cell, [1, .. id.ToBytes()]);
        connection.Run("DELETE FROM temp.hole WHERE size = $size AND cell = $cell", ("$size", bytes.Length), ("$cell", cell));
        return cell;
    }

    public static byte[] Read(ReportDay day, long sizeInBytes, long cell)
    {
        var bytes = new byte[sizeInBytes];
        day.Cells.Read(At(day, sizeInBytes, cell), bytes);
        return bytes;
    }

    /// <summary>New cells at the end: those that were chosen stay empty, into the others moves who has to.</summary>
    private static void AddCells(ReportDay day, int sizeInBytes, long last, int added, HashSet<long> chosen, Queue<long> moving)
    {
        var (connection, bytes, at) = (day.Connection, new byte[sizeInBytes], End(day.Connection));
        for (var cell = last + 1; cell <= last + added; cell++, at += CellFile.RoomInBytes(sizeInBytes))
        {
            var tenant = Nobody;
            if (!chosen.Contains(cell))
            {
                var from = moving.Dequeue();
                day.Cells.Read(At(day, sizeInBytes, from), bytes);
                day.Cells.Write(at, bytes);
                tenant = connection.Scalar<byte[]>($"SELECT tenant FROM {Table(sizeInBytes)} WHERE cell = $cell", ("$cell", from))!;
                WriteTenant(connection, sizeInBytes, from, Nobody);
                connection.Run("UPDATE temp.entry SET cell = $cell WHERE id = $id", ("$cell", cell), ("$id", tenant[1..]));
            }
            connection.Run($"INSERT INTO {Table(sizeInBytes)} VALUES ($cell, $tenant, $at)", ("$cell", cell), ("$tenant", tenant), ("$at", at));
        }
    }

    /// <summary>Where the next cell begins, of whatever length: they are made at the file's end, and never removed.</summary>
    private static long End(SqliteConnection connection) =>
        Sizes(connection).Select(size => connection.Rows($"SELECT at FROM {Table(size)} ORDER BY cell DESC LIMIT 1", row => row.GetInt64(0) + CellFile.RoomInBytes(size)))
            .SelectMany(end => end).Append(0).Max();

    private static long At(ReportDay day, long sizeInBytes, long cell)
    {
        var found = day.Connection.Rows($"SELECT at FROM {Table(sizeInBytes)} WHERE cell = $cell", row => row.GetInt64(0), ("$cell", cell));
        return found.Count == 1 ? found[0] : throw SqliteFaults.Damaged(day.Connection.DataSource, "it lacks a cell that its list names");
    }

    private static void WriteTenant(SqliteConnection connection, long sizeInBytes, long cell, ReadOnlySpan<byte> tenant)
    {
        using var target = new SqliteBlob(connection, Table(sizeInBytes), "tenant", cell);
        target.Write(tenant);
    }
}
