using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Replies;
using SecureDrop.Crypto.Reports;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Options;
using SecureDrop.Server.Rosters;
using SecureDrop.Server.Storage;
using DeadDropEntry = SecureDrop.Server.Storage.DeadDropEntry;

namespace SecureDrop.Server.Backups;

/// <summary>A backup's folder, read and judged whole before a byte of it is stored: somebody else may have written it.</summary>
internal sealed class BackupContents
{
    /// <summary>Longest shard number in bits (docs/protocol.md).</summary>
    private const int MostShardBits = 16;

    private const int MostManifestInBytes = 1 << 30;
    private const int MostRosterInBytes = 64 << 20;

    private readonly string _folder;

    private BackupContents(string folder, IReadOnlyList<(BackupName Name, BackupFile File)> files) => (_folder, Files) = (folder, files);

    public IReadOnlyList<(BackupName Name, BackupFile File)> Files { get; }

    /// <exception cref="BackupException">It is no backup, of a newer version, damaged, or not what a drop stores.</exception>
    public static BackupContents Open(string folder, ServerOptions options)
    {
        var contents = new BackupContents(folder, List(folder));
        foreach (var (name, file) in contents.Files)
        {
            try
            {
                contents.Judge(name, file, options);
            }
            catch (Exception e) when (e is BackupException or IOException or UnauthorizedAccessException or JsonException or FormatException or RosterException)
            {
                throw new BackupException($"{Path.Combine(folder, file.Name)} is not what a backup holds: {e.Message.TrimEnd('.')}. Nothing was restored.", e);
            }
        }
        if (contents.Files.All(file => file.Name.Part != BackupPart.Roster))
            throw new BackupException($"{folder} holds no roster, so it is no whole backup. Nothing was restored.");
        return contents;
    }

    public FileStream OpenRead(BackupName name) => new(Path.Combine(_folder, name.ToString()), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);

    public byte[] ReadAll(BackupName name) => File.ReadAllBytes(Path.Combine(_folder, name.ToString()));

    /// <summary>The width of a dead drop and its slots.</summary>
    public static (int ShardBits, IEnumerable<DeadDropEntry> Entries) Slots(BackupName name, Stream file)
    {
        var bits = file.ReadByte();
        return bits is >= 0 and <= MostShardBits
            ? (bits, BackupRecord.Read(file, sizeof(int), DeadDropSlot.SizeInBytes).Select(record => Entry(record.Key, record.Bytes, bits)))
            : throw new BackupException($"{name} has no width");
    }

    private static DeadDropEntry Entry(byte[] key, byte[] slot, int bits)
    {
        var shard = BinaryPrimitives.ReadUInt32BigEndian(key);
        return slot.Length == DeadDropSlot.SizeInBytes && shard < 1u << bits ? new((int)shard, slot) : throw new BackupException("a slot is none");
    }

    private static List<(BackupName, BackupFile)> List(string folder)
    {
        var path = Path.Combine(folder, BackupManifest.FileName);
        if (!File.Exists(path) || new FileInfo(path).Length > MostManifestInBytes)
            throw new BackupException($"{folder} is no backup: there is no {BackupManifest.FileName} in it.");
        BackupManifest manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), BackupJson.Default.BackupManifest) ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"{path} cannot be read: {e.Message.TrimEnd('.')}. Nothing was restored.", e);
        }
        if (manifest.Format != BackupManifest.FormatName)
            throw new BackupException($"{path} is not the list of a backup of this program. Nothing was restored.");
        if (manifest.Version != BackupManifest.CurrentVersion)
            throw new BackupException($"{path} is of version {manifest.Version}, and this program reads {BackupManifest.CurrentVersion}: use the version that wrote it. Nothing was restored.");
        var files = new List<(BackupName, BackupFile)>();
        foreach (var file in manifest.Files)
        {
            var name = file is null ? null : BackupName.TryParse(file.Name);
            if (name is null || files.Exists(other => other.Item1 == name && name.Part is not BackupPart.Report))
                throw new BackupException($"{path} names a file that no backup has, or one twice. Nothing was restored.");
            files.Add((name, file!));
        }
        return files;
    }

    private void Judge(BackupName name, BackupFile file, ServerOptions options)
    {
        var path = Path.Combine(_folder, name.ToString());
        // A link would have another file's bytes stored, or read for ever.
        for (var at = path; at != _folder && at is not null; at = Path.GetDirectoryName(at))
        {
            if (new FileInfo(at).LinkTarget is not null)
                throw new BackupException("it is a link");
        }
        if (!File.Exists(path) || new FileInfo(path).Length != file.Bytes)
            throw new BackupException("it is missing, or not as long as the list says");
        using (var stream = OpenRead(name))
        {
            if (Convert.ToHexStringLower(SHA256.HashData(stream)) != file.Sha256)
                throw new BackupException("its digest is not the one in the list");
        }
        using var content = OpenRead(name);
        switch (name.Part)
        {
            case BackupPart.Roster:
                JudgeRoster(file, options);
                break;
            case BackupPart.EarlyEnds:
                _ = EarlyEnds();
                break;
            case BackupPart.Report:
                JudgeReport(content);
                break;
            case BackupPart.Slots:
                foreach (var _ in Slots(name, content).Entries)
                {
                    // Each is judged as it is read.
                }
                break;
            default:
                JudgeRecords(name, content);
                break;
        }
    }

    /// <summary>The days that were ended early.</summary>
    public IReadOnlyDictionary<DateOnly, DateOnly> EarlyEnds() =>
        Files.Any(file => file.Name.Part == BackupPart.EarlyEnds)
            ? (JsonSerializer.Deserialize(ReadAll(new(BackupPart.EarlyEnds)), BackupJson.Default.SortedDictionaryStringString) ?? [])
                .ToDictionary(pair => DateOnly.ParseExact(pair.Key, "yyyy-MM-dd"), pair => DateOnly.ParseExact(pair.Value, "yyyy-MM-dd"))
            : new Dictionary<DateOnly, DateOnly>();

    /// <summary>The signatures hold, from the drop's key that is configured where one is. As of its own first day: an old roster may have expired since.</summary>
    private void JudgeRoster(BackupFile file, ServerOptions options)
    {
        if (file.Bytes > MostRosterInBytes)
            throw new BackupException("it is too long");
        var view = DropDocument.Read(new RosterDocument(1, ReadAll(new(BackupPart.Roster))));
        var pinned = string.IsNullOrEmpty(options.Drop.DropKey) ? null : MinisignPublicKey.Parse(options.Drop.DropKey);
        _ = RosterVerifier.Verify(view.State.Answer, pinned, view.Roster.Issued);
    }

    private static void JudgeReport(FileStream content)
    {
        var start = new byte[Math.Min(content.Length, IReportStore.PartSizeInBytes)];
        content.ReadExactly(start);
        if (!SizeClass.IsSealedSize(content.Length, SealedForm.Stanzas(start), out var plaintext) || plaintext == SizeClass.SmallestInBytes)
            throw new BackupException("it is no sealed report");
    }

    private static void JudgeRecords(BackupName name, FileStream content)
    {
        byte[]? last = null;
        foreach (var (id, bytes) in BackupRecord.Read(content, StoredId.SizeInBytes, SealedForm.LargestTextInBytes))
        {
            if (last is not null && last.AsSpan().SequenceCompareTo(id) >= 0)
                throw new BackupException("it is not in order");
            if (name.Part == BackupPart.Texts ? !SealedForm.IsText(bytes) : SealedForm.Stanzas(bytes) == 0)
                throw new BackupException("a record of it is not sealed");
            last = id;
        }
    }
}
