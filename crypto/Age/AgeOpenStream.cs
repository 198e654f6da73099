namespace SecureDrop.Crypto.Age;

/// <summary>
/// Opens an age v1 file, in constant memory. Releases only authenticated chunks, and reports the end of the stream only after the
/// final chunk was verified and nothing follows it. Until then what was read may be a truncated file: keep it under a temporary name.
/// </summary>
public sealed class AgeOpenStream : Stream
{
    private AgeOpenStream() => throw new NotSupportedException("Follows.");

    /// <summary>The header, whose MAC has been verified.</summary>
    public AgeHeader Header => throw new NotSupportedException("Follows.");

    /// <summary>Index of the identity, in the list given to <see cref="Open"/>, that opened the file.</summary>
    public int MatchedIdentity => throw new NotSupportedException("Follows.");

    /// <inheritdoc/>
    public override bool CanRead => throw new NotSupportedException("Follows.");

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <summary>Not supported.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override long Length => throw new NotSupportedException();

    /// <summary>Plaintext bytes released so far; cannot be set.</summary>
    /// <exception cref="NotSupportedException">When set.</exception>
    public override long Position { get => throw new NotSupportedException("Follows."); set => throw new NotSupportedException(); }

    /// <summary>Reads and verifies the header. The payload is then read from this stream, chunk by chunk.</summary>
    /// <param name="sealedBytes">The file, from its first byte (through <see cref="AgeArmor"/> if armored).</param>
    /// <param name="identities">Identities to try, in this order; at least one.</param>
    /// <param name="leaveOpen">Whether <paramref name="sealedBytes"/> stays open when this stream is disposed; it does where this throws.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="AgeFormatException">Malformed header, no identity that opens it, or a wrong MAC; while reading: a failed payload.</exception>
    /// <exception cref="ArgumentException">No identities, or a source that cannot be read.</exception>
    public static AgeOpenStream Open(Stream sealedBytes, IReadOnlyList<IAgeIdentity> identities, bool leaveOpen = false) => throw new NotSupportedException("Follows.");

    /// <inheritdoc cref="Open"/>
    /// <param name="sealedBytes">The file, from its first byte.</param>
    /// <param name="identities">Identities to try, in this order; at least one.</param>
    /// <param name="leaveOpen">Whether <paramref name="sealedBytes"/> stays open when this stream is disposed.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public static Task<AgeOpenStream> OpenAsync(Stream sealedBytes, IReadOnlyList<IAgeIdentity> identities, bool leaveOpen = false, CancellationToken cancellationToken = default) => throw new NotSupportedException("Follows.");

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Follows.");

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
