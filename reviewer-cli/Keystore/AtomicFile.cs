using System.Runtime.InteropServices;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Keystore;

/// <summary>
/// Files that are either the old or the new one, whatever happens between: written beside, flushed to the disk, renamed, and the
/// folder flushed, so that a power cut cannot bring a name without its bytes. Only their owner may read them (0600).
/// </summary>
internal static partial class AtomicFile
{
    /// <summary>End of the names of unfinished files; the next write of the same file removes what a crash left.</summary>
    public const string UnfinishedSuffix = ".unfinished";

    // errno of Linux.
    private const int InputOutputError = 5;
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Replaces <paramref name="path"/> by what <paramref name="write"/> writes; if that throws, the old file stays.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="overwrite">False where one that is there must stay.</param>
    /// <param name="flush">False for one of many, all of which <see cref="FlushAll"/> then makes last.</param>
    public static void Write(string path, Action<Stream> write, bool overwrite = true, bool flush = true)
    {
        string unfinished = path + UnfinishedSuffix;
        try
        {
            File.Delete(unfinished);
            using (FileStream stream = Create(unfinished))
            {
                write(stream);
                stream.Flush(flush);
            }

            File.Move(unfinished, path, overwrite);
            if (flush)
            {
                FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
            }
        }
        catch (Exception e)
        {
            TryDelete(unfinished);
            if (e is IOException or UnauthorizedAccessException)
            {
                throw Explain(e, path);
            }

            throw;
        }
    }

    public static void Write(string path, ReadOnlyMemory<byte> bytes, bool overwrite = true) =>
        Write(path, stream => stream.Write(bytes.Span), overwrite);

    /// <summary>A new file, 0600 from its first moment: a mode set afterwards leaves a moment in which others may open it.</summary>
    public static FileStream Create(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, options);
    }

    /// <summary>Removes a file and makes the removal last.</summary>
    public static void Delete(string path)
    {
        File.Delete(path);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>A full or unwritable disk as one sentence.</summary>
    public static ReviewerException Explain(Exception e, string path)
    {
        if (e is IOException && File.Exists(path) && (e.HResult & 0xFFFF) is 17 or 80)
        {
            return new ReviewerException(ExitCode.AlreadyThere, $"{path} is there already and was left as it is.", e);
        }

        return IsFull(e)
            ? new ReviewerException(ExitCode.DiskFull,
                $"The disk is full: {path} was not written and what was there before is kept. Make room and run the command again.", e)
            : new ReviewerException(ExitCode.DiskFull,
                $"{path} cannot be written ({e.Message}). What was there before is kept.", e);
    }

    // EDQUOT of BSD 69, ERROR_DISK_FULL 112 on Windows.
    private static bool IsFull(Exception e) => e is IOException && (e.HResult & 0xFFFF) is NoSpace or QuotaExceeded or 112 or 69;

    /// <summary>Makes the names in a folder last.</summary>
    /// <exception cref="ReviewerException">The disk says that they are not on it.</exception>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(path, 0);
        if (descriptor >= 0)
        {
            int error = Fsync(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
            _ = Close(descriptor);
            ThrowIfLost(error, path);
        }
    }

    /// <summary>Everything that was written to the file system of a folder is on its disk after this. Once for many files: each by itself would
    /// cost a wait of its own.</summary>
    /// <exception cref="ReviewerException">The disk says that something is not on it.</exception>
    public static void FlushAll(string folder)
    {
        int descriptor = OperatingSystem.IsLinux() ? Open(folder, 0) : -1;
        if (descriptor >= 0)
        {
            int error = SyncFileSystem(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
            _ = Close(descriptor);
            ThrowIfLost(error, folder);
        }
        else if (!OperatingSystem.IsWindows())
        {
            SyncAll();
        }
    }

    // Not EINVAL and its like: a file system that cannot be asked for a folder.
    private static void ThrowIfLost(int error, string path)
    {
        if (error is InputOutputError or NoSpace or QuotaExceeded)
        {
            throw new ReviewerException(ExitCode.DiskFull,
                $"What was written to {path} may not be on the disk ({Marshal.GetPInvokeErrorMessage(error)}). Check the disk and run the command again.");
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next write removes it.
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFileSystem(int descriptor);

    [LibraryImport("libc", EntryPoint = "sync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void SyncAll();

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
