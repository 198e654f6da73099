namespace SecureDrop.Crypto.Replies;

/// <summary>A sealed reply was refused: it is counted, never shown. The message repeats nothing of it.</summary>
public sealed class ReplyException(ReplyCheck check, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The first check that did not hold.</summary>
    public ReplyCheck Check { get; } = check;
}
