namespace SecureDrop.Crypto.Minisign;

/// <summary>Constants of minisign's files (jedisct1.github.io/minisign, "Signature format", "Secret key format").</summary>
internal static class MinisignFormat
{
    public const string UntrustedCommentPrefix = "untrusted comment: ";
    public const string TrustedCommentPrefix = "trusted comment: ";

    /// <summary>The untrusted comment this project writes; nobody compares it.</summary>
    public const string UntrustedComment = "securedrop/1";

    /// <summary>Stock minisign reads lines into buffers of 1,024 and 8,192 bytes, prefix and end included.</summary>
    public const int LongestUntrustedCommentInBytes = 1024 - 2 - 19;
    public const int LongestTrustedCommentInBytes = 8192 - 2 - 17;
}
