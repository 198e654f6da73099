namespace SecureDrop.Crypto.Reports;

/// <summary>
/// A file changed between its digest and its sealing. What was sealed is not complete and must be thrown away; the report is to be made anew,
/// with a new id (and so a new file key).
/// </summary>
public sealed class AttachmentChangedException(int number)
    : Exception($"Attachment {number} changed while it was being sealed. Make the report anew.")
{
    /// <summary>Number of the attachment, from 1.</summary>
    public int Number { get; } = number;
}
