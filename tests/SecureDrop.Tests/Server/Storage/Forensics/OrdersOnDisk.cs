using System.Buffers.Binary;
using SecureDrop.Server.Storage;
using SecureDrop.Server.Storage.Sqlite;

namespace SecureDrop.Tests.Server.Storage.Forensics;

/// <summary>Every order in which tagged texts 0 to n − 1 stand in a stolen file, by the raw bytes and by SQLite.</summary>
internal static class OrdersOnDisk
{
    private const int PageSizeInBytes = 16_384;

    /// <summary>Where each text begins, has its middle and ends in the file; all of it there once and nowhere a second time.</summary>
    public static Dictionary<string, double[]> OfBytes(string file, int texts, int sizeInBytes)
    {
        var (first, middle, last, found) = (Filled(texts, double.MaxValue), Filled(texts, 0), Filled(texts, 0), new int[texts]);
        foreach (var stretch in Stretches(file))
        {
            first[stretch.Text] = Math.Min(first[stretch.Text], stretch.Offset);
            last[stretch.Text] = Math.Max(last[stretch.Text], stretch.Offset);
            middle[stretch.Text] += (double)stretch.Offset * stretch.SizeInBytes / sizeInBytes;
            found[stretch.Text] += stretch.SizeInBytes;
        }
        // At each border of a page less than two tags are not recognised.
        var lost = 32 * ((sizeInBytes / PageSizeInBytes) + 2);
        for (var text = 0; text < texts; text++)
        {
            if (found[text] > sizeInBytes || found[text] < sizeInBytes - lost)
                throw new InvalidDataException($"Of text {text} there are {found[text]} bytes on disk, not {sizeInBytes}.");
        }
        return new() { ["first byte"] = first, ["middle"] = middle, ["last byte"] = last };
    }

    /// <summary>By the rows of a list that says which text, by its id, lies in which cell: their numbers and their places on the leaves.</summary>
    public static Dictionary<string, double[]> OfList(StolenFolder stolen, string name, string table, IReadOnlyList<StoredId> ids)
    {
        var arrival = ids.Select((id, n) => (Id: Convert.ToHexString(id.ToBytes()), n)).ToDictionary(pair => pair.Id, pair => pair.n);
        var text = stolen.Query(name, $"SELECT cell, hex(substr(tenant, 2)) FROM {table}", row => (Cell: row.GetInt64(0), Id: row.GetString(1))).ToDictionary(row => row.Cell, row => arrival[row.Id]);
        var root = stolen.Query(name, $"SELECT rootpage FROM sqlite_master WHERE name = '{table}'", row => row.GetInt32(0))[0];
        using var database = new RawDatabase(stolen.File_(name));
        var (number, leaf) = (Filled(ids.Count, 0), Filled(ids.Count, 0));
        foreach (var row in database.Rows(root))
            (number[text[row.RowId]], leaf[text[row.RowId]]) = (row.RowId, row.Offset);
        return new() { ["number in the list"] = number, ["place in the list"] = leaf };
    }

    private static IEnumerable<TaggedText.Stretch> Stretches(string file)
    {
        if (!file.EndsWith(CellFile.Suffix, StringComparison.Ordinal))
        {
            using var database = new RawDatabase(file);
            return [.. database.Stretches()];
        }
        return RawBytes.Stretches(file, PageSizeInBytes);
    }

    /// <summary>By the rows of one table: their numbers, their leaves and where the rest of each was put.</summary>
    public static Dictionary<string, double[]> OfRows(StolenFolder stolen, string name, string table, int texts)
    {
        var root = stolen.Query(name, $"SELECT rootpage FROM sqlite_master WHERE name = '{table}'", row => row.GetInt32(0))[0];
        using var database = new RawDatabase(stolen.File_(name));
        // What begins on the leaf right behind a row's head is that row's text.
        var stretches = database.Stretches().ToList();
        var (number, leaf, overflow) = (Filled(texts, 0), Filled(texts, 0), Filled(texts, 0));
        foreach (var row in database.Rows(root))
        {
            var text = stretches[Behind(stretches, row.Offset)].Text;
            (number[text], leaf[text], overflow[text]) = (row.RowId, row.Offset, row.OverflowPage);
        }
        var bySqlite = Filled(texts, 0);
        foreach (var (rowId, tag) in stolen.Query(name, $"SELECT rowid, substr(bytes, 1, 16) FROM {table}", row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1))))
            bySqlite[BinaryPrimitives.ReadInt32BigEndian(tag.AsSpan(12))] = rowId;
        if (!bySqlite.SequenceEqual(number))
            throw new InvalidDataException("The raw reader and SQLite do not agree on the rows.");
        Dictionary<string, double[]> orders = new() { ["row number"] = number, ["place of the row"] = leaf };
        if (overflow.All(page => page != 0))
            orders["page of the rest"] = overflow;
        return orders;
    }

    private static int Behind(List<TaggedText.Stretch> stretches, long offset)
    {
        var (low, high) = (0, stretches.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = stretches[middle].Offset < offset ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    private static double[] Filled(int count, double value)
    {
        var values = new double[count];
        Array.Fill(values, value);
        return values;
    }
}
