namespace SecureDrop.Server.Storage;

/// <summary>The store cannot be used; the message is one sentence for whoever runs the server.</summary>
/// <param name="message">The sentence. It holds no secret and nothing of a request.</param>
/// <param name="inner">What the store's own library said, for a debugger.</param>
/// <param name="isAway">Whether it may work again by itself: a database that does not answer now.</param>
/// <param name="isFull">Whether room is all that it lacks.</param>
public sealed class StoreException(string message, Exception? inner = null, bool isAway = false, bool isFull = false) : Exception(message, inner)
{
    /// <summary>Whether the same may succeed when it is asked again in a while.</summary>
    public bool IsAway { get; } = isAway;

    /// <summary>Whether room is all that it lacks: sources are told that, and nobody has to do more than to make some.</summary>
    public bool IsFull { get; } = isFull;
}
