using System.Security.Cryptography;
using SecureDrop.Crypto.Age.Recipients;

namespace SecureDrop.Crypto.Age;

/// <summary>
/// Seals what is written to it into an age v1 file, in constant memory (two chunks of 64 KiB).
/// The file is valid only after <see cref="Complete"/> or <see cref="CompleteAsync"/>: without it, <see cref="Stream.Dispose()"/>
/// leaves a truncated file that no reader accepts, so an exception while writing can never produce a shorter but valid file.
/// </summary>
/// <remarks>C2SP age, "Encrypted file format".</remarks>
public sealed class AgeSealStream : Stream
{
    private readonly Stream _destination;
    private readonly bool _leaveOpen;
    private readonly ChunkCipher _cipher;
    private readonly byte[] _pending = GC.AllocateUninitializedArray<byte>(AgeSizes.ChunkSizeInBytes, pinned: true);
    private readonly byte[] _sealed = GC.AllocateUninitializedArray<byte>(AgeSizes.ChunkSizeInBytes + AgeSizes.TagSizeInBytes);
    private byte[]? _start;
    private int _pendingLength;
    private ulong _chunkIndex;
    private long _position;
    private State _state;

    /// <summary>Prepares a file for these recipients. Nothing is written to <paramref name="destination"/> before the first full chunk or the completion.</summary>
    /// <param name="destination">Where the sealed bytes go.</param>
    /// <param name="recipients">One or more recipients of one kind; a passphrase only alone.</param>
    /// <param name="leaveOpen">Whether <paramref name="destination"/> stays open when this stream is disposed.</param>
    /// <exception cref="ArgumentException">No recipients, recipients of different kinds (a file is only as strong as its weakest
    /// recipient), a passphrase beside anything, or a destination that cannot be written.</exception>
    public AgeSealStream(Stream destination, IReadOnlyList<IAgeRecipient> recipients, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (!destination.CanWrite)
        {
            throw new ArgumentException("The destination cannot be written.", nameof(destination));
        }

        _destination = destination;
        _leaveOpen = leaveOpen;

        // A new file key for every file, without exception: one key over two plaintexts would give both away.
        Span<byte> fileKey = stackalloc byte[AgeSizes.FileKeySizeInBytes];
        Span<byte> nonce = stackalloc byte[AgeSizes.PayloadNonceSizeInBytes];
        RandomNumberGenerator.Fill(fileKey);
        RandomNumberGenerator.Fill(nonce);
        try
        {
            byte[] header = AgeHeaderWriter.Write(RecipientRules.WrapForAll(recipients, fileKey), fileKey);
            _start = [.. header, .. nonce];
            _cipher = AgeKeys.CreatePayloadCipher(fileKey, nonce);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(fileKey);
        }
    }

    private enum State
    {
        Open,

        /// <summary>A write to the destination has begun and not ended: what arrived there is unknown, so the file is never completed.</summary>
        Broken,
        Completed,
        Disposed,
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => _state == State.Open;

    /// <summary>Not supported.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override long Length => throw new NotSupportedException();

    /// <summary>Plaintext bytes written so far; cannot be set.</summary>
    /// <exception cref="NotSupportedException">When set.</exception>
    public override long Position { get => _position; set => throw new NotSupportedException(); }

    /// <summary>Writes the final chunk and flushes the destination: from here on the file is valid and nothing can be added.</summary>
    /// <exception cref="InvalidOperationException">Already completed, or an earlier write failed.</exception>
    public void Complete()
    {
        RequireOpen();
        Send(SealPending(final: true).Span);
        _destination.Flush();
        _state = State.Completed;
    }

    /// <inheritdoc cref="Complete"/>
    /// <param name="cancellationToken">Cancels; the file then stays invalid.</param>
    /// <returns>A task that ends when the destination has the whole file.</returns>
    public async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        RequireOpen();
        await SendAsync(SealPending(final: true), cancellationToken);
        await _destination.FlushAsync(cancellationToken);
        _state = State.Completed;
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        RequireOpen();
        while (!buffer.IsEmpty)
        {
            buffer = buffer[Take(buffer, out bool chunkIsSealed)..];
            if (chunkIsSealed)
            {
                Send(_sealed);
            }
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        RequireOpen();
        while (!buffer.IsEmpty)
        {
            buffer = buffer[Take(buffer.Span, out bool chunkIsSealed)..];
            if (chunkIsSealed)
            {
                await SendAsync(_sealed, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Does nothing: a chunk goes out when it is full and more follows, or when it is the last.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _state != State.Disposed)
        {
            _state = State.Disposed;
            CryptographicOperations.ZeroMemory(_pending);
            _cipher.Dispose();
            if (!_leaveOpen)
            {
                _destination.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    /// <returns>How many bytes of <paramref name="input"/> were taken; where a chunk became ready it is in <see cref="_sealed"/>.</returns>
    private int Take(ReadOnlySpan<byte> input, out bool chunkIsSealed)
    {
        // A full chunk goes out only when more follows: the last one, full or not, carries the final flag.
        chunkIsSealed = _pendingLength == AgeSizes.ChunkSizeInBytes || (_pendingLength == 0 && input.Length > AgeSizes.ChunkSizeInBytes);
        if (!chunkIsSealed)
        {
            int kept = Math.Min(input.Length, AgeSizes.ChunkSizeInBytes - _pendingLength);
            input[..kept].CopyTo(_pending.AsSpan(_pendingLength));
            _pendingLength += kept;
            _position += kept;
            return kept;
        }

        if (_pendingLength > 0)
        {
            SealPending(final: false);
            return 0;
        }

        _cipher.Seal(_chunkIndex++, final: false, input[..AgeSizes.ChunkSizeInBytes], _sealed);
        _position += AgeSizes.ChunkSizeInBytes;
        return AgeSizes.ChunkSizeInBytes;
    }

    private ReadOnlyMemory<byte> SealPending(bool final)
    {
        Memory<byte> chunk = _sealed.AsMemory(0, _pendingLength + AgeSizes.TagSizeInBytes);
        _cipher.Seal(_chunkIndex++, final, _pending.AsSpan(0, _pendingLength), chunk.Span);
        _pendingLength = 0;
        return chunk;
    }

    private void Send(ReadOnlySpan<byte> chunk)
    {
        _state = State.Broken;
        if (_start is not null)
        {
            _destination.Write(_start);
            _start = null;
        }

        _destination.Write(chunk);
        _state = State.Open;
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> chunk, CancellationToken cancellationToken)
    {
        _state = State.Broken;
        if (_start is not null)
        {
            await _destination.WriteAsync(_start, cancellationToken);
            _start = null;
        }

        await _destination.WriteAsync(chunk, cancellationToken);
        _state = State.Open;
    }

    private void RequireOpen()
    {
        ObjectDisposedException.ThrowIf(_state == State.Disposed, this);
        if (_state != State.Open)
        {
            throw new InvalidOperationException(_state == State.Completed
                ? "The file is complete: nothing can be added."
                : "An earlier write failed: the file cannot be completed. Make it anew, with a new file key.");
        }
    }
}
