namespace SecureDrop.Benchmarks.Drop;

/// <summary>A folder of a run's own, removed with everything in it.</summary>
internal sealed class ScratchFolder : IDisposable
{
    /// <param name="neededInBytes">What the run writes at most; with less room (and a little for others) it does not begin.</param>
    internal ScratchFolder(long neededInBytes)
    {
        Path = Directory.CreateTempSubdirectory("securedrop-bench-").FullName;
        DriveInfo drive = new(Path);
        FileSystem = drive.DriveFormat;
        long wanted = neededInBytes + (1L << 30);
        if (drive.AvailableFreeSpace < wanted)
        {
            Dispose();
            throw new InvalidOperationException(
                $"This run wants {wanted >> 20} MiB of disk and {drive.AvailableFreeSpace >> 20} MiB are free there; set TMPDIR to a larger one, or give a smaller size.");
        }
    }

    internal string Path { get; }

    /// <summary>Name of the file system; on a memory file system no figure of durability means anything.</summary>
    internal string FileSystem { get; }

    internal string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
