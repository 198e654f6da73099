namespace SecureDrop.Server.Backups;

/// <summary>
/// A folder that is said to be a backup: its manifest, and that exactly the files that it names are there, each of that length and an ordinary
/// file. Whoever wrote it may want to have read what it did not write.
/// </summary>
internal sealed class BackupFolder
{
    private readonly string _path;

    private BackupFolder(string path, Manifest manifest, string digest) => (_path, Manifest, ManifestDigest) = (path, manifest, digest);

    public Manifest Manifest { get; }

    public string ManifestDigest { get; }

    /// <exception cref="BackupException">It is no backup, or not a whole one.</exception>
    public static BackupFolder Open(string path)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (path.EndsWith(NewBackupFolder.Unfinished, StringComparison.Ordinal))
            throw new BackupException($"{path} is a backup that was broken off: take another one.");
        try
        {
            var entries = Directory.Exists(path) ? new DirectoryInfo(path).GetFileSystemInfos() : [];
            if (entries.FirstOrDefault(entry => entry.Name == Manifest.FileName) is not { } named)
                throw new BackupException($"{path} is not a backup: there is no {Manifest.FileName} in it, or this user may not look.");
            var bytes = ReadSmall(named, Manifest.LargestInBytes);
            var manifest = Naming(named.FullName, () => Manifest.Read(bytes));
            RequireExactly(path, entries, manifest);
            return new BackupFolder(path, manifest, Manifest.Digest(bytes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>A file's whole path.</summary>
    public string PathOf(BackupFile file) => Path.Combine(_path, file.Name);

    /// <summary>A file, to be read once from its beginning.</summary>
    /// <exception cref="BackupException">It cannot be read.</exception>
    public HashedFile Read(BackupFile file)
    {
        try
        {
            return new HashedFile(new FileStream(PathOf(file), FileMode.Open, FileAccess.Read, FileShare.Read));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(PathOf(file), e);
        }
    }

    /// <summary>Runs what reads a file, and says of which file it is where that is wrong.</summary>
    /// <exception cref="BackupException">It is.</exception>
    public static T Naming<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (BackupFormatException e)
        {
            throw Wrong(path, e);
        }
    }

    public static BackupException Wrong(string path, BackupFormatException e) => new($"{path} is not what a server of this kind writes: {e.Message}. Nothing was put back.", e);

    public static BackupException Unreadable(string path, Exception e) => new($"{path} cannot be read ({e.Message.TrimEnd('.')}).", e);

    private static void RequireExactly(string path, FileSystemInfo[] entries, Manifest manifest)
    {
        var named = manifest.Files.ToDictionary(entry => entry.File.Name, entry => entry.SizeInBytes);
        foreach (var entry in entries.Where(entry => entry.Name != Manifest.FileName))
        {
            if (!named.Remove(entry.Name, out var size))
                throw new BackupException($"There is something in {path} that its manifest does not name: put back only what a backup wrote, as it was.");
            // Of a pipe, a device or a socket the length is 0, which none of these has; a link may lead anywhere.
            if (entry is not FileInfo file || file.LinkTarget is not null || file.Length != size)
                throw new BackupException($"{Path.Combine(path, entry.Name)} is not the file that the backup wrote: its length is another, or it is no ordinary file.");
        }
        if (named.Count > 0)
            throw new BackupException($"{Path.Combine(path, named.Keys.Order(Manifest.NameOrder).First())} is missing: the backup is not whole.");
    }

    private static byte[] ReadSmall(FileSystemInfo entry, int mostInBytes)
    {
        if (entry is not FileInfo file || file.LinkTarget is not null || file.Length > mostInBytes || file.Length == 0)
            throw new BackupException($"{entry.FullName} is no manifest: it is empty, too long or no ordinary file.");
        return File.ReadAllBytes(file.FullName);
    }
}
