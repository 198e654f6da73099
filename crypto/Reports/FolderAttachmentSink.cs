using SecureDrop.Crypto.Streaming;

namespace SecureDrop.Crypto.Reports;

/// <summary>
/// Writes a report's files into a folder: <c>0001</c>, <c>0002</c>, …, or <c>plain-report</c> for a plain report. The sender's names are
/// nowhere a path. Until everything holds the files stand in a folder of their own beneath, named at random, readable by the owner alone.
/// </summary>
public sealed class FolderAttachmentSink : IAttachmentSink
{
    /// <summary>Name of a plain report's one file.</summary>
    public const string PlainName = "plain-report";

    /// <summary>Beginning of the name of the folder in which files stand until everything holds. Only a process that was killed leaves one.</summary>
    public const string UncheckedPrefix = ".unchecked-";

    private const int WriteBufferSizeInBytes = 64 * 1024;

    private readonly string _folder;
    private readonly string _temporary;
    private readonly List<int> _numbers = [];

    /// <summary>Prepares a sink; the folder is created with the first file.</summary>
    public FolderAttachmentSink(string folder)
    {
        _folder = folder;
        _temporary = Path.Combine(folder, UncheckedPrefix + Path.GetRandomFileName());
    }

    /// <summary>Paths of the files kept, in order; empty before <see cref="Keep"/>.</summary>
    public IReadOnlyList<string> Paths { get; private set; } = [];

    /// <inheritdoc/>
    public Stream Create(int number, long sizeInBytes)
    {
        Directory.CreateDirectory(_folder);
        CreatePrivateDirectory(_temporary);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = WriteBufferSizeInBytes };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        FileStream file = new(Path.Combine(_temporary, Name(number)), options);
        _numbers.Add(number);
        return file;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">A file of such a name is there already: nothing is overwritten, and nothing is left beside it.</exception>
    public void Keep(OpenedReport report)
    {
        try
        {
            if (_numbers.Exists(number => File.Exists(Path.Combine(_folder, Name(number)))))
            {
                throw new IOException("The folder already holds files of another report. Choose an empty one.");
            }
            foreach (int number in _numbers)
            {
                // A power cut must not leave a file under its name without the bytes that were checked.
                FlushToDisk(Path.Combine(_temporary, Name(number)));
                File.Move(Path.Combine(_temporary, Name(number)), Path.Combine(_folder, Name(number)), overwrite: false);
            }
            Paths = [.. _numbers.Select(number => Path.Combine(_folder, Name(number)))];
        }
        finally
        {
            Discard();
        }
    }

    /// <inheritdoc/>
    public void Discard()
    {
        if (Directory.Exists(_temporary))
        {
            Directory.Delete(_temporary, recursive: true);
        }
    }

    private static void FlushToDisk(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Write);
        DurableFile.Flush(file);
    }

    private static string Name(int number) => number == 0 ? PlainName : $"{number:D4}";

    private static void CreatePrivateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
