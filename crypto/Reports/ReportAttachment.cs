namespace SecureDrop.Crypto.Reports;

/// <summary>An attachment as <c>report.json</c> names it.</summary>
/// <param name="Path">Its member in the archive, <c>attachments/0001</c>.</param>
/// <param name="Name">The sender's file name: hostile text, never a path.</param>
/// <param name="Type">The media type the sender's browser gave, unchecked.</param>
/// <param name="SizeInBytes">Length of the content.</param>
/// <param name="Sha256">See <see cref="AttachmentDigest"/>; lower-case hex, 64 characters.</param>
/// <param name="Scrubbed">Whether the page removed metadata.</param>
public sealed record ReportAttachment(string Path, string Name, string Type, long SizeInBytes, string Sha256, bool Scrubbed);
