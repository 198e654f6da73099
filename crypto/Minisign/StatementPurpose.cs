namespace SecureDrop.Crypto.Minisign;

/// <summary>What a signature is for. It stands in the trusted comment, which is signed too, so that none serves for another.</summary>
public enum StatementPurpose
{
    /// <summary>A roster, signed by the drop key.</summary>
    Roster,

    /// <summary>The next drop key, signed by the present one.</summary>
    Successor,

    /// <summary>A reviewer's own new recipient, signed by the reviewer's signing key.</summary>
    Recipient,

    /// <summary>A report, signed by the source's conversation key.</summary>
    Report,

    /// <summary>A reply, signed by the reviewer's signing key.</summary>
    Reply,

    /// <summary>A login, signed by the reviewer's session key.</summary>
    Session,
}

/// <summary>The spelling of purposes.</summary>
public static class StatementPurposes
{
    /// <summary>The trusted comment of a purpose, such as <c>securedrop/1 roster</c>: compared exactly.</summary>
    public static string TrustedComment(this StatementPurpose purpose) => purpose switch
    {
        StatementPurpose.Roster => "securedrop/1 roster",
        StatementPurpose.Successor => "securedrop/1 successor",
        StatementPurpose.Recipient => "securedrop/1 recipient",
        StatementPurpose.Report => "securedrop/1 report",
        StatementPurpose.Reply => "securedrop/1 reply",
        StatementPurpose.Session => "securedrop/1 session",
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };
}
