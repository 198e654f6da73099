using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk;

/// <summary>
/// Where <c>open --out</c> writes. Files stand in a folder that says in its name that it is unfinished until all of them are whole, checked
/// and named; a new folder then comes into being in one step, complete. The home remembers the unfinished folder, so that a process that was
/// killed leaves no opened report lying about: the next command removes it.
/// </summary>
internal sealed class OutFolder : IDisposable
{
    private readonly UnlockedHome _home;
    private readonly string _folder;
    private readonly bool _isNew;

    private OutFolder(UnlockedHome home, string folder)
    {
        (_home, _folder) = (home, folder);
        _isNew = !Directory.Exists(folder);
        // Beside a new folder, to become it; inside one that is there, since what lies beside it may not be ours to write.
        Unfinished = _isNew ? folder + AtomicFile.UnfinishedSuffix : Path.Combine(folder, AtomicFile.UnfinishedSuffix);
    }

    /// <summary>Where files are written until <see cref="Finish"/>.</summary>
    public string Unfinished { get; }

    /// <exception cref="ReviewerException">It holds files of a report, others may write there, or it cannot be written.</exception>
    public static OutFolder Prepare(UnlockedHome home, string folder)
    {
        OutFolder prepared = new(home, Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        Refuse(folder);
        if (Path.Exists(prepared.Unfinished))
        {
            // What this home left there is gone already, so it is somebody's.
            throw new ReviewerException(ExitCode.AlreadyThere, $"{prepared.Unfinished} is there already and was left as it is. Remove it, or give another --out.");
        }

        prepared.Remember();
        try
        {
            HomeDirectory.CreatePrivate(prepared.Unfinished);
            return prepared;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Explain(e, folder);
        }
    }

    /// <summary>Gives the files their place: all at once where the folder is new.</summary>
    /// <returns>Their full paths, in the same order.</returns>
    public List<string> Finish(IReadOnlyList<string> names)
    {
        if (_isNew)
        {
            Directory.Move(Unfinished, _folder);
        }
        else
        {
            foreach (string file in Directory.GetFiles(Unfinished))
            {
                File.Move(file, Path.Combine(_folder, Path.GetFileName(file)), overwrite: false);
            }
        }

        AtomicFile.FlushFolder(_isNew ? Path.GetDirectoryName(_folder)! : _folder);
        return [.. names.Select(name => Path.Combine(_folder, name))];
    }

    /// <summary>Removes what is left of an opening that never ended.</summary>
    public static void RemoveLeftovers(UnlockedHome home)
    {
        string? left;
        try
        {
            left = OwnSealedFile.Read(home.Home.Opening, IndexJson.Default.OpeningNote, home.Keys.Own, "")?.Unfinished;
        }
        catch (ReviewerException)
        {
            // A note that was itself cut off was made before any file.
            left = null;
        }

        // Nothing but a folder of such a name, whatever the note says.
        if (left is not null && left.EndsWith(AtomicFile.UnfinishedSuffix, StringComparison.Ordinal))
        {
            RemoveFolder(left);
        }

        File.Delete(home.Home.Opening);
    }

    public void Dispose()
    {
        try
        {
            RemoveFolder(Unfinished);
            File.Delete(_home.Home.Opening);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The note stays, and with the next command the folder goes.
        }
    }

    private void Remember()
    {
        try
        {
            OwnSealedFile.Write(_home.Home.Opening, new OpeningNote(Unfinished), IndexJson.Default.OpeningNote, _home.Keys.Own.Recipient);
        }
        catch (ReviewerException)
        {
            // A full disk at home must not keep a report from being written to another one.
        }
    }

    private static void Refuse(string folder)
    {
        if (File.Exists(folder))
        {
            throw new ReviewerException(ExitCode.AlreadyThere, $"{folder} is a file, not a folder, and was left as it is. Give another --out.");
        }

        if (!Directory.Exists(folder))
        {
            return;
        }

        if (Directory.EnumerateFileSystemEntries(folder).Any(e => AttachmentNames.IsOurs(Path.GetFileName(e))))
        {
            throw new ReviewerException(ExitCode.AlreadyThere, $"{folder} holds files of a report already, or what a run that was killed had not checked yet (.unchecked-…), and was left as it is. Give another --out.");
        }

        if (!OperatingSystem.IsWindows()
            && (File.GetUnixFileMode(folder) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None)
        {
            // They could put other files in the place of those that were checked, or a link where one is about to be written.
            throw new ReviewerException(ExitCode.BadInput, $"Others may write into {folder}, and could exchange what was checked. Give a new --out. Nothing was written.");
        }
    }

    private static void RemoveFolder(string path)
    {
        // A link is removed and not followed.
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: !File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint));
        }
    }
}

/// <summary>The folder in which files of a report are being written.</summary>
internal sealed record OpeningNote(string Unfinished);
