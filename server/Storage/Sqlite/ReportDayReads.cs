using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>What is read of a day, open or complete.</summary>
internal static class ReportDayReads
{
    /// <summary>Sorts before all that is longer, whatever that is.</summary>
    internal static readonly byte[] Least = [0];

    public static StoredDay Summary(SqliteConnection connection, DateOnly day) =>
        connection.Rows("SELECT count(*), coalesce(sum(bytes), 0) FROM entry",
            row => new StoredDay(day, row.GetInt32(0), row.GetInt64(1)))[0];

    /// <summary>Lengths stand in the rows' heads, so no part is read for this.</summary>
    public static StoreUse Use(SqliteConnection connection)
    {
        var reports = connection.Scalar<long>("SELECT coalesce(sum(bytes), 0) FROM entry");
        var uncommitted = connection.Scalar<long>("SELECT coalesce(sum(length(bytes)), 0) FROM part WHERE id NOT IN (SELECT id FROM entry WHERE parts > 0)");
        return new StoreUse(reports + uncommitted, uncommitted, 0);
    }

    public static IReadOnlyList<StoredReport> Reports(SqliteConnection connection, DateOnly day, StoredId? after, int limit) =>
        connection.Rows("SELECT id, bytes, parts FROM entry WHERE id > $after ORDER BY id LIMIT $limit",
            row => new StoredReport(day, row.Id(0), row.GetInt64(1), row.GetInt32(2)),
            ("$after", Start(after)), ("$limit", limit));

    public static IReadOnlyList<StoredText> Texts(ReportDay day, StoredId? after, int limit)
    {
        var entries = day.Connection.Rows(
            "SELECT id, bytes, cell FROM entry WHERE parts = 0 AND id > $after ORDER BY id LIMIT $limit",
            row => (Id: row.Id(0), SizeInBytes: row.GetInt64(1), Cell: row.GetInt64(2)),
            ("$after", Start(after)), ("$limit", limit));
        return [.. entries.Select(entry => new StoredText(entry.Id, Text(day, entry.SizeInBytes, entry.Cell)))];
    }

    /// <summary>Before every id where there is none: a condition that may be left out ("… IS NULL OR …") is looked up nowhere, and every page of a
    /// list would read all that come before it.</summary>
    internal static byte[] Start(StoredId? after) => after?.ToBytes() ?? Least;

    public static StoredReport? Find(SqliteConnection connection, DateOnly day, StoredId id) =>
        connection.Rows("SELECT bytes, parts FROM entry WHERE id = $id",
            row => new StoredReport(day, id, row.GetInt64(0), row.GetInt32(1)), ("$id", id.ToBytes())).FirstOrDefault();

    public static IReadOnlyList<int> Parts(SqliteConnection connection, StoredId id)
    {
        if (connection.Scalar<long>("SELECT EXISTS(SELECT 1 FROM entry WHERE id = $id AND parts = 0)", ("$id", id.ToBytes())) == 1)
            return [0];
        return connection.Rows("SELECT n FROM part WHERE id = $id ORDER BY n", row => row.GetInt32(0), ("$id", id.ToBytes()));
    }

    /// <summary>A text, wherever its day keeps them.</summary>
    public static byte[] Text(ReportDay day, long sizeInBytes, long cell) =>
        day.IsComplete ? CompleteDayRows.ReadText(day.Connection, sizeInBytes, cell) : ShuffledCells.Read(day, sizeInBytes, cell);

    public static ReadOnlyMemory<byte>? Part(ReportDay day, StoredId id, int part)
    {
        var connection = day.Connection;
        if (connection.Scalar<byte[]>("SELECT bytes FROM part WHERE id = $id AND n = $n", ("$id", id.ToBytes()), ("$n", part)) is { } bytes)
            return bytes;
        var text = part != 0 ? [] : connection.Rows("SELECT bytes, cell FROM entry WHERE id = $id AND parts = 0",
            row => (SizeInBytes: row.GetInt64(0), Cell: row.GetInt64(1)), ("$id", id.ToBytes()));
        // Spelt out: a null array would turn into an empty part, not into none.
        return text.Count == 0 ? (ReadOnlyMemory<byte>?)null : Text(day, text[0].SizeInBytes, text[0].Cell);
    }

    /// <summary>Without an array of its own for every part: a large report has thousands.</summary>
    public static int? PartInto(ReportDay day, StoredId id, int part, Span<byte> buffer)
    {
        var connection = day.Connection;
        var place = connection.Scalar<long>("SELECT place FROM part WHERE id = $id AND n = $n", ("$id", id.ToBytes()), ("$n", part));
        if (place == 0)
        {
            var text = Part(day, id, part);
            text?.Span.CopyTo(buffer);
            return text?.Length;
        }
        using var source = new SqliteBlob(connection, "part", "bytes", place, readOnly: true);
        var length = (int)source.Length;
        source.ReadExactly(buffer[..length]);
        return length;
    }
}
