namespace SecureDrop.Crypto.Replies;

/// <summary>Values of <c>kind</c> in <c>reply.json</c>. Any other text is an unknown kind, shown as such.</summary>
public static class ReplyKind
{
    /// <summary>An answer.</summary>
    public const string Message = "message";

    /// <summary>Somebody has opened the conversation's first report.</summary>
    public const string Receipt = "receipt";

    /// <summary>About a reward.</summary>
    public const string Reward = "reward";

    /// <summary>The conversation is closed.</summary>
    public const string Closed = "closed";

    /// <summary>Says nothing, to nobody: it fills a batch up. Never shown.</summary>
    public const string Filler = "filler";
}
