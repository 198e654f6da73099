namespace SecureDrop.Crypto.Age;

/// <summary>
/// Seals what is written to it into an age v1 file, in constant memory (two chunks of 64 KiB).
/// The file is valid only after <see cref="Complete"/> or <see cref="CompleteAsync"/>: without it, <see cref="Stream.Dispose()"/>
/// leaves a truncated file that no reader accepts, so an exception while writing can never produce a shorter but valid file.
/// </summary>
public sealed class AgeSealStream : Stream
{
    /// <summary>Prepares a file for these recipients. Nothing is written to <paramref name="destination"/> before the first full chunk or the completion.</summary>
    /// <param name="destination">Where the sealed bytes go.</param>
    /// <param name="recipients">One or more recipients of one kind; a passphrase only alone.</param>
    /// <param name="leaveOpen">Whether <paramref name="destination"/> stays open when this stream is disposed.</param>
    /// <exception cref="ArgumentException">No recipients, recipients of different kinds (a file is only as strong as its weakest
    /// recipient), a passphrase beside anything, or a destination that cannot be written.</exception>
    public AgeSealStream(Stream destination, IReadOnlyList<IAgeRecipient> recipients, bool leaveOpen = false) => throw new NotSupportedException("Follows.");

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => throw new NotSupportedException("Follows.");

    /// <summary>Not supported.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override long Length => throw new NotSupportedException();

    /// <summary>Plaintext bytes written so far; cannot be set.</summary>
    /// <exception cref="NotSupportedException">When set.</exception>
    public override long Position { get => throw new NotSupportedException("Follows."); set => throw new NotSupportedException(); }

    /// <summary>Writes the final chunk and flushes the destination: from here on the file is valid and nothing can be added.</summary>
    /// <exception cref="InvalidOperationException">Already completed, or an earlier write failed.</exception>
    public void Complete() => throw new NotSupportedException("Follows.");

    /// <inheritdoc cref="Complete"/>
    /// <param name="cancellationToken">Cancels; the file then stays invalid.</param>
    public Task CompleteAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException("Follows.");

    /// <summary>Does nothing: a chunk goes out when it is full, or is the last.</summary>
    public override void Flush() { }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Follows.");

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
