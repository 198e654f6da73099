namespace SecureDrop.Server.Backups;

/// <summary>Files and folders that only their owner may read, from their first moment on, and that a power cut does not take back.</summary>
internal static class DurableFiles
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    // ENOSPC and EDQUOT of Linux, ERROR_DISK_FULL of Windows, EDQUOT of BSD.
    private static readonly HashSet<int> FullCodes = [28, 122, 112, 69];

    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerFolder);
    }

    /// <summary>A new file, to be written by nobody else meanwhile.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerFile;
        return new FileStream(path, options);
    }

    /// <summary>Gives files and their folder one time, by which none is told from another.</summary>
    public static void SetTimes(string folder, DateTimeOffset at)
    {
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            File.SetLastWriteTimeUtc(path, at.UtcDateTime);
            File.SetLastAccessTimeUtc(path, at.UtcDateTime);
        }
        Directory.SetLastWriteTimeUtc(folder, at.UtcDateTime);
        Directory.SetLastAccessTimeUtc(folder, at.UtcDateTime);
    }

    public static bool IsFull(Exception e) => e is IOException && FullCodes.Contains(e.HResult & 0xffff);
}
