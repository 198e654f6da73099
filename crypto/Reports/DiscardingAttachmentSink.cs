namespace SecureDrop.Crypto.Reports;

/// <summary>Keeps nothing: for checking a report, or for what an inbox shows of it.</summary>
public sealed class DiscardingAttachmentSink : IAttachmentSink
{
    /// <inheritdoc/>
    public Stream Create(int number, long sizeInBytes) => Stream.Null;

    /// <inheritdoc/>
    public void Keep(OpenedReport report)
    {
    }

    /// <inheritdoc/>
    public void Discard()
    {
    }
}
