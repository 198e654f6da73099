using System.Security.Cryptography;
using SecureDrop.Crypto.Streaming;

namespace SecureDrop.Crypto.Age;

/// <summary>
/// Opens an age v1 file, in constant memory. Releases only authenticated chunks, and reports the end of the stream only after the
/// final chunk was verified and nothing follows it. Until then what was read may be a truncated file: keep it under a temporary name.
/// </summary>
/// <remarks>Reads of 64 KiB and more are opened straight into the caller's buffer; smaller ones are served from one of this stream's own.</remarks>
public sealed class AgeOpenStream : ReadOnlyStream
{
    private readonly Stream _source;
    private readonly bool _leaveOpen;
    private readonly PayloadReader _payload;
    private byte[]? _plaintext;
    private int _plaintextStart;
    private int _plaintextEnd;
    private long _position;
    private bool _disposed;

    private AgeOpenStream(Stream source, bool leaveOpen, AgeUnlocker unlocker, IReadOnlyList<IAgeIdentity> identities)
    {
        _source = source;
        _leaveOpen = leaveOpen;
        Header = unlocker.Header;
        (ChunkCipher cipher, MatchedIdentity) = unlocker.Unlock(identities);
        _payload = new PayloadReader(cipher, unlocker.Rest);
    }

    /// <summary>The header, whose MAC has been verified.</summary>
    public AgeHeader Header { get; }

    /// <summary>Index of the identity, in the list given to <see cref="Open"/>, that opened the file.</summary>
    public int MatchedIdentity { get; }

    /// <inheritdoc/>
    public override bool CanRead => !_disposed;

    /// <summary>Plaintext bytes released so far; cannot be set.</summary>
    /// <exception cref="NotSupportedException">When set.</exception>
    public override long Position => _position;

    /// <summary>Reads and verifies the header. The payload is then read from this stream, chunk by chunk.</summary>
    /// <param name="sealedBytes">The file, from its first byte (through <see cref="AgeArmor"/> if armored).</param>
    /// <param name="identities">Identities to try, in this order; at least one.</param>
    /// <param name="leaveOpen">Whether <paramref name="sealedBytes"/> stays open when this stream is disposed; it does where this throws.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="AgeFormatException">Malformed header, no identity that opens it, or a wrong MAC; while reading: a failed payload.</exception>
    /// <exception cref="ArgumentException">No identities, or a source that cannot be read.</exception>
    public static AgeOpenStream Open(Stream sealedBytes, IReadOnlyList<IAgeIdentity> identities, bool leaveOpen = false)
    {
        RequireArguments(sealedBytes, identities);
        var unlocker = new AgeUnlocker();
        while (!unlocker.Advance(sealedBytes.Read(unlocker.Free.Span)))
        {
        }

        return new AgeOpenStream(sealedBytes, leaveOpen, unlocker, identities);
    }

    /// <inheritdoc cref="Open"/>
    /// <param name="sealedBytes">The file, from its first byte (through <see cref="AgeArmor"/> if armored).</param>
    /// <param name="identities">Identities to try, in this order; at least one.</param>
    /// <param name="leaveOpen">Whether <paramref name="sealedBytes"/> stays open when this stream is disposed; it does where this throws.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public static async Task<AgeOpenStream> OpenAsync(
        Stream sealedBytes, IReadOnlyList<IAgeIdentity> identities, bool leaveOpen = false, CancellationToken cancellationToken = default)
    {
        RequireArguments(sealedBytes, identities);
        var unlocker = new AgeUnlocker();
        while (!unlocker.Advance(await sealedBytes.ReadAsync(unlocker.Free, cancellationToken)))
        {
        }

        return new AgeOpenStream(sealedBytes, leaveOpen, unlocker, identities);
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (NeedsChunk(buffer.Length))
        {
            while (_payload.NeedsInput)
            {
                _payload.Advance(_source.Read(_payload.Free.Span));
            }
        }

        return Release(buffer);
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (NeedsChunk(buffer.Length))
        {
            while (_payload.NeedsInput)
            {
                _payload.Advance(await _source.ReadAsync(_payload.Free, cancellationToken));
            }
        }

        return Release(buffer.Span);
    }

    /// <summary>Copies the plaintext through this stream's own buffer, never through a shared pool that would keep it.</summary>
    /// <param name="destination">Where it goes.</param>
    /// <param name="bufferSize">Ignored.</param>
    public override void CopyTo(Stream destination, int bufferSize)
    {
        ArgumentNullException.ThrowIfNull(destination);
        byte[] buffer = CreatePlaintextBuffer();
        for (int count; (count = Read(buffer)) > 0;)
        {
            destination.Write(buffer.AsSpan(0, count));
        }

        CryptographicOperations.ZeroMemory(buffer);
    }

    /// <inheritdoc cref="CopyTo"/>
    /// <param name="destination">Where it goes.</param>
    /// <param name="bufferSize">Ignored.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);
        byte[] buffer = CreatePlaintextBuffer();
        for (int count; (count = await ReadAsync(buffer, cancellationToken)) > 0;)
        {
            await destination.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }

        CryptographicOperations.ZeroMemory(buffer);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            CryptographicOperations.ZeroMemory(_plaintext);
            _payload.Dispose();
            if (!_leaveOpen)
            {
                _source.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private static byte[] CreatePlaintextBuffer() => GC.AllocateUninitializedArray<byte>(AgeSizes.ChunkSizeInBytes, pinned: true);

    private static void RequireArguments(Stream sealedBytes, IReadOnlyList<IAgeIdentity> identities)
    {
        ArgumentNullException.ThrowIfNull(sealedBytes);
        ArgumentNullException.ThrowIfNull(identities);
        if (identities.Count == 0)
        {
            throw new ArgumentException("Without an identity no file can be opened.", nameof(identities));
        }

        if (!sealedBytes.CanRead)
        {
            throw new ArgumentException("The sealed bytes cannot be read.", nameof(sealedBytes));
        }
    }

    private bool NeedsChunk(int wantedBytes) => wantedBytes > 0 && _plaintextStart == _plaintextEnd;

    private int Release(Span<byte> buffer)
    {
        int count;
        if (NeedsChunk(buffer.Length) && buffer.Length >= AgeSizes.ChunkSizeInBytes)
        {
            count = _payload.OpenNext(buffer);
        }
        else
        {
            if (NeedsChunk(buffer.Length))
            {
                _plaintextEnd = _plaintextStart = 0;
                _plaintextEnd = _payload.OpenNext(_plaintext ??= CreatePlaintextBuffer());
            }

            count = Math.Min(buffer.Length, _plaintextEnd - _plaintextStart);
            _plaintext.AsSpan(_plaintextStart, count).CopyTo(buffer);
            _plaintextStart += count;
        }

        _position += count;
        return count;
    }
}
