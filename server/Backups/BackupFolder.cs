using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SecureDrop.Server.Backups;

/// <summary>What came of a backup: how much is in it, and the sentences about what is not.</summary>
public sealed record BackupResult(int Files, long Bytes, IReadOnlyList<string> Missing);

/// <summary>
/// Writes a backup's folder: under another name until everything is on the disk, then under its own, so that it is there whole or not
/// at all. Only its owner may read it, and the times of its files are that of a day.
/// </summary>
internal static class BackupFolder
{
    /// <summary>Ends the name of a folder that is being written.</summary>
    public const string Unfinished = ".unfinished";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="BackupException">There is something at the place.</exception>
    public static void RequireFree(string path)
    {
        if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
            throw new BackupException($"{path} is there already and is not overwritten; name a folder that is not there.");
        if (Directory.GetParent(path) is not { Exists: true })
            throw new BackupException($"{path} cannot be made: the folder that it is to lie in is not there.");
    }

    /// <exception cref="BackupException">The stream broke off, says that it failed, or is none; nothing is left at the place.</exception>
    public static async Task<BackupResult> WriteAsync(Stream input, string path, DateOnly today, CancellationToken cancel)
    {
        RequireFree(path);
        var unfinished = path + Unfinished;
        try
        {
            // Of a run that was killed.
            if (Directory.Exists(unfinished))
                Directory.Delete(unfinished, recursive: true);
            MakeFolder(unfinished);
            var (files, missing) = await ReceiveAsync(input, unfinished, cancel);
            var manifest = JsonSerializer.SerializeToUtf8Bytes(new BackupManifest(BackupManifest.FormatName, BackupManifest.CurrentVersion, files), BackupJson.Default.BackupManifest);
            await using (var file = Create(Path.Combine(unfinished, BackupManifest.FileName)))
            {
                await file.WriteAsync(manifest, cancel);
                file.Flush(flushToDisk: true);
            }
            Coarsen(unfinished, today);
            if (Directory.Exists(path))
                Directory.Delete(path);
            Directory.Move(unfinished, path);
            return new BackupResult(files.Count, files.Sum(file => file.Bytes), missing);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard(unfinished);
            throw new BackupException($"{path} cannot be written ({e.Message.TrimEnd('.')}); check that there is room, and that the folder it lies in belongs to this user.", e);
        }
        catch
        {
            Discard(unfinished);
            throw;
        }
    }

    private static async Task<(List<BackupFile> Files, List<string> Missing)> ReceiveAsync(Stream input, string folder, CancellationToken cancel)
    {
        var (files, missing, buffer) = (new List<BackupFile>(), new List<string>(), new byte[BackupFrames.MostInBytes]);
        FileStream? file = null;
        BackupName? name = null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Close()
        {
            if (file is null)
                return;
            file.Flush(flushToDisk: true);
            files.Add(new BackupFile(name!.ToString(), file.Length, Convert.ToHexStringLower(hash.GetHashAndReset())));
            file.Dispose();
            file = null;
        }
        try
        {
            while (await BackupFrames.ReadAsync(input, buffer, cancel) is { } frame)
            {
                switch (frame.Kind)
                {
                    case BackupFrames.File:
                        Close();
                        name = BackupName.TryParse(Encoding.UTF8.GetString(buffer, 0, frame.Length))
                            ?? throw new BackupException("What the server sent is no backup; is it of the same version as this program?");
                        var path = Path.Combine(folder, name.ToString());
                        MakeFolder(Path.GetDirectoryName(path)!);
                        file = Create(path);
                        break;
                    case BackupFrames.Bytes when file is not null:
                        hash.AppendData(buffer, 0, frame.Length);
                        await file.WriteAsync(buffer.AsMemory(0, frame.Length), cancel);
                        break;
                    case BackupFrames.Missing:
                        missing.Add(Encoding.UTF8.GetString(buffer, 0, frame.Length));
                        break;
                    case BackupFrames.Failed:
                        throw new BackupException(Encoding.UTF8.GetString(buffer, 0, frame.Length));
                    case BackupFrames.End:
                        Close();
                        return (files, missing);
                    default:
                        throw new BackupException("What the server sent is no backup; is it of the same version as this program?");
                }
            }
        }
        finally
        {
            file?.Dispose();
        }
        throw new BackupException("The backup broke off before it was whole: the server stopped. Nothing was kept; make it again.");
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 1 << 16 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>To the day: what is in it says no more.</summary>
    private static void Coarsen(string folder, DateOnly today)
    {
        var midnight = today.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, midnight);
        foreach (var inner in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).OrderByDescending(path => path.Length).Append(folder))
            Directory.SetLastWriteTimeUtc(inner, midnight);
    }

    private static void Discard(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It says by its name what it is, and the next run begins by removing it.
        }
    }
}
