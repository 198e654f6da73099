using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;
using SecureDrop.Crypto.Streaming;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>
/// The bytes of an open day's texts, in a file beside the day's database, which says what lies where (see <see cref="ShuffledCells"/>).
/// A cell that holds a text is never written to: what a commit changes lies in cells of which the last one said that they are empty, so
/// no journal has to keep what was there before, and whatever breaks off leaves every text whole.
/// </summary>
internal sealed class CellFile(string database) : IDisposable
{
    /// <summary>Ends its name, behind that of the database.</summary>
    public const string Suffix = "-cells";

    // A cell has blocks of the file system of its own: a power cut in the middle of one spoils no neighbour.
    private const int BlockSizeInBytes = 4096;

    private readonly string _path = database + Suffix;
    private SafeFileHandle? _file;
    private bool _isWritten;

    /// <summary>What a text takes in the file.</summary>
    public static long RoomInBytes(long sizeInBytes) => (sizeInBytes + BlockSizeInBytes - 1) / BlockSizeInBytes * BlockSizeInBytes;

    /// <summary>Opens the file, and makes it where there is none: with its day, for made by the first text its birth would tell when that came.</summary>
    /// <exception cref="StoreException">It cannot be opened.</exception>
    public void Open()
    {
        Close();
        Naming(() =>
        {
            // No lock of its own: the folder has one.
            _file = File.OpenHandle(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            // Each time: whoever made it may have been killed before its name was on the disk.
            DurableFile.FlushFolder(Path.GetDirectoryName(_path)!);
        });
    }

    /// <summary>Removes the cells of a day that is complete: its texts are in the database now.</summary>
    public static void RemoveOfComplete(string database)
    {
        if (!File.Exists(database + Suffix))
            return;
        // First the database's new self is sure to be found under its name.
        DurableFile.FlushFolder(Path.GetDirectoryName(database)!);
        File.Delete(database + Suffix);
    }

    /// <summary>Removes what lies behind the last cell.</summary>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public void CutTo(long sizeInBytes) => Naming(() =>
    {
        if (RandomAccess.GetLength(_file!) > sizeInBytes)
            RandomAccess.SetLength(_file!, sizeInBytes);
    });

    /// <exception cref="StoreException">It is not there whole, or cannot be read.</exception>
    public void Read(long at, Span<byte> bytes)
    {
        for (int read, done = 0; done < bytes.Length; done += read)
        {
            try
            {
                read = RandomAccess.Read(_file!, bytes[done..], at + done);
            }
            catch (IOException e)
            {
                throw Fault(e);
            }
            if (read == 0)
                throw SqliteFaults.Damaged(database, $"{Path.GetFileName(_path)} lacks a cell that it names");
        }
    }

    /// <summary>Durable after the next <see cref="Flush"/>.</summary>
    /// <exception cref="StoreException">It cannot be written, or the disk is full.</exception>
    public void Write(long at, ReadOnlySpan<byte> bytes)
    {
        _isWritten = true;
        try
        {
            RandomAccess.Write(_file!, bytes, at);
        }
        catch (IOException e)
        {
            throw Fault(e);
        }
    }

    /// <summary>Makes what was written last. Before the commit that says so.</summary>
    /// <exception cref="StoreException">The disk says that it may not be there.</exception>
    public void Flush()
    {
        if (!_isWritten)
            return;
        Naming(() => DurableFile.FlushData(_file!, _path));
        _isWritten = false;
    }

    public void Dispose() => Close();

    private void Close()
    {
        _file?.Dispose();
        (_file, _isWritten) = (null, false);
    }

    private void Naming(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault(e);
        }
    }

    private StoreException Fault(Exception e) =>
        DataFolder.IsFull(e) ? SqliteFaults.Full(_path, e) : SqliteFaults.InOrOut(_path, e.Message.Split('\n')[0].TrimEnd('.'), e);
}
