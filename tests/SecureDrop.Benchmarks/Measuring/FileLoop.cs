using SecureDrop.Benchmarks.Drop;

namespace SecureDrop.Benchmarks.Measuring;

/// <summary>The plainest durable store: a file and an fsync each, one after another. What a store of reports is compared with.</summary>
internal static class FileLoop
{
    /// <summary>Writes <paramref name="count"/> files of the given contents in turn; the files are gone afterwards.</summary>
    internal static TimeSpan Write(ScratchFolder folder, byte[][] bodies, int count)
    {
        string directory = Directory.CreateDirectory(folder.File("loop")).FullName;
        Clock.SettleDisk();
        TimeSpan time = Clock.Time(() =>
        {
            for (int n = 0; n < count; n++)
            {
                using FileStream file = new(Path.Combine(directory, $"{n:x8}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
                file.Write(bodies[n % bodies.Length]);
                file.Flush(flushToDisk: true);
            }
        });
        Directory.Delete(directory, recursive: true);
        return time;
    }
}
