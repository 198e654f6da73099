namespace SecureDrop.Crypto.Archives;

/// <summary>
/// An archive's bytes are not what <see cref="ArchiveWriter"/> would have written. The message names the place and the rule, and repeats
/// nothing that a sender wrote: it may go to a terminal.
/// </summary>
public sealed class ArchiveFormatException(string message) : Exception(message);
