using System.Buffers;
using System.Security.Cryptography;
using SecureDrop.Crypto.Age.Recipients;

namespace SecureDrop.Crypto.Age;

/// <summary>From the first bytes of a file to the cipher of its payload: header, identity, MAC, payload nonce, in this order.</summary>
internal sealed class AgeUnlocker
{
    // Grown by steps no larger than a chunk, so that what was read beyond the header always fits the payload's buffer.
    private const int StepSizeInBytes = AgeSizes.ChunkSizeInBytes;

    private readonly AgeHeaderParser _parser = new();
    private byte[] _buffer = new byte[StepSizeInBytes];
    private int _length;

    /// <summary>Where the next bytes of the file go.</summary>
    internal Memory<byte> Free
    {
        get
        {
            if (_length == _buffer.Length)
            {
                Array.Resize(ref _buffer, _buffer.Length + StepSizeInBytes);
            }

            return _buffer.AsMemory(_length);
        }
    }

    internal AgeHeader Header => _parser.Header!;

    /// <summary>What was read beyond header and nonce: the beginning of the payload.</summary>
    internal ReadOnlySpan<byte> Rest => _buffer.AsSpan((Header.SizeInBytes + AgeSizes.PayloadNonceSizeInBytes).._length);

    private ReadOnlySpan<byte> Nonce => _buffer.AsSpan(Header.SizeInBytes, AgeSizes.PayloadNonceSizeInBytes);

    /// <summary>Takes note of bytes that were put into <see cref="Free"/>.</summary>
    /// <param name="count">Their number; 0 at the end of the file.</param>
    /// <returns>Whether header and nonce are complete.</returns>
    internal bool Advance(int count)
    {
        _length += count;
        if (_parser.Header is null && _parser.Advance(_buffer.AsSpan(0, _length)) == OperationStatus.InvalidData)
        {
            throw new AgeFormatException(AgeFailure.Header, _parser.Problem);
        }

        bool complete = _parser.Header is not null && _length >= Header.SizeInBytes + AgeSizes.PayloadNonceSizeInBytes;
        if (!complete && count == 0)
        {
            throw new AgeFormatException(AgeFailure.Header, "The file ends before its payload begins.");
        }

        return complete;
    }

    /// <returns>The cipher of the payload, and the index of the identity that opened the file.</returns>
    internal (ChunkCipher Cipher, int MatchedIdentity) Unlock(IReadOnlyList<IAgeIdentity> identities)
    {
        RecipientRules.RequirePassphraseAlone(Header.Stanzas);
        Span<byte> fileKey = stackalloc byte[AgeSizes.FileKeySizeInBytes];
        Span<byte> mac = stackalloc byte[AgeHeader.MacSizeInBytes];
        try
        {
            for (int i = 0; i < identities.Count; i++)
            {
                if (!identities[i].TryUnwrap(Header.Stanzas, fileKey))
                {
                    continue;
                }

                AgeKeys.ComputeHeaderMac(fileKey, Header.Authenticated, mac);
                if (!CryptographicOperations.FixedTimeEquals(mac, Header.Mac.Span))
                {
                    throw new AgeFormatException(AgeFailure.Hmac, "The header was changed after it was written: its MAC is wrong.");
                }

                return (AgeKeys.CreatePayloadCipher(fileKey, Nonce), i);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(fileKey);
        }

        throw new AgeFormatException(AgeFailure.NoMatch, "The file is not sealed to any of these identities.");
    }
}
