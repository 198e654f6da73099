namespace SecureDrop.Crypto.Rosters;

/// <summary>Why a roster, a recipient statement or a successor is refused.</summary>
public enum RosterCheck
{
    /// <summary>The text is not JSON as this project spells it, or a member is missing or of another type.</summary>
    Malformed,

    /// <summary>The text is of another format or of a later version.</summary>
    Format,

    /// <summary>It requires something this version cannot do.</summary>
    Requires,

    /// <summary>A rule of the format is broken: number of reviewers, equal keys or ids, days in the wrong order.</summary>
    Rule,

    /// <summary>The signature is not in minisign's format, or not prehashed.</summary>
    SignatureFormat,

    /// <summary>Signed by another key than the one whose turn it is.</summary>
    KeyNumber,

    /// <summary>The signature does not fit.</summary>
    Signature,

    /// <summary>The signature was made for another purpose.</summary>
    Purpose,

    /// <summary>A successor does not follow the key before it.</summary>
    Chain,

    /// <summary>A key stands in the chain twice.</summary>
    ChainRepeats,

    /// <summary>The key in the link does not stand in the chain.</summary>
    Link,

    /// <summary>The statement names another drop.</summary>
    DropKey,

    /// <summary>Not a higher version, or serial, than the one already there.</summary>
    Version,

    /// <summary>It has ended.</summary>
    Expired,

    /// <summary>Its first day and its last are more than 31 days apart, or it begins too far ahead.</summary>
    Span,

    /// <summary>The signer is not a reviewer of the present roster.</summary>
    Reviewer,

    /// <summary>The drop key is not the one pinned in the server's configuration.</summary>
    Pinned,

    /// <summary>More statements than are kept.</summary>
    TooMany,
}

/// <summary>One sentence a reason, for a person.</summary>
public static class RosterChecks
{
    /// <summary>The sentence.</summary>
    public static string Sentence(this RosterCheck check) => check switch
    {
        RosterCheck.Malformed => "The text is not JSON as this program spells it, or a member is missing or of another type.",
        RosterCheck.Format => "The text is of another kind or of a later version: update this program.",
        RosterCheck.Requires => "The roster requires something that this version cannot do: update this program.",
        RosterCheck.Rule => "The roster breaks a rule of its format.",
        RosterCheck.SignatureFormat => "The signature is not a prehashed minisign signature of four lines.",
        RosterCheck.KeyNumber => "It was signed by another key than the one whose turn it is.",
        RosterCheck.Signature => "The signature does not fit: the text or the signature was changed.",
        RosterCheck.Purpose => "The signature was made for another purpose.",
        RosterCheck.Chain => "A successor does not follow the key before it, so the drop key cannot be traced to the first one.",
        RosterCheck.ChainRepeats => "A key stands twice among the drop's keys.",
        RosterCheck.Link => "This drop's keys do not lead to the key in the link: the link is of another drop, or the server is not to be trusted.",
        RosterCheck.DropKey => "It was made for another drop.",
        RosterCheck.Version => "It is not newer than the one already there: give it a higher number.",
        RosterCheck.Expired => "It has ended: issue a new one.",
        RosterCheck.Span => "A recipient may serve at most 31 days, and be announced at most 31 days ahead.",
        RosterCheck.Reviewer => "It was not signed by a reviewer of the present roster.",
        RosterCheck.Pinned => "The drop key is not the one in the server's configuration.",
        RosterCheck.TooMany => "There are more statements than a server keeps.",
        _ => throw new ArgumentOutOfRangeException(nameof(check)),
    };
}

/// <summary>A roster, recipient statement or successor that is refused, and why.</summary>
public sealed class RosterException : Exception
{
    /// <summary>With the check's sentence, and a detail that holds nothing of the text itself.</summary>
    public RosterException(RosterCheck check, string? detail = null, Exception? inner = null)
        : base(detail is null ? check.Sentence() : $"{check.Sentence()} {detail}", inner) => Check = check;

    /// <summary>The check that failed.</summary>
    public RosterCheck Check { get; }
}
