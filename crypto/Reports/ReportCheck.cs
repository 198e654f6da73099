namespace SecureDrop.Crypto.Reports;

/// <summary>The check at which a report was refused, in the order in which they are made.</summary>
public enum ReportCheck
{
    /// <summary>The age file: header, MAC, a chunk, the final chunk, bytes after it; or none of the identities opens it.</summary>
    Age,

    /// <summary>The archive: a header, padding, the end.</summary>
    Archive,

    /// <summary><c>report.json</c> does not parse, or is larger than it may be.</summary>
    ReportJson,

    /// <summary><c>report.json.minisig</c> is missing, malformed or does not verify.</summary>
    Signature,

    /// <summary>The signature is by another key than <c>conversation.signingKey</c>.</summary>
    KeyNumber,

    /// <summary>The signature was made for another purpose.</summary>
    Purpose,

    /// <summary>An attachment's path, length or digest; one too many or too few.</summary>
    Attachment,

    /// <summary>The plaintext is not of the smallest class for its archive.</summary>
    SizeClass,
}
