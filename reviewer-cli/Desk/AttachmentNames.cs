using System.Text;
using SecureDrop.Crypto.Reports;
using SecureDrop.Reviewer.Keystore;

namespace SecureDrop.Reviewer.Desk;

/// <summary>Names of files on the reviewer's disk. A number of our own; of the sender's name only a harmless ending, so that a program can be
/// chosen by hand. Never one that a double click would run.</summary>
internal static class AttachmentNames
{
    /// <summary>The text, exactly as the source wrote it.</summary>
    public const string MessageName = "message.txt";

    private static readonly HashSet<string> Passive = new(StringComparer.OrdinalIgnoreCase)
    {
        "txt", "csv", "pdf", "png", "jpg", "jpeg", "gif", "webp", "heic", "tif", "tiff", "bmp", "mp3", "m4a", "wav", "ogg", "flac", "mp4", "mov",
        "webm", "mkv", "avi", "docx", "xlsx", "pptx", "odt", "ods", "odp", "rtf", "eml", "zip", "7z", "gz", "tar", "xz",
    };

    public static bool IsOurs(string name) => name is MessageName or FolderAttachmentSink.PlainName
        || name.StartsWith(FolderAttachmentSink.UncheckedPrefix, StringComparison.Ordinal)
        || (name.Length >= 4 && name.AsSpan(0, 4).ContainsAnyExceptInRange('0', '9') == false);

    /// <summary><c>0001.pdf</c>, or <c>0001.bin</c> where the ending is not one of a passive kind.</summary>
    public static string Of(int number, string senderName)
    {
        int dot = senderName.LastIndexOf('.');
        string ending = dot < 0 ? "" : senderName[(dot + 1)..];
        return $"{number:D4}.{(Passive.TryGetValue(ending, out string? known) ? known : "bin")}";
    }

    /// <summary>Gives checked files of a folder their names and writes the text beside them.</summary>
    /// <returns>Names of the files, in order, without that of the text.</returns>
    public static List<string> Finish(IReadOnlyList<string> paths, OpenedReport opened, string folder)
    {
        List<string> names = [];
        for (int i = 0; i < paths.Count; i++)
        {
            string name = opened.Report is { } report ? Of(i + 1, report.Attachments[i].Name) : Path.GetFileName(paths[i]);
            if (name != Path.GetFileName(paths[i]))
            {
                File.Move(paths[i], Path.Combine(folder, name), overwrite: false);
            }

            names.Add(name);
        }

        if (opened.Report is { } text)
        {
            AtomicFile.Write(Path.Combine(folder, MessageName), Encoding.UTF8.GetBytes(text.Message), overwrite: false);
        }

        AtomicFile.FlushFolder(folder);
        return names;
    }
}
