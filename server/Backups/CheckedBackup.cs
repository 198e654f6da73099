using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Server.Rosters;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Backups;

/// <summary>
/// A backup of which every byte has been looked at: digests, forms, lengths, order, days, signatures. Nothing is put into a store before that;
/// what reviewers and sources are given afterwards is what a server could have taken.
/// </summary>
internal sealed class CheckedBackup
{
    // The answer, what was handed out before, and successors held back.
    private const int LargestRosterInBytes = RosterAnswer.LargestInBytes + EarlierStatements.LargestAnswerInBytes + (1 << 20);

    private readonly BackupFolder _folder;
    private readonly DateOnly _today;
    private readonly HashSet<StoredId> _reports = [];

    private CheckedBackup(BackupFolder folder, DateOnly today) => (_folder, _today) = (folder, today);

    public IReadOnlyList<ManifestEntry> Files => _folder.Manifest.Files;

    public string ManifestDigest => _folder.ManifestDigest;

    /// <summary>The roster's document, to be stored.</summary>
    public ReadOnlyMemory<byte> Document { get; private set; }

    /// <summary>The drop's first key: what its link ends in.</summary>
    public MinisignPublicKey DropKey { get; private set; } = null!;

    /// <summary>When days of it end early.</summary>
    public IReadOnlyDictionary<DateOnly, DateOnly> Ends { get; private set; } = new Dictionary<DateOnly, DateOnly>();

    /// <summary>Looks at all of it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="pinned">The drop key of the configuration, or null.</param>
    /// <param name="today">By this machine's clock.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="BackupException">It is damaged, or not what a server wrote.</exception>
    public static async Task<CheckedBackup> OpenAsync(string path, MinisignPublicKey? pinned, DateOnly today, CancellationToken cancel)
    {
        var backup = new CheckedBackup(BackupFolder.Open(path), today);
        // The roster first: it is short, and of another drop all the rest need not be read.
        foreach (var entry in backup.Files.OrderByDescending(entry => entry.File.Content == BackupContent.Roster))
            await backup.CheckAsync(entry, pinned, cancel);
        return backup;
    }

    /// <summary>A file, to be read once from its beginning.</summary>
    public HashedFile Read(ManifestEntry entry) => _folder.Read(entry.File);

    /// <summary>Its whole path.</summary>
    public string PathOf(ManifestEntry entry) => _folder.PathOf(entry.File);

    private async Task CheckAsync(ManifestEntry entry, MinisignPublicKey? pinned, CancellationToken cancel)
    {
        var path = PathOf(entry);
        await using var file = Read(entry);
        try
        {
            BackupFormatException? wrong = null;
            try
            {
                await CheckContentAsync(entry, file, pinned, cancel);
            }
            catch (BackupFormatException e)
            {
                wrong = e;
            }
            // That comes first: what a damaged file seems to say is of no interest.
            if (await file.DigestAsync(cancel) != entry.Sha256)
                throw new BackupException($"{path} is damaged: it is not, byte for byte, the file that the backup wrote. Nothing was put back.");
            if (wrong is not null)
                throw BackupFolder.Wrong(path, wrong);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw BackupFolder.Unreadable(path, e);
        }
    }

    private async Task CheckContentAsync(ManifestEntry entry, HashedFile file, MinisignPublicKey? pinned, CancellationToken cancel)
    {
        var reader = new RecordReader(file, entry.SizeInBytes);
        switch (entry.File.Content)
        {
            case BackupContent.Roster:
                CheckRoster(await WholeAsync(reader, LargestRosterInBytes, cancel), pinned);
                break;
            case BackupContent.EarlyEnds:
                Ends = EarlyEnds.Read(await WholeAsync(reader, EarlyEnds.LargestInBytes, cancel));
                break;
            case BackupContent.Copies:
                RequirePast(entry.File.Day < _today);
                await foreach (var _ in CopyRecords.ReadAsync(reader, cancel))
                {
                    // Read to be judged.
                }
                break;
            case BackupContent.DeadDrop:
                RequirePast(entry.File.Day < _today);
                await foreach (var _ in SlotRecords.ReadAsync(reader, await SlotRecords.ReadShardBitsAsync(reader, cancel), cancel))
                {
                    // Read to be judged.
                }
                break;
            default:
                RequirePast(BackupMaker.IsPast(entry.File.Day!.Value, _today));
                await CheckReportsAsync(reader, cancel);
                break;
        }
    }

    private async Task CheckReportsAsync(RecordReader reader, CancellationToken cancel)
    {
        await foreach (var report in ReportRecords.ReadAsync(reader, cancel))
        {
            // Else one would hide another: reviewers ask by id alone.
            if (!_reports.Add(report.Id))
                throw new BackupFormatException("a report has an id that one of another day has, too");
            await foreach (var _ in report.Parts.WithCancellation(cancel))
            {
                // Read to be digested.
            }
        }
    }

    private void CheckRoster(byte[] bytes, MinisignPublicKey? pinned)
    {
        try
        {
            var state = DropDocument.Read(new RosterDocument(0, bytes)).State;
            DropKey = DropStateVerifier.Verify(state, pinned, _today).Chain.First;
            // As this server writes it: members that it does not know do not come in this way either.
            Document = DropDocument.Write(state);
        }
        catch (Exception e) when (e is RosterException or StrictJsonException)
        {
            throw new BackupFormatException(e.Message.TrimEnd('.'), e);
        }
    }

    private static async Task<byte[]> WholeAsync(RecordReader reader, int mostInBytes, CancellationToken cancel)
    {
        if (reader.LeftInBytes > mostInBytes)
            throw new BackupFormatException("it is longer than one can be");
        var bytes = new byte[reader.LeftInBytes];
        await reader.FillAsync(bytes, cancel);
        return bytes;
    }

    private static void RequirePast(bool isPast)
    {
        if (!isPast)
            throw new BackupFormatException("its day is not over by this machine's clock; is that right");
    }
}
