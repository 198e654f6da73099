using System.Security.Cryptography;

namespace SecureDrop.Crypto.Age;

/// <summary>What is derived from a file key, by HKDF-SHA-256.</summary>
/// <remarks>C2SP age, "Header MAC" and "Payload".</remarks>
internal static class AgeKeys
{
    internal const int PayloadKeySizeInBytes = 32;

    internal static void ComputeHeaderMac(ReadOnlySpan<byte> fileKey, ReadOnlySpan<byte> authenticated, Span<byte> mac)
    {
        Span<byte> key = stackalloc byte[AgeHeader.MacSizeInBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, fileKey, key, salt: [], AgeText.HeaderKeyInfo);
        HMACSHA256.HashData(key, authenticated, mac);
        CryptographicOperations.ZeroMemory(key);
    }

    internal static ChunkCipher CreatePayloadCipher(ReadOnlySpan<byte> fileKey, ReadOnlySpan<byte> payloadNonce)
    {
        Span<byte> key = stackalloc byte[PayloadKeySizeInBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, fileKey, key, payloadNonce, AgeText.PayloadKeyInfo);
        var cipher = new ChunkCipher(key);
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }
}
