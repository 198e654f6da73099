namespace SecureDrop.Crypto.Replies;

/// <summary>A reply as a source sees it, its parts joined.</summary>
/// <param name="Day">The day of writing.</param>
/// <param name="Signer">Who signed it.</param>
/// <param name="Id">Its id, lower-case hex.</param>
/// <param name="Kind">See <see cref="ReplyKind"/>; an unknown one is shown as such.</param>
/// <param name="Message">The parts that are there, joined in order without separator.</param>
/// <param name="Parts">How many there are to be.</param>
/// <param name="MissingParts">Those that are not there, ascending, from 1.</param>
public sealed record ShownReply(
    DateOnly Day, ReplySigner Signer, string Id, string Kind, string Message, int Parts, IReadOnlyList<int> MissingParts)
{
    /// <summary>Never the message.</summary>
    public override string ToString() => nameof(ShownReply);
}
