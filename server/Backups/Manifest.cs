using System.Security.Cryptography;
using SecureDrop.Crypto.Json;

namespace SecureDrop.Server.Backups;

/// <summary>One file of a backup.</summary>
/// <param name="File">Which.</param>
/// <param name="SizeInBytes">Its length, at least 1.</param>
/// <param name="Sha256">Its digest, 64 lower-case hex digits.</param>
internal sealed record ManifestEntry(BackupFile File, long SizeInBytes, string Sha256);

/// <summary>
/// What a backup consists of: <c>{"format": "securedrop-backup/1", "files": [{"name", "bytes", "sha256"}]}</c>, in order of name. It is the
/// last file that is written, and says neither when nor where: two backups of the same days are the same bytes.
/// </summary>
/// <param name="Files">In order of name.</param>
internal sealed record Manifest(IReadOnlyList<ManifestEntry> Files)
{
    /// <summary>Its own name.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The longest that is read.</summary>
    public const int LargestInBytes = 4 << 20;

    private const string FormatName = "securedrop-backup/";
    private const int Version = 1;
    // Reports, copies and dead drops of as many days as can be kept, and more.
    private const int MostFiles = 16_384;

    /// <summary>Ordinal: the same on every machine.</summary>
    public static IComparer<string> NameOrder => StringComparer.Ordinal;

    public byte[] Write() => StrictJson.Write(json =>
    {
        json.WriteString("format", $"{FormatName}{Version}");
        json.WriteStartArray("files");
        foreach (var entry in Files.OrderBy(entry => entry.File.Name, NameOrder))
        {
            json.WriteStartObject();
            json.WriteString("name", entry.File.Name);
            json.WriteNumber("bytes", entry.SizeInBytes);
            json.WriteString("sha256", entry.Sha256);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>Digest of the bytes of a manifest, by which whoever noted it knows the whole backup again.</summary>
    public static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <exception cref="BackupFormatException">Not a manifest that this server can read.</exception>
    public static Manifest Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var json = StrictJson.ParseObject(bytes);
            RequireFormat(json.RequireText("format"));
            var files = json.RequireObjects("files", MostFiles).Select(Entry).ToList();
            if (files.Zip(files.Skip(1)).Any(pair => NameOrder.Compare(pair.First.File.Name, pair.Second.File.Name) >= 0))
                throw new BackupFormatException("its files are not in order of name, each once");
            if (!files.Exists(entry => entry.File.Content == BackupContent.Roster))
                throw new BackupFormatException("it names no roster");
            return new Manifest(files);
        }
        catch (StrictJsonException e)
        {
            throw new BackupFormatException(e.Message.TrimEnd('.'), e);
        }
    }

    private static ManifestEntry Entry(StrictObject json)
    {
        if (!BackupFile.TryParse(json.RequireText("name"), out var file))
            throw new BackupFormatException($"{json.Path}.name is no name of a file of a backup");
        return new(file, json.RequireInteger("bytes", 1), Convert.ToHexStringLower(json.RequireHex("sha256", SHA256.HashSizeInBytes)));
    }

    private static void RequireFormat(string format)
    {
        if (format == $"{FormatName}{Version}")
            return;
        // What it says of itself is not repeated: it may be anything.
        throw format.StartsWith(FormatName, StringComparison.Ordinal) && int.TryParse(format.AsSpan(FormatName.Length), out var version) && version > Version
            ? new BackupFormatException("it was made by a newer version of this server: put it back with that one")
            : new BackupFormatException("it is not the manifest of a backup of this server");
    }
}
