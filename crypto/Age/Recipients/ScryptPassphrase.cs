using System.Security.Cryptography;
using SecureDrop.Crypto.Interop;

namespace SecureDrop.Crypto.Age.Recipients;

/// <summary>A passphrase, both to seal with (alone) and to open with. Lies in guarded memory until disposed.</summary>
/// <remarks>C2SP age, "The scrypt recipient type"; RFC 7914 with r = 8, p = 1: 1,024 · N bytes of memory.</remarks>
public sealed class ScryptPassphrase : IAgeRecipient, IAgeIdentity, IDisposable
{
    /// <summary>The stanza's type.</summary>
    public const string StanzaType = "scrypt";

    /// <summary>Stock age's own work factor: N = 2^18, about a second and 256 MiB.</summary>
    public const int DefaultWorkFactorLog2 = 18;

    /// <summary>The greatest work factor that is read unless set otherwise: N = 2^20, 1 GiB. More is somebody's attempt to stall the reader.</summary>
    public const int DefaultMaxWorkFactorLog2 = 20;

    /// <summary>The greatest work factor that can be asked for: N = 2^22, 4 GiB.</summary>
    public const int LargestWorkFactorLog2 = 22;

    private const int SaltSizeInBytes = 16;
    private const uint BlockSize = 8;
    private const uint Parallelism = 1;

    private readonly SecretBytes _passphrase;
    private readonly int _workFactorLog2;
    private readonly int _maxWorkFactorLog2;

    /// <summary>Takes a passphrase.</summary>
    /// <param name="utf8Passphrase">UTF-8 bytes as typed, not empty; copied, the caller wipes its own.</param>
    /// <param name="workFactorLog2">log2 N for sealing, 1 to <see cref="LargestWorkFactorLog2"/>.</param>
    /// <param name="maxWorkFactorLog2">The greatest log2 N accepted for opening, 1 to <see cref="LargestWorkFactorLog2"/>.</param>
    /// <exception cref="ArgumentException">Empty passphrase, or a work factor out of range.</exception>
    public ScryptPassphrase(ReadOnlySpan<byte> utf8Passphrase, int workFactorLog2 = DefaultWorkFactorLog2, int maxWorkFactorLog2 = DefaultMaxWorkFactorLog2)
    {
        RequireWorkFactor(workFactorLog2, nameof(workFactorLog2));
        RequireWorkFactor(maxWorkFactorLog2, nameof(maxWorkFactorLog2));
        _passphrase = SecretBytes.Copy(utf8Passphrase);
        _workFactorLog2 = workFactorLog2;
        _maxWorkFactorLog2 = maxWorkFactorLog2;
    }

    private static ReadOnlySpan<byte> SaltLabel => "age-encryption.org/v1/scrypt"u8;

    /// <inheritdoc/>
    public AgeStanza Wrap(ReadOnlySpan<byte> fileKey)
    {
        FileKeyWrap.RequireFileKeySize(fileKey.Length);
        byte[] salt = RandomNumberGenerator.GetBytes(SaltSizeInBytes);
        Span<byte> wrapKey = stackalloc byte[FileKeyWrap.KeySizeInBytes];
        DeriveWrapKey(salt, _workFactorLog2, wrapKey);
        byte[] body = FileKeyWrap.Wrap(wrapKey, FileKeyWrap.ZeroNonce, fileKey);
        CryptographicOperations.ZeroMemory(wrapKey);
        return new AgeStanza(StanzaType, [UnpaddedBase64.Encode(salt), $"{_workFactorLog2}"], body);
    }

    /// <inheritdoc/>
    public bool TryUnwrap(IReadOnlyList<AgeStanza> stanzas, Span<byte> fileKey)
    {
        ArgumentNullException.ThrowIfNull(stanzas);
        FileKeyWrap.RequireFileKeySize(fileKey.Length);
        RecipientRules.RequirePassphraseAlone(stanzas);
        if (stanzas.Count == 0 || stanzas[0].Type != StanzaType)
        {
            return false;
        }

        AgeStanza stanza = stanzas[0];
        if (stanza.Arguments.Count != 2
            || stanza.Body.Length != FileKeyWrap.SizeInBytes
            || !UnpaddedBase64.TryDecode(stanza.Arguments[0], out byte[]? salt)
            || salt.Length != SaltSizeInBytes)
        {
            throw new AgeFormatException(AgeFailure.Header, "A passphrase stanza is malformed.");
        }

        int workFactorLog2 = ReadWorkFactor(stanza.Arguments[1]);
        Span<byte> wrapKey = stackalloc byte[FileKeyWrap.KeySizeInBytes];
        DeriveWrapKey(salt, workFactorLog2, wrapKey);
        bool opened = FileKeyWrap.TryUnwrap(wrapKey, FileKeyWrap.ZeroNonce, stanza.Body.Span, fileKey);
        CryptographicOperations.ZeroMemory(wrapKey);
        return opened;
    }

    /// <summary>Wipes the passphrase.</summary>
    public void Dispose() => _passphrase.Dispose();

    /// <summary>Never the secret.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(ScryptPassphrase);

    private static void RequireWorkFactor(int workFactorLog2, string parameterName)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workFactorLog2, 1, parameterName);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(workFactorLog2, LargestWorkFactorLog2, parameterName);
    }

    private int ReadWorkFactor(string text)
    {
        // Decimal digits without sign, space or leading zero: int.Parse alone would take more.
        if (text.AsSpan().ContainsAnyExceptInRange('0', '9') || text[0] == '0')
        {
            throw new AgeFormatException(AgeFailure.Header, "A passphrase stanza's work factor is not a decimal number.");
        }

        return text.Length <= 2 && int.Parse(text) is int log2 && log2 <= _maxWorkFactorLog2
            ? log2
            : throw new AgeFormatException(AgeFailure.Header, $"A passphrase stanza's work factor is higher than 2^{_maxWorkFactorLog2}.");
    }

    private void DeriveWrapKey(ReadOnlySpan<byte> salt, int workFactorLog2, Span<byte> wrapKey)
    {
        byte[] labeledSalt = [.. SaltLabel, .. salt];
        int result = LibSodium.crypto_pwhash_scryptsalsa208sha256_ll(
            _passphrase, (nuint)_passphrase.SizeInBytes, labeledSalt, (nuint)labeledSalt.Length, 1UL << workFactorLog2, BlockSize, Parallelism, wrapKey, (nuint)wrapKey.Length);
        if (result != 0)
        {
            throw new CryptographicException($"Turning the passphrase into a key needs {1UL << workFactorLog2 >> 10} MiB of free memory.");
        }
    }
}
