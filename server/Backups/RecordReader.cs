namespace SecureDrop.Server.Backups;

/// <summary>Reads records from a file whose length is known, and never more than it has.</summary>
/// <param name="source">The file, at its beginning.</param>
/// <param name="sizeInBytes">Its length.</param>
internal sealed class RecordReader(Stream source, long sizeInBytes)
{
    /// <summary>What has not been read yet.</summary>
    public long LeftInBytes { get; private set; } = sizeInBytes;

    /// <summary>Fills the buffer.</summary>
    /// <exception cref="BackupFormatException">The file has less left.</exception>
    public async Task FillAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        if (buffer.Length > LeftInBytes)
            throw new BackupFormatException("its last record is cut off");
        try
        {
            await source.ReadExactlyAsync(buffer, cancel);
        }
        catch (EndOfStreamException e)
        {
            throw new BackupFormatException("it has become shorter", e);
        }
        LeftInBytes -= buffer.Length;
    }

    /// <exception cref="BackupFormatException">There are not so many bytes, or not so few.</exception>
    public void RequireSize(ulong found, long least, long most)
    {
        if (found < (ulong)least || found > (ulong)most || found > (ulong)LeftInBytes)
            throw new BackupFormatException("a record has a length that no record can have");
    }
}
