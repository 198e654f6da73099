using System.Runtime.InteropServices;

namespace SecureDrop.Crypto.Interop;

/// <remarks>libsodium <c>crypto_kem_xwing.h</c>: X-Wing, draft-connolly-cfrg-xwing-kem.</remarks>
internal static partial class LibSodium
{
    [LibraryImport(Library)]
    internal static partial int crypto_kem_xwing_seed_keypair(Span<byte> publicKey, Span<byte> secretKey, SecretBytes seed);

    [LibraryImport(Library)]
    internal static partial int crypto_kem_xwing_enc(Span<byte> ciphertext, Span<byte> sharedSecret, ReadOnlySpan<byte> publicKey);

    [LibraryImport(Library)]
    internal static partial int crypto_kem_xwing_dec(Span<byte> sharedSecret, ReadOnlySpan<byte> ciphertext, SecretBytes secretKey);

    [LibraryImport(Library)]
    internal static partial nuint crypto_kem_xwing_publickeybytes();

    [LibraryImport(Library)]
    internal static partial nuint crypto_kem_xwing_secretkeybytes();

    [LibraryImport(Library)]
    internal static partial nuint crypto_kem_xwing_ciphertextbytes();

    [LibraryImport(Library)]
    internal static partial nuint crypto_kem_xwing_sharedsecretbytes();

    [LibraryImport(Library)]
    internal static partial nuint crypto_kem_xwing_seedbytes();
}
