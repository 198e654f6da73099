using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using NSec.Cryptography;
using IncrementalHash = NSec.Cryptography.IncrementalHash;

namespace SecureDrop.Crypto.Minisign;

/// <summary>
/// Stock minisign's secret key file: a comment line, then base64 of 158 bytes: <c>Ed</c> ‖ <c>Sc</c> or two NULs (no passphrase) ‖ <c>B2</c> ‖
/// scrypt's salt (32) ‖ opslimit ‖ memlimit (8 each, little endian) ‖ key number (8) ‖ Ed25519 seed (32) ‖ public key (32) ‖ BLAKE2b-256 of
/// <c>Ed</c> ‖ key number ‖ seed ‖ public key (32), the last 104 bytes XORed with scrypt of the passphrase.
/// </summary>
public static class MinisignSecretKeyFile
{
    private const int SizeInBytes = 158;
    private const int SaltAt = 6;
    private const int SaltSizeInBytes = 32;
    private const int OperationsAt = SaltAt + SaltSizeInBytes;
    private const int MemoryAt = OperationsAt + 8;
    private const int SecretAt = MemoryAt + 8;
    private const int SecretSizeInBytes = SizeInBytes - SecretAt;
    private const int SeedAt = SecretAt + MinisignPublicKey.KeyNumberSizeInBytes;
    private const int PublicKeyAt = SeedAt + MinisignKeyPair.SeedSizeInBytes;
    private const int ChecksumAt = PublicKeyAt + MinisignPublicKey.SizeInBytes;

    /// <summary>Writes a file without passphrase, as <c>minisign -G -W</c> does: UTF-8, to be wiped by the caller.</summary>
    public static byte[] Write(MinisignKeyPair keys) => WriteCore(keys, default, null);

    /// <summary>Writes a file masked by a passphrase (UTF-8, at least one byte); <paramref name="limits"/> are stock minisign's unless given.</summary>
    /// <exception cref="ArgumentException">The passphrase is empty.</exception>
    public static byte[] Write(MinisignKeyPair keys, ReadOnlySpan<byte> passphrase, MinisignScryptLimits? limits = null) =>
        passphrase.IsEmpty ? throw new ArgumentException("The passphrase is empty.", nameof(passphrase)) : WriteCore(keys, passphrase, limits ?? MinisignScryptLimits.Stock);

    /// <summary>True when the file's key is masked by a passphrase.</summary>
    /// <exception cref="FormatException">Not a secret key file.</exception>
    public static bool NeedsPassphrase(ReadOnlySpan<byte> file)
    {
        byte[] key = Decode(file);
        bool needs = IsMasked(key);
        CryptographicOperations.ZeroMemory(key);
        return needs;
    }

    /// <summary>Reads a file; the passphrase is ignored where the file has none.</summary>
    /// <exception cref="FormatException">Not a secret key file, a wrong passphrase, or a key number that is not this key's (a key made by
    /// <c>minisign -G</c> has a random one and is not taken).</exception>
    public static MinisignKeyPair Read(ReadOnlySpan<byte> file, ReadOnlySpan<byte> passphrase = default)
    {
        byte[] key = Decode(file);
        try
        {
            bool masked = IsMasked(key);
            if (masked)
            {
                Mask(key, passphrase, new(BinaryPrimitives.ReadUInt64LittleEndian(key.AsSpan(OperationsAt)), BinaryPrimitives.ReadUInt64LittleEndian(key.AsSpan(MemoryAt))));
            }
            // Stock minisign leaves the checksum of a file without passphrase zero; seed and public key are compared below in any case.
            bool withoutChecksum = !masked && !key.AsSpan(ChecksumAt).ContainsAnyExcept((byte)0);
            if (!withoutChecksum && !CryptographicOperations.FixedTimeEquals(Checksum(key), key.AsSpan(ChecksumAt)))
            {
                throw new FormatException(masked ? "The passphrase is wrong, or the key file is damaged." : "The key file is damaged.");
            }
            MinisignKeyPair keys = MinisignKeyPair.FromSeed(key.AsSpan(SeedAt, MinisignKeyPair.SeedSizeInBytes));
            if (keys.PublicKey.Bytes.SequenceEqual(key.AsSpan(PublicKeyAt, MinisignPublicKey.SizeInBytes))
                && keys.PublicKey.KeyNumber.SequenceEqual(key.AsSpan(SecretAt, MinisignPublicKey.KeyNumberSizeInBytes)))
            {
                return keys;
            }
            keys.Dispose();
            throw new FormatException("The key number is not that of the key: a key made by another program cannot be used here.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static byte[] WriteCore(MinisignKeyPair keys, ReadOnlySpan<byte> passphrase, MinisignScryptLimits? limits)
    {
        ArgumentNullException.ThrowIfNull(keys);
        byte[] key = new byte[SizeInBytes];
        "Ed"u8.CopyTo(key);
        "B2"u8.CopyTo(key.AsSpan(4));
        keys.PublicKey.KeyNumber.CopyTo(key.AsSpan(SecretAt));
        keys.CopySeedTo(key.AsSpan(SeedAt, MinisignKeyPair.SeedSizeInBytes));
        keys.PublicKey.Bytes.CopyTo(key.AsSpan(PublicKeyAt));
        Checksum(key).CopyTo(key.AsSpan(ChecksumAt));
        if (limits is not null)
        {
            "Sc"u8.CopyTo(key.AsSpan(2));
            RandomNumberGenerator.Fill(key.AsSpan(SaltAt, SaltSizeInBytes));
            BinaryPrimitives.WriteUInt64LittleEndian(key.AsSpan(OperationsAt), limits.Operations);
            BinaryPrimitives.WriteUInt64LittleEndian(key.AsSpan(MemoryAt), limits.MemoryInBytes);
            Mask(key, passphrase, limits);
        }
        ReadOnlySpan<byte> comment = limits is null ? "untrusted comment: minisign secret key\n"u8 : "untrusted comment: minisign encrypted secret key\n"u8;
        byte[] file = new byte[comment.Length + Base64.GetMaxEncodedToUtf8Length(SizeInBytes) + 1];
        comment.CopyTo(file);
        Base64.EncodeToUtf8(key, file.AsSpan(comment.Length), out _, out _);
        file[^1] = (byte)'\n';
        CryptographicOperations.ZeroMemory(key);
        return file;
    }

    private static byte[] Decode(ReadOnlySpan<byte> file)
    {
        int endOfComment = file.IndexOf((byte)'\n');
        byte[] key = new byte[SizeInBytes];
        if (endOfComment < 0 || !file.StartsWith("untrusted comment: "u8)
            || Base64.DecodeFromUtf8(file[(endOfComment + 1)..].TrimEnd("\r\n"u8), key, out _, out int size) != System.Buffers.OperationStatus.Done
            || size != SizeInBytes || !key.AsSpan().StartsWith("Ed"u8) || !key.AsSpan(4).StartsWith("B2"u8))
        {
            CryptographicOperations.ZeroMemory(key);
            throw new FormatException("This is not a minisign secret key file: two lines, a comment and the key.");
        }
        return key;
    }

    private static bool IsMasked(ReadOnlySpan<byte> key) => key.Slice(2, 2) switch
    {
        [(byte)'S', (byte)'c'] => true,
        [0, 0] => false,
        _ => throw new FormatException("The key file uses a passphrase function that is not known."),
    };

    private static byte[] Checksum(ReadOnlySpan<byte> key)
    {
        IncrementalHash.Initialize(NSec.Cryptography.HashAlgorithm.Blake2b_256, out IncrementalHash state);
        IncrementalHash.Update(ref state, key[..2]);
        IncrementalHash.Update(ref state, key[SecretAt..ChecksumAt]);
        return IncrementalHash.Finalize(ref state);
    }

    private static void Mask(Span<byte> key, ReadOnlySpan<byte> passphrase, MinisignScryptLimits limits)
    {
        (long cost, int blockSize, int parallelization) = limits.Parameters();
        var scrypt = PasswordBasedKeyDerivationAlgorithm.Scrypt(new ScryptParameters { Cost = cost, BlockSize = blockSize, Parallelization = parallelization });
        byte[] mask = scrypt.DeriveBytes(passphrase, key.Slice(SaltAt, SaltSizeInBytes), SecretSizeInBytes);
        for (int i = 0; i < SecretSizeInBytes; i++)
        {
            key[SecretAt + i] ^= mask[i];
        }
        CryptographicOperations.ZeroMemory(mask);
    }
}
