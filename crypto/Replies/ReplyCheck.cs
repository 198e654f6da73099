namespace SecureDrop.Crypto.Replies;

/// <summary>The check at which a slot or a copy was refused, in the order in which they are made.</summary>
public enum ReplyCheck
{
    /// <summary>The age file, or none of the identities opens it.</summary>
    Age,

    /// <summary>Not exactly 8,192 bytes of the exact archive.</summary>
    Archive,

    /// <summary><c>reply.json</c> does not parse, or is larger than it may be.</summary>
    ReplyJson,

    /// <summary>Malformed, wrong or made for another purpose.</summary>
    Signature,

    /// <summary>Signed by nobody in the roster, or by a former reviewer after its last day.</summary>
    Signer,

    /// <summary>For another drop.</summary>
    DropKey,

    /// <summary>For another conversation.</summary>
    Conversation,

    /// <summary>Written after its dead drop's day, or more than 14 days before.</summary>
    Day,

    /// <summary>A part that disagrees with another of the same signer and id.</summary>
    Part,
}
