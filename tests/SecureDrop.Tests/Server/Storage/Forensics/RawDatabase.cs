using System.Buffers.Binary;

namespace SecureDrop.Tests.Server.Storage.Forensics;

/// <summary>
/// A SQLite file as a thief's own program reads it, page by page, free pages and all (the file format is documented at
/// sqlite.org/fileformat2.html). Nothing of SQLite's own code is in it, so nothing that SQLite hides is hidden.
/// </summary>
internal sealed class RawDatabase : IDisposable
{
    private const int HeaderSizeInBytes = 100;
    private const byte TableLeaf = 13;
    private const byte TableInterior = 5;

    private readonly FileStream _file;
    private readonly byte[] _header = new byte[HeaderSizeInBytes];

    public RawDatabase(string path)
    {
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _file.ReadExactly(_header);
    }

    public int PageSizeInBytes => BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(16)) is 1 ? 65_536 : BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(16));
    public int Pages => (int)(_file.Length / PageSizeInBytes);
    public uint ChangeCounter => BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(24));
    public int FreePages => (int)BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(36));
    public uint SchemaCookie => BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(40));

    /// <summary>A row of a table's leaf: where it lies, and where the rest of it begins.</summary>
    /// <param name="RowId">The row's number.</param>
    /// <param name="Offset">Of the cell, in the file.</param>
    /// <param name="OverflowPage">The first page of the rest; 0 where the row fits.</param>
    public sealed record Row(long RowId, long Offset, int OverflowPage);

    /// <summary>Page <paramref name="number"/>, from 1.</summary>
    public byte[] Page(int number)
    {
        var page = new byte[PageSizeInBytes];
        RandomAccess.Read(_file.SafeFileHandle, page, (long)(number - 1) * PageSizeInBytes);
        return page;
    }

    /// <summary>Everything that is found of tagged texts, in order of place, in use or not.</summary>
    public IEnumerable<TaggedText.Stretch> Stretches()
    {
        for (var number = 1; number <= Pages; number++)
        {
            foreach (var stretch in TaggedText.Find(Page(number), (long)(number - 1) * PageSizeInBytes))
                yield return stretch;
        }
    }

    /// <summary>The rows of the table whose tree begins at this page, in its order.</summary>
    public IEnumerable<Row> Rows(int root)
    {
        var page = Page(root);
        var start = root == 1 ? HeaderSizeInBytes : 0;
        var cells = BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(start + 3));
        var isLeaf = page[start] == TableLeaf;
        if (!isLeaf && page[start] != TableInterior)
            throw new InvalidDataException($"Page {root} is of no table.");
        for (var n = 0; n < cells; n++)
        {
            var at = BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(start + (isLeaf ? 8 : 12) + (2 * n)));
            if (isLeaf)
            {
                yield return ReadRow(page, root, at);
                continue;
            }
            foreach (var row in Rows((int)BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(at))))
                yield return row;
        }
        if (isLeaf)
            yield break;
        foreach (var row in Rows((int)BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(start + 8))))
            yield return row;
    }

    public void Dispose() => _file.Dispose();

    private Row ReadRow(byte[] page, int number, int at)
    {
        var next = at;
        var (payload, rowId) = (Varint(page, ref next), Varint(page, ref next));
        // "X", "M" and "K" of the format's description: how much of a long row stays on its leaf.
        int most = PageSizeInBytes - 35, least = ((PageSizeInBytes - 12) * 32 / 255) - 23;
        var wanted = least + ((payload - least) % (PageSizeInBytes - 4));
        var local = payload <= most ? payload : wanted <= most ? wanted : least;
        var overflow = payload <= most ? 0 : (int)BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(next + (int)local));
        return new Row(rowId, ((long)(number - 1) * PageSizeInBytes) + at, overflow);
    }

    private static long Varint(byte[] page, ref int at)
    {
        long value = 0;
        for (var n = 0; n < 8; n++)
        {
            value = (value << 7) | (byte)(page[at] & 0x7f);
            if ((page[at++] & 0x80) == 0)
                return value;
        }
        return (value << 8) | page[at++];
    }
}
