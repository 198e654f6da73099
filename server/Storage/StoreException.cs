namespace SecureDrop.Server.Storage;

/// <summary>The store cannot be used; the message is one sentence for whoever runs the server.</summary>
public sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);
