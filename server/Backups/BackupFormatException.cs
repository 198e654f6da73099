namespace SecureDrop.Server.Backups;

/// <summary>Bytes of a backup that no server of this kind wrote. The message goes behind the name of the file; it repeats nothing of the bytes.</summary>
internal sealed class BackupFormatException(string message, Exception? inner = null) : FormatException(message, inner);
