using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>What is done to an open day, each within a transaction of the caller's.</summary>
internal static class ReportDayWrites
{
    private sealed record Entry(long SizeInBytes, int Parts, long? Cell);

    /// <summary>Makes cells empty for those of the newcomers who are not there yet.</summary>
    public static void MakeRoom(ReportDay day, IEnumerable<Newcomer> newcomers)
    {
        if (day.IsComplete)
            return;
        foreach (var alike in newcomers.Distinct().Where(newcomer => Find(day.Connection, newcomer.Id) is null).CountBy(newcomer => newcomer.SizeInBytes))
            ShuffledCells.MakeRoom(day, alike.Key, alike.Value);
    }

    /// <summary>Nothing is left of who lived in cells that stayed empty.</summary>
    public static void Rest(ReportDay day)
    {
        if (!day.IsComplete)
            ShuffledCells.Trim(day);
    }

    public static StoreOutcome StoreText(ReportDay day, StoredId id, ReadOnlySpan<byte> bytes)
    {
        var connection = day.Connection;
        if (day.IsComplete)
            return StoreOutcome.DayClosed;
        if (Find(connection, id) is { } there)
        {
            return there.Cell is { } cell && there.SizeInBytes == bytes.Length
                && ShuffledCells.Read(day, there.SizeInBytes, cell).AsSpan().SequenceEqual(bytes)
                    ? StoreOutcome.AlreadyThere
                    : StoreOutcome.Conflict;
        }
        if (HasParts(connection, id))
            return StoreOutcome.Conflict;
        var newCell = ShuffledCells.Insert(day, id, bytes);
        connection.Run("INSERT INTO temp.entry VALUES ($id, $bytes, 0, $cell)", ("$id", id.ToBytes()), ("$bytes", bytes.Length), ("$cell", newCell));
        return StoreOutcome.Stored;
    }

    public static StoreOutcome StorePart(ReportDay day, StoredId id, int part, ReadOnlySpan<byte> bytes)
    {
        var connection = day.Connection;
        if (day.IsComplete)
            return StoreOutcome.DayClosed;
        if (ReportDayReads.Part(day, id, part) is { } there)
            return there.Span.SequenceEqual(bytes) ? StoreOutcome.AlreadyThere : StoreOutcome.Conflict;
        if (Find(connection, id) is not null)
            return StoreOutcome.Conflict;
        // Room first, then the bytes straight into it: a parameter would want an array of its own for every part.
        var place = connection.Scalar<long>("INSERT INTO part(id, n, bytes) VALUES ($id, $n, zeroblob($size)) RETURNING place",
            ("$id", id.ToBytes()), ("$n", part), ("$size", bytes.Length));
        using (var target = new SqliteBlob(connection, "part", "bytes", place))
            target.Write(bytes);
        return StoreOutcome.Stored;
    }

    public static CommitOutcome Commit(SqliteConnection connection, StoredId id, int parts, long sizeInBytes)
    {
        if (ReportDaySchema.IsComplete(connection))
            return CommitOutcome.DayClosed;
        if (Find(connection, id) is { } there)
            return there.SizeInBytes == sizeInBytes && there.Parts == parts ? CommitOutcome.AlreadyThere : CommitOutcome.Conflict;
        if (!AddsUp(connection, id, parts, sizeInBytes))
            return CommitOutcome.Incomplete;
        (string, object?)[] values = [("$id", id.ToBytes()), ("$bytes", sizeInBytes), ("$parts", parts)];
        connection.Run("INSERT INTO large VALUES ($id, $bytes, $parts)", values);
        connection.Run("INSERT INTO temp.entry VALUES ($id, $bytes, $parts, NULL)", values);
        return CommitOutcome.Committed;
    }

    /// <summary>Parts 0 to n − 1 and no other, each of full size but the last, which is not empty.</summary>
    private static bool AddsUp(SqliteConnection connection, StoredId id, int parts, long sizeInBytes)
    {
        var lengths = connection.Rows("SELECT n, length(bytes) FROM part WHERE id = $id ORDER BY n",
            row => (Part: row.GetInt32(0), SizeInBytes: row.GetInt64(1)), ("$id", id.ToBytes()));
        if (parts < 1 || lengths.Count != parts || lengths.Sum(part => part.SizeInBytes) != sizeInBytes)
            return false;
        for (var n = 0; n < parts; n++)
        {
            if (lengths[n].Part != n || (n < parts - 1 && lengths[n].SizeInBytes != IReportStore.PartSizeInBytes))
                return false;
        }
        return lengths[^1].SizeInBytes > 0;
    }

    private static bool HasParts(SqliteConnection connection, StoredId id) =>
        connection.Scalar<long>("SELECT EXISTS(SELECT 1 FROM part WHERE id = $id)", ("$id", id.ToBytes())) == 1;

    private static Entry? Find(SqliteConnection connection, StoredId id) =>
        connection.Rows("SELECT bytes, parts, cell FROM entry WHERE id = $id",
            row => new Entry(row.GetInt64(0), row.GetInt32(1), row.IsDBNull(2) ? null : row.GetInt64(2)), ("$id", id.ToBytes()))
            .FirstOrDefault();
}
