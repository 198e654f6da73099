namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>Takes a batch back as a whole when one of its slots begins with an <c>r</c> that is in use.</summary>
internal sealed class SlotInUseException : Exception;
