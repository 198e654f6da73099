namespace SecureDrop.Tests.Server.Storage.Forensics;

/// <summary>A file of no form that a thief would know, read from its first byte to its last.</summary>
internal static class RawBytes
{
    public static IEnumerable<TaggedText.Stretch> Stretches(string path, int pageSizeInBytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var page = new byte[pageSizeInBytes];
        for (var at = 0L; file.ReadAtLeast(page, page.Length, throwOnEndOfStream: false) is > 0 and var read; at += read)
        {
            foreach (var stretch in TaggedText.Find(page.AsSpan(0, read), at))
                yield return stretch;
        }
    }
}
