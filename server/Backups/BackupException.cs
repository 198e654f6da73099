namespace SecureDrop.Server.Backups;

/// <summary>A backup cannot be made, or not be put back; the message is one sentence for whoever asked for it.</summary>
public sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner);
