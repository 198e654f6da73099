namespace SecureDrop.Crypto.Minisign;

/// <summary>
/// Stock minisign's secret key file: a comment line, then base64 of 158 bytes (algorithm, key derivation, checksum, scrypt's salt and
/// limits, key number, Ed25519 seed and public key, BLAKE2b-256 checksum), the last 104 of them masked by scrypt of a passphrase, or not.
/// </summary>
public static class MinisignSecretKeyFile
{
    /// <summary>Writes a file without passphrase, as <c>minisign -G -W</c> does: UTF-8, to be wiped by the caller.</summary>
    public static byte[] Write(MinisignKeyPair keys) => throw new NotSupportedException("Follows.");

    /// <summary>Writes a file masked by a passphrase (UTF-8). Stock's limits need 1 GiB of memory and some seconds.</summary>
    public static byte[] Write(MinisignKeyPair keys, ReadOnlySpan<byte> passphrase, MinisignScryptLimits? limits = null) => throw new NotSupportedException("Follows.");

    /// <summary>True when the file's key is masked by a passphrase.</summary>
    /// <exception cref="FormatException">Not a secret key file.</exception>
    public static bool NeedsPassphrase(ReadOnlySpan<byte> file) => throw new NotSupportedException("Follows.");

    /// <summary>Reads a file; the passphrase is ignored where the file has none.</summary>
    /// <exception cref="FormatException">Not a secret key file, a wrong passphrase, or a key number that is not this key's (a key made by
    /// stock minisign has a random one and is not taken).</exception>
    public static MinisignKeyPair Read(ReadOnlySpan<byte> file, ReadOnlySpan<byte> passphrase = default) => throw new NotSupportedException("Follows.");
}

/// <summary>libsodium's <c>opslimit</c> and <c>memlimit</c> of scrypt, as they stand in the file.</summary>
public sealed record MinisignScryptLimits(ulong Operations, ulong MemoryInBytes)
{
    /// <summary>What stock minisign writes: N = 2^20, r = 8, p = 1.</summary>
    public static MinisignScryptLimits Stock { get; } = new(33_554_432, 1_073_741_824);
}
