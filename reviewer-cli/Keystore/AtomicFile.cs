using SecureDrop.Crypto.Streaming;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Keystore;

/// <summary>
/// Files that are either the old or the new one, whatever happens between: written beside, flushed to the disk, renamed, and the
/// folder flushed, so that a power cut cannot bring a name without its bytes. Only their owner may read them (0600).
/// </summary>
internal static class AtomicFile
{
    /// <summary>End of the names of unfinished files; the next write of the same file removes what a crash left.</summary>
    public const string UnfinishedSuffix = ".unfinished";

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
                if (flush)
                {
                    DurableFile.Flush(stream);
                }
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

    // ENOSPC 28 and EDQUOT 122 on Linux, ERROR_DISK_FULL 112 on Windows.
    private static bool IsFull(Exception e) => e is IOException && (e.HResult & 0xFFFF) is 28 or 122 or 112 or 69;

    /// <summary>Makes the names in a folder last.</summary>
    /// <exception cref="ReviewerException">The disk says that they may not be on it.</exception>
    public static void FlushFolder(string path) => OrSay(path, DurableFile.FlushFolder);

    /// <summary>Everything that was written to the file system of a folder is on its disk after this. Once for many files: each by itself would
    /// cost a wait of its own.</summary>
    /// <exception cref="ReviewerException">The disk says that something may not be on it.</exception>
    public static void FlushAll(string folder) => OrSay(folder, DurableFile.FlushFileSystem);

    private static void OrSay(string path, Action<string> flush)
    {
        try
        {
            flush(path);
        }
        catch (IOException e)
        {
            throw new ReviewerException(ExitCode.DiskFull, $"What was written to {path} may not be on the disk ({e.Message}). Check the disk and run the command again.", e);
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
}
