using System.Diagnostics;

namespace SecureDrop.Reviewer.Terminal;

/// <summary>
/// Lets a person write in <c>$VISUAL</c> or <c>$EDITOR</c>. The text lies in a folder of its own (0700), in memory where the system has
/// such a place, and is overwritten and removed afterwards; what the editor keeps elsewhere is the editor's.
/// </summary>
internal static class TextEditor
{
    /// <summary>Lines that begin so are for the writer only.</summary>
    public const string CommentMark = "#:";

    /// <param name="comment">For the writer alone.</param>
    /// <param name="environment">Variables.</param>
    /// <param name="take">Does with the text what it is for. Where that fails the text stays where it was written, and the failure says where.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="ReviewerException">No editor, it failed, or <paramref name="take"/> did.</exception>
    public static async Task<string> WriteAsync(string comment, Func<string, string?> environment, Action<string> take, CancellationToken cancel)
    {
        string? editor = environment("VISUAL") is { Length: > 0 } visual ? visual : environment("EDITOR");
        if (string.IsNullOrWhiteSpace(editor))
        {
            throw new ReviewerException(ExitCode.NobodyToAsk,
                "No editor is set: set EDITOR, or give the text as a file or on standard input with `-`.");
        }

        DirectoryInfo folder = CreateFolder(environment);
        string path = Path.Combine(folder.FullName, "reply.txt");
        bool keep = false;
        try
        {
            Keystore.AtomicFile.Write(path,
                System.Text.Encoding.UTF8.GetBytes("\n" + string.Concat(comment.Split('\n').Select(l => $"{CommentMark} {l}\n"))), overwrite: false);
            // Through a shell, as git does: EDITOR may hold arguments.
            ProcessStartInfo start = new("/bin/sh") { UseShellExecute = false };
            start.ArgumentList.Add("-c");
            // Ctrl-C is the editor's to take; the shell around it must not die of it and leave the editor without its file.
            start.ArgumentList.Add("trap : INT\n" + editor + " \"$1\"");
            start.ArgumentList.Add("editor");
            start.ArgumentList.Add(path);
            using Process process = Process.Start(start)!;
            await process.WaitForExitAsync(cancel);
            if (process.ExitCode != 0)
            {
                throw new ReviewerException(ExitCode.Declined, "The editor ended with an error; nothing was sent.");
            }

            string[] lines = await File.ReadAllLinesAsync(path, cancel);
            string text = string.Join('\n', lines.Where(l => !l.StartsWith(CommentMark, StringComparison.Ordinal))).Trim('\n');
            try
            {
                take(text);
            }
            catch (ReviewerException e) when (e.ExitCode != ExitCode.Declined)
            {
                // An hour's words must not go because the disk is full.
                keep = true;
                await File.WriteAllTextAsync(path, text, cancel);
                throw new ReviewerException(e.ExitCode, $"{e.Message} Your words are kept in {path}: give that file to the same command, then remove its folder.", e);
            }

            return text;
        }
        finally
        {
            if (!keep)
            {
                Remove(folder);
            }
        }
    }

    private static void Remove(DirectoryInfo folder)
    {
        try
        {
            // Links are only removed: an editor's lock points somewhere, and what lies there is not ours to overwrite.
            foreach (FileInfo left in folder.EnumerateFiles("*", new EnumerationOptions
            {
                RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true,
            }))
            {
                TryOverwrite(left);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static DirectoryInfo CreateFolder(Func<string, string?> environment)
    {
        string parent = Path.GetTempPath();
        foreach (string? place in new[] { environment("XDG_RUNTIME_DIR"), "/dev/shm" })
        {
            if (!string.IsNullOrEmpty(place) && Directory.Exists(place))
            {
                parent = place;
                break;
            }
        }

        string path = Path.Combine(parent, "reviewer-" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)));
        return OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path)
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void TryOverwrite(FileInfo file)
    {
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                file.UnixFileMode |= UnixFileMode.UserWrite;
            }

            using FileStream stream = file.OpenWrite();
            stream.Write(new byte[stream.Length]);
            stream.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone already, or not an ordinary file: removed with the folder. What was written must not be lost over it.
        }
    }
}
