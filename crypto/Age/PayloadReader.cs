namespace SecureDrop.Crypto.Age;

/// <summary>Opens the chunks of a payload in their order, and knows when the payload has really ended.</summary>
/// <remarks>C2SP age, "Payload".</remarks>
internal sealed class PayloadReader : IDisposable
{
    private const int SealedChunkSizeInBytes = AgeSizes.ChunkSizeInBytes + AgeSizes.TagSizeInBytes;

    private readonly ChunkCipher _cipher;

    // One byte more than a chunk: only when it is there is a full chunk known not to be the last.
    private readonly byte[] _input = new byte[SealedChunkSizeInBytes + 1];
    private int _length;
    private bool _sourceEnded;
    private ulong _chunkIndex;
    private string? _problem;

    internal PayloadReader(ChunkCipher cipher, ReadOnlySpan<byte> start)
    {
        _cipher = cipher;
        start.CopyTo(_input);
        _length = start.Length;
    }

    /// <summary>Whether the final chunk was opened and nothing follows it.</summary>
    internal bool Ended { get; private set; }

    /// <summary>Whether more sealed bytes are needed before <see cref="OpenNext"/>.</summary>
    internal bool NeedsInput => !Ended && _problem is null && !_sourceEnded && _length < _input.Length;

    /// <summary>Where the next sealed bytes go.</summary>
    internal Memory<byte> Free => _input.AsMemory(_length);

    /// <summary>Takes note of bytes that were put into <see cref="Free"/>; 0 at the end of the file.</summary>
    internal void Advance(int count)
    {
        _length += count;
        _sourceEnded |= count == 0;
    }

    /// <summary>Opens the next chunk.</summary>
    /// <param name="plaintext">At least 65,536 bytes.</param>
    /// <returns>Bytes of authentic plaintext; 0 only if the payload has <see cref="Ended"/>.</returns>
    /// <exception cref="AgeFormatException">The chunk failed; from then on always.</exception>
    internal int OpenNext(Span<byte> plaintext)
    {
        if (_problem is not null)
        {
            throw new AgeFormatException(AgeFailure.Payload, _problem);
        }

        if (Ended)
        {
            return 0;
        }

        bool moreFollows = _length > SealedChunkSizeInBytes;
        int sealedSize = Math.Min(_length, SealedChunkSizeInBytes);
        int size = sealedSize - AgeSizes.TagSizeInBytes;
        if (size < 0 || (size == 0 && _chunkIndex > 0))
        {
            throw Fail(size < 0 ? "The file is truncated." : "The final chunk is empty, which no writer makes.");
        }

        ReadOnlySpan<byte> sealedChunk = _input.AsSpan(0, sealedSize);
        if (_cipher.TryOpen(_chunkIndex, final: !moreFollows, sealedChunk, plaintext[..size]))
        {
            Ended = !moreFollows;
        }
        else if (size == AgeSizes.ChunkSizeInBytes && _cipher.TryOpen(_chunkIndex, final: moreFollows, sealedChunk, plaintext[..size]))
        {
            // The chunk is the sender's, but what comes after it is not: it is released, the file is not accepted.
            _problem = moreFollows ? "Something follows the final chunk." : "The file is truncated: its final chunk is missing.";
        }
        else
        {
            throw Fail(moreFollows ? "A chunk was changed." : "The last chunk was changed or truncated.");
        }

        _chunkIndex++;
        _input.AsSpan(sealedSize, _length - sealedSize).CopyTo(_input);
        _length -= sealedSize;
        return size;
    }

    public void Dispose() => _cipher.Dispose();

    private AgeFormatException Fail(string problem)
    {
        _problem = problem;
        return new AgeFormatException(AgeFailure.Payload, problem);
    }
}
