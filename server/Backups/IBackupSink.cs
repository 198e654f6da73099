namespace SecureDrop.Server.Backups;

/// <summary>Where a backup's files go, one after another.</summary>
internal interface IBackupSink
{
    /// <summary>A file begins; the one before has ended.</summary>
    Task BeginAsync(BackupFile file, CancellationToken cancel);

    /// <summary>Bytes of the file that has begun. They are the caller's again afterwards.</summary>
    Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel);

    /// <summary>It ends.</summary>
    /// <param name="isWhole">False where what it holds has ended meanwhile: then it is to be as if it had never begun.</param>
    /// <param name="cancel">Gives up.</param>
    Task EndAsync(bool isWhole, CancellationToken cancel);

    /// <summary>Something that the store lists is not in the backup, since it cannot be read: one sentence for whoever asked for it.</summary>
    Task LeaveOutAsync(string sentence, CancellationToken cancel);
}
