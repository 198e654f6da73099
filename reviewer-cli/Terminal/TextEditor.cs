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

    /// <exception cref="ReviewerException">No editor, or it failed.</exception>
    public static async Task<string> WriteAsync(string comment, Func<string, string?> environment, CancellationToken cancel)
    {
        string? editor = environment("VISUAL") is { Length: > 0 } visual ? visual : environment("EDITOR");
        if (string.IsNullOrWhiteSpace(editor))
        {
            throw new ReviewerException(ExitCode.NobodyToAsk,
                "No editor is set: set EDITOR, or give the text as a file or on standard input with `-`.");
        }

        DirectoryInfo folder = CreateFolder(environment);
        string path = Path.Combine(folder.FullName, "reply.txt");
        try
        {
            Keystore.AtomicFile.Write(path,
                System.Text.Encoding.UTF8.GetBytes("\n" + string.Concat(comment.Split('\n').Select(l => $"{CommentMark} {l}\n"))), overwrite: false);
            // Through a shell, as git does: EDITOR may hold arguments.
            ProcessStartInfo start = new("/bin/sh") { UseShellExecute = false };
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(editor + " \"$1\"");
            start.ArgumentList.Add("editor");
            start.ArgumentList.Add(path);
            using Process process = Process.Start(start)!;
            await process.WaitForExitAsync(cancel);
            if (process.ExitCode != 0)
            {
                throw new ReviewerException(ExitCode.Declined, "The editor ended with an error; nothing was sent.");
            }

            string[] lines = await File.ReadAllLinesAsync(path, cancel);
            return string.Join('\n', lines.Where(l => !l.StartsWith(CommentMark, StringComparison.Ordinal))).Trim('\n');
        }
        finally
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
