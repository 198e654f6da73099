using System.Runtime.InteropServices;

namespace SecureDrop.Crypto.Interop;

/// <remarks>libsodium <c>crypto_pwhash_scryptsalsa208sha256.h</c>: scrypt, RFC 7914, with a salt of any size (NSec insists on 32 bytes, age needs 44).</remarks>
internal static partial class LibSodium
{
    [LibraryImport(Library)]
    internal static partial int crypto_pwhash_scryptsalsa208sha256_ll(
        SecretBytes passphrase, nuint passphraseSize, ReadOnlySpan<byte> salt, nuint saltSize, ulong n, uint r, uint p, Span<byte> output, nuint outputSize);
}
