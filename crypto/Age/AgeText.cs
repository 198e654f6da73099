namespace SecureDrop.Crypto.Age;

/// <summary>The fixed texts of the format.</summary>
internal static class AgeText
{
    internal static ReadOnlySpan<byte> VersionLine => "age-encryption.org/v1\n"u8;

    internal static ReadOnlySpan<byte> HeaderKeyInfo => "header"u8;

    internal static ReadOnlySpan<byte> PayloadKeyInfo => "payload"u8;
}
