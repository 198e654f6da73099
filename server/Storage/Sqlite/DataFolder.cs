using System.Globalization;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>
/// The one folder of a drop, held by one process at a time: two processes with SQLite files in exclusive mode would each see
/// half of the truth.
/// </summary>
public sealed class DataFolder : IDisposable
{
    /// <summary>Ends the name of a file that is being written and then takes another's place, or none's.</summary>
    internal const string Unfinished = ".new";

    // What the system says when another process holds the lock: EAGAIN of Linux and of BSD, ERROR_SHARING_VIOLATION.
    private static readonly HashSet<int> Held = [11, 35, unchecked((int)0x80070020)];

    // ENOSPC and EDQUOT of Linux, ERROR_DISK_FULL.
    private static readonly HashSet<int> Full = [28, 122, unchecked((int)0x80070070)];

    private const string DayFormat = "yyyy-MM-dd";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream heldLock) => (Path, _lock) = (path, heldLock);

    public string Path { get; }

    /// <exception cref="StoreException">Another process holds the folder, or it cannot be made or written.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            // Only the server's own user may list it: file names are days, file sizes are loads.
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
            {
                Directory.CreateDirectory(path, OwnerOnly);
                // One that was there already, as a package or an administrator made it: it holds the day keys.
                if (System.IO.File.GetUnixFileMode(path) != OwnerOnly)
                    System.IO.File.SetUnixFileMode(path, OwnerOnly);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                $"The data folder {path} cannot be made, or not closed to others; it has to belong to the user that the server runs as. ({e.Message})", e);
        }
        try
        {
            var held = new FileStream(
                System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // An index of the log, which an earlier version kept in a file: it tells what was written last. SQLite makes another where a
            // log is to be recovered, in memory.
            foreach (var index in Directory.EnumerateFiles(path, "*.sqlite-shm"))
                System.IO.File.Delete(index);
            // A kill left them; what they were to replace is still there.
            foreach (var unfinished in Directory.EnumerateFiles(path, $"*.sqlite{Unfinished}*"))
                System.IO.File.Delete(unfinished);
            return new DataFolder(path, held);
        }
        catch (IOException e) when (Held.Contains(e.HResult))
        {
            throw new StoreException(
                $"The data folder {path} is in use by another process; stop that one first, or set SecureDrop:Drop:DataDirectory to another folder.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                $"The data folder {path} cannot be written; check that its disk is not full or read-only, and that it belongs to the user that the server runs as. ({e.Message})", e, isFull: IsFull(e));
        }
    }

    /// <summary>Whether there was no room left.</summary>
    internal static bool IsFull(Exception e) => Full.Contains(e.HResult);

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string DayFile(string kind, DateOnly day) =>
        File($"{kind}-{day.ToString(DayFormat, CultureInfo.InvariantCulture)}.sqlite");

    /// <summary>The days of which there is a file of this kind, ascending.</summary>
    public IReadOnlyList<DateOnly> Days(string kind) =>
        [.. Directory.EnumerateFiles(Path, $"{kind}-*.sqlite")
            .Select(file => System.IO.Path.GetFileNameWithoutExtension(file)[(kind.Length + 1)..])
            .Where(text => DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            .Select(text => DateOnly.ParseExact(text, DayFormat, CultureInfo.InvariantCulture))
            .Order()];

    /// <summary>What lies there of cells of this kind.</summary>
    public IReadOnlyList<string> Cells(string kind) => [.. Directory.EnumerateFiles(Path, $"{kind}-*.sqlite{CellFile.Suffix}")];

    /// <summary>
    /// Sets the times of all files, and of the folder, to <paramref name="now"/> (that of the last change of an inode follows by
    /// itself): else a thief reads from them when somebody last uploaded.
    /// </summary>
    public void Touch(DateTimeOffset now)
    {
        foreach (var file in Directory.EnumerateFileSystemEntries(Path).Append(Path))
        {
            try
            {
                System.IO.File.SetLastWriteTimeUtc(file, now.UtcDateTime);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A day that ended meanwhile, a log that was closed, a file of somebody else's: days must go on ending all the same.
            }
        }
    }

    /// <summary>Removes a database with what is kept beside it.</summary>
    public static void Remove(string file)
    {
        // Cells without the list of them would be in the way of the next; a list without its cells is what it says it is, damaged.
        foreach (var suffix in new[] { CellFile.Suffix, "", "-wal", "-shm", "-journal" })
            System.IO.File.Delete(file + suffix);
    }

    public void Dispose() => _lock.Dispose();
}
