using System.Security.Cryptography;

namespace SecureDrop.Crypto.Age.Recipients;

/// <summary>HPKE's key schedule in base mode for the one suite that age's hybrid recipients use; a context seals one message, so sequence number 0.</summary>
/// <remarks>RFC 9180, sections 4 and 5.1, with KEM 0x647a (MLKEM768-X25519), KDF 0x0001 (HKDF-SHA256), AEAD 0x0003 (ChaCha20Poly1305).</remarks>
internal static class HybridHpke
{
    private const int HashSizeInBytes = 32;
    private const byte ModeBase = 0;

    // mode ‖ psk_id_hash ‖ info_hash: the same for every file, as age has no pre-shared key and one info.
    private static readonly byte[] KeyScheduleContext = CreateKeyScheduleContext();

    private static ReadOnlySpan<byte> Version => "HPKE-v1"u8;

    private static ReadOnlySpan<byte> SuiteId => [(byte)'H', (byte)'P', (byte)'K', (byte)'E', 0x64, 0x7a, 0x00, 0x01, 0x00, 0x03];

    private static ReadOnlySpan<byte> Info => "age-encryption.org/mlkem768x25519"u8;

    internal static void DeriveKeyAndNonce(ReadOnlySpan<byte> sharedSecret, Span<byte> key, Span<byte> nonce)
    {
        Span<byte> secret = stackalloc byte[HashSizeInBytes];
        LabeledExtract(salt: sharedSecret, "secret"u8, inputKey: [], secret);
        LabeledExpand(secret, "key"u8, KeyScheduleContext, key);
        LabeledExpand(secret, "base_nonce"u8, KeyScheduleContext, nonce);
        CryptographicOperations.ZeroMemory(secret);
    }

    private static byte[] CreateKeyScheduleContext()
    {
        byte[] context = new byte[1 + HashSizeInBytes + HashSizeInBytes];
        context[0] = ModeBase;
        LabeledExtract(salt: [], "psk_id_hash"u8, inputKey: [], context.AsSpan(1, HashSizeInBytes));
        LabeledExtract(salt: [], "info_hash"u8, Info, context.AsSpan(1 + HashSizeInBytes));
        return context;
    }

    private static void LabeledExtract(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> label, ReadOnlySpan<byte> inputKey, Span<byte> output)
    {
        byte[] labeledInput = [.. Version, .. SuiteId, .. label, .. inputKey];
        HKDF.Extract(HashAlgorithmName.SHA256, labeledInput, salt, output);
    }

    private static void LabeledExpand(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> info, Span<byte> output)
    {
        byte[] labeledInfo = [(byte)(output.Length >> 8), (byte)output.Length, .. Version, .. SuiteId, .. label, .. info];
        HKDF.Expand(HashAlgorithmName.SHA256, secret, output, labeledInfo);
    }
}
