namespace SecureDrop.Server.Backups;

/// <summary>A backup that cannot be made or restored: one sentence for whoever asked for it.</summary>
public sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner);
