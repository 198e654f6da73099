using System.Security.Cryptography;
using SecureDrop.Crypto.Streaming;

namespace SecureDrop.Server.Backups;

/// <summary>
/// A backup that becomes a folder. It is written beside, under a name that says that it is not finished, and takes its own name when all of
/// it is on the disk: under that name it is there whole, or not at all.
/// </summary>
internal sealed class NewBackupFolder : IBackupSink, IAsyncDisposable
{
    /// <summary>Ends the name of a folder that is not finished; the next backup of that name removes it.</summary>
    public const string Unfinished = ".unfinished";

    private readonly string _path;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<ManifestEntry> _files = [];
    // Held open, and so locked, from the first moment on: two commands that were given one name do not write into one folder.
    private readonly FileStream _manifest;
    private BackupFile _file;
    private FileStream? _stream;
    private bool _isDone;

    private NewBackupFolder(string path, FileStream manifest) => (_path, _manifest) = (path, manifest);

    /// <summary>The files that have ended.</summary>
    public IReadOnlyList<ManifestEntry> Files => _files;

    /// <summary>A sentence for everything that is not in it.</summary>
    public List<string> LeftOut { get; } = [];

    /// <summary>Digest of the manifest, once it is written.</summary>
    public string ManifestDigest { get; private set; } = "";

    /// <summary>Begins one.</summary>
    /// <exception cref="BackupException">Something is there already, or the folder cannot be made.</exception>
    public static NewBackupFolder Create(string path)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var parent = Path.GetDirectoryName(path);
        if (parent is null || !Directory.Exists(parent))
            throw new BackupException($"A backup cannot be made at {path}: the folder that is to hold it is not there, or may not be looked at by this user.");
        if (IsLink(path) || File.Exists(path) || (Directory.Exists(path) && IsTaken(path)))
            throw new BackupException($"{path} is there already, and a backup overwrites nothing: name a folder that is not there yet.");
        return Guarded(path, () =>
        {
            // An empty one gives up its name; what it may be, such as a disk's place, shows now and not when all is written.
            if (Directory.Exists(path))
                Directory.Delete(path);
            RemoveUnfinished(path);
            DurableFiles.CreateFolder(path + Unfinished);
            return new NewBackupFolder(path, DurableFiles.Create(Path.Combine(path + Unfinished, Manifest.FileName)));
        });
    }

    public Task BeginAsync(BackupFile file, CancellationToken cancel)
    {
        _file = file;
        _stream = Guarded(_path, () => DurableFiles.Create(PathOf(file)));
        return Task.CompletedTask;
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        _hash.AppendData(bytes.Span);
        await GuardedAsync(async () => await _stream!.WriteAsync(bytes, cancel));
    }

    public async Task EndAsync(bool isWhole, CancellationToken cancel)
    {
        var digest = Convert.ToHexStringLower(_hash.GetHashAndReset());
        await GuardedAsync(async () =>
        {
            var size = _stream!.Position;
            if (isWhole)
                DurableFile.Flush(_stream);
            await _stream.DisposeAsync();
            _stream = null;
            if (isWhole)
                _files.Add(new(_file, size, digest));
            else
                File.Delete(PathOf(_file));
        });
    }

    public Task LeaveOutAsync(string sentence, CancellationToken cancel)
    {
        LeftOut.Add(sentence);
        return Task.CompletedTask;
    }

    /// <summary>All files have ended: the manifest, and then the name.</summary>
    /// <param name="now">The files say its day, and nothing finer.</param>
    /// <exception cref="BackupException">The disk does not take it.</exception>
    public Task CompleteAsync(DateTimeOffset now) => GuardedAsync(async () =>
    {
        var manifest = new Manifest(_files).Write();
        ManifestDigest = Manifest.Digest(manifest);
        await _manifest.WriteAsync(manifest);
        DurableFile.Flush(_manifest);
        await _manifest.DisposeAsync();
        DurableFiles.SetTimes(_path + Unfinished, new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero));
        DurableFile.FlushFolder(_path + Unfinished);
        Directory.Move(_path + Unfinished, _path);
        _isDone = true;
        DurableFile.FlushFolder(Path.GetDirectoryName(_path)!);
    });

    /// <summary>What is not complete goes.</summary>
    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        if (_isDone)
            return;
        try
        {
            await (_stream?.DisposeAsync() ?? ValueTask.CompletedTask);
            await _manifest.DisposeAsync();
            RemoveUnfinished(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BackupException)
        {
            // What went wrong before is what is said; the next backup of this name removes what is left.
        }
    }

    private string PathOf(BackupFile file) => Path.Combine(_path + Unfinished, file.Name);

    /// <summary>Removes what a backup left that was broken off, and nothing else, whoever chose the name.</summary>
    private static void RemoveUnfinished(string path)
    {
        var unfinished = path + Unfinished;
        if (!IsLink(unfinished) && !Directory.Exists(unfinished) && !File.Exists(unfinished))
            return;
        var foreign = $"{unfinished} is in the way, and not what a backup left that was broken off: move it away.";
        if (IsLink(unfinished) || !Directory.Exists(unfinished))
            throw new BackupException(foreign);
        var entries = new DirectoryInfo(unfinished).GetFileSystemInfos();
        if (!entries.All(entry => entry is FileInfo && (entry.Name == Manifest.FileName || BackupFile.TryParse(entry.Name, out _))))
            throw new BackupException(foreign);
        if (entries.FirstOrDefault(entry => entry.Name == Manifest.FileName) is { } manifest)
        {
            try
            {
                using var isNobodys = new FileStream(manifest.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e)
            {
                throw new BackupException($"Another backup is being written to {path}: wait for that one, or name another folder.", e);
            }
        }
        foreach (var entry in entries)
            entry.Delete();
        Directory.Delete(unfinished);
    }

    private static bool IsTaken(string folder) => Guarded(folder, () => Directory.EnumerateFileSystemEntries(folder).Any());

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private async Task GuardedAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused(_path, e);
        }
    }

    private static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, e);
        }
    }

    private static BackupException Refused(string path, Exception e) => new(DurableFiles.IsFull(e)
        ? $"The disk of {path} is full; nothing of the backup was left there. Make room on it, or name a folder on another disk."
        : $"The backup cannot be written to {path}; nothing of it was left there. ({e.Message.TrimEnd('.')})", e);
}
