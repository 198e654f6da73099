namespace SecureDrop.Crypto.Minisign;

/// <summary>Where the checking of a signature stopped; checks are made in this order.</summary>
public enum SignatureCheck
{
    /// <summary>Not four lines in minisign's spelling with canonical base64.</summary>
    Format,

    /// <summary>Not prehashed: the legacy algorithm <c>Ed</c>, or an unknown one.</summary>
    Algorithm,

    /// <summary>Made by another key, by its key number.</summary>
    KeyNumber,

    /// <summary>The signature of the bytes, or that of the trusted comment, does not verify.</summary>
    Signature,

    /// <summary>A true signature, made for another purpose.</summary>
    Purpose,
}

/// <summary>A signature that is not one of these bytes, by this key, for this purpose.</summary>
public sealed class SignatureException : Exception
{
    internal SignatureException(SignatureCheck check) : base(Sentence(check)) => Check = check;

    /// <summary>The check that failed.</summary>
    public SignatureCheck Check { get; }

    private static string Sentence(SignatureCheck check) => check switch
    {
        SignatureCheck.Format => "The signature is not in minisign's format: four lines, each ended by one line feed.",
        SignatureCheck.Algorithm => "The signature is not a prehashed one (ED): sign without minisign's option -l.",
        SignatureCheck.KeyNumber => "The signature was made by another key.",
        SignatureCheck.Signature => "The signature does not fit: the bytes, the trusted comment or the signature were changed.",
        SignatureCheck.Purpose => "The signature was made for another purpose.",
        _ => throw new ArgumentOutOfRangeException(nameof(check)),
    };
}
