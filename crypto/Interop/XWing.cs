using System.Security.Cryptography;

namespace SecureDrop.Crypto.Interop;

/// <summary>The X-Wing key encapsulation (ML-KEM-768 with X25519) of libsodium, with sizes checked before every native call.</summary>
internal static class XWing
{
    internal const int PublicKeySizeInBytes = 1216;
    internal const int SeedSizeInBytes = 32;
    internal const int CiphertextSizeInBytes = 1120;
    internal const int SharedSecretSizeInBytes = 32;

    /// <summary>The secret key is the seed: libsodium expands it at every use.</summary>
    internal static void ComputePublicKey(SecretBytes seed, Span<byte> publicKey)
    {
        RequireSize(seed.SizeInBytes, SeedSizeInBytes);
        RequireSize(publicKey.Length, PublicKeySizeInBytes);
        LibSodium.EnsureInitialized();
        Span<byte> secretKey = stackalloc byte[SeedSizeInBytes];
        int result = LibSodium.crypto_kem_xwing_seed_keypair(publicKey, secretKey, seed);
        CryptographicOperations.ZeroMemory(secretKey);
        if (result != 0)
        {
            throw new CryptographicException("libsodium could not derive an X-Wing key pair.");
        }
    }

    /// <returns>False where nothing can be sealed to this key: coefficients out of range, or an X25519 point of low order.</returns>
    internal static bool TryEncapsulate(ReadOnlySpan<byte> publicKey, Span<byte> ciphertext, Span<byte> sharedSecret)
    {
        RequireSize(publicKey.Length, PublicKeySizeInBytes);
        RequireSize(ciphertext.Length, CiphertextSizeInBytes);
        RequireSize(sharedSecret.Length, SharedSecretSizeInBytes);
        LibSodium.EnsureInitialized();
        return LibSodium.crypto_kem_xwing_enc(ciphertext, sharedSecret, publicKey) == 0;
    }

    /// <returns>False where the X25519 part is a point of low order, for which every key gives the same secret: nobody made it honestly.</returns>
    internal static bool TryDecapsulate(SecretBytes seed, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret)
    {
        RequireSize(seed.SizeInBytes, SeedSizeInBytes);
        RequireSize(ciphertext.Length, CiphertextSizeInBytes);
        RequireSize(sharedSecret.Length, SharedSecretSizeInBytes);
        LibSodium.EnsureInitialized();
        return LibSodium.crypto_kem_xwing_dec(sharedSecret, ciphertext, seed) == 0;
    }

    /// <summary>A native library of another version must not read or write past our buffers.</summary>
    internal static void RequireNativeSizes()
    {
        RequireSize((int)LibSodium.crypto_kem_xwing_publickeybytes(), PublicKeySizeInBytes);
        RequireSize((int)LibSodium.crypto_kem_xwing_secretkeybytes(), SeedSizeInBytes);
        RequireSize((int)LibSodium.crypto_kem_xwing_seedbytes(), SeedSizeInBytes);
        RequireSize((int)LibSodium.crypto_kem_xwing_ciphertextbytes(), CiphertextSizeInBytes);
        RequireSize((int)LibSodium.crypto_kem_xwing_sharedsecretbytes(), SharedSecretSizeInBytes);
    }

    private static void RequireSize(int actual, int expected)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"X-Wing: a buffer has {actual} bytes where {expected} are needed.", nameof(actual));
        }
    }
}
