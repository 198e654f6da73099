namespace SecureDrop.Crypto.Reports;

/// <summary>
/// Where a report's files go while it is being checked. Bytes arrive before signature and digests are known to hold, so a sink gives nothing
/// a final name until <see cref="Keep"/>, and <see cref="Discard"/> leaves nothing behind. Exactly one of the two is called at the end.
/// </summary>
public interface IAttachmentSink
{
    /// <summary>
    /// Opens a stream for file <paramref name="number"/>: 1 to n in order, or 0 for the one opaque file of a plain report. The reader disposes
    /// it. <paramref name="sizeInBytes"/> is what the archive announces, -1 where it is not known (a plain report).
    /// </summary>
    Stream Create(int number, long sizeInBytes);

    /// <summary>Everything holds: the files may have their names.</summary>
    void Keep(OpenedReport report);

    /// <summary>Something failed, or it was a decoy: nothing may remain.</summary>
    void Discard();
}
