using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Replies;

/// <summary>Joins parts. Ids belong to their signer, so that no reviewer can get in the way of another's reply.</summary>
internal sealed class ReplyAssembly
{
    private readonly Dictionary<(MinisignPublicKey Signer, string Id), SortedDictionary<int, SignedReply>> _messages = [];
    private readonly List<SortedDictionary<int, SignedReply>> _inOrder = [];

    /// <summary>Takes a reply that checked.</summary>
    /// <exception cref="ReplyException">It disagrees with a part that came before it.</exception>
    public void Add(SignedReply signed)
    {
        Reply reply = signed.Reply;
        // A filler is for nobody: not even one that its signer sealed to this source has anything to say.
        if (reply.Kind == ReplyKind.Filler)
        {
            return;
        }
        if (!_messages.TryGetValue((signed.Signer.SigningKey, reply.Id), out SortedDictionary<int, SignedReply>? parts))
        {
            parts = [];
            _messages.Add((signed.Signer.SigningKey, reply.Id), parts);
            _inOrder.Add(parts);
        }
        else if (parts.Values.First().Reply is { } first && (first.Parts != reply.Parts || first.Day != reply.Day || first.Kind != reply.Kind))
        {
            throw new ReplyException(ReplyCheck.Part, "It disagrees with another part of its message.");
        }
        // The same part again is what a batch that was posted anew leaves behind; other words under its number are not.
        if (!parts.TryAdd(reply.Part, signed) && parts[reply.Part].Reply.Message != reply.Message)
        {
            throw new ReplyException(ReplyCheck.Part, "It repeats a part with other words.");
        }
    }

    public IReadOnlyList<ShownReply> Shown() =>
    [
        .. _inOrder
            .Select(Join)
            .OrderBy(reply => reply.Day)
            .ThenBy(reply => reply.Kind == ReplyKind.Receipt ? 0 : 1),
    ];

    private static ShownReply Join(SortedDictionary<int, SignedReply> parts)
    {
        SignedReply first = parts.Values.First();
        return new ShownReply(
            first.Reply.Day,
            first.Signer,
            first.Reply.Id,
            first.Reply.Kind,
            string.Concat(parts.Values.Select(part => part.Reply.Message)),
            first.Reply.Parts,
            [.. Enumerable.Range(1, first.Reply.Parts).Where(part => !parts.ContainsKey(part))]);
    }
}
