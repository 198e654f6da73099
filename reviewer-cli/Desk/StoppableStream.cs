namespace SecureDrop.Reviewer.Desk;

/// <summary>
/// A file that stops being read when the command is to stop. Opening is one long read of up to 5 GiB; ended from outside, it would leave what
/// it had decrypted on the disk, in files that nobody had checked yet.
/// </summary>
/// <param name="file">Disposed with this.</param>
/// <param name="stop">The command is to stop.</param>
/// <param name="progress">Told how many bytes were read, of how many (0 where nobody knows).</param>
internal sealed class StoppableStream(Stream file, CancellationToken stop, IProgress<(long Done, long Total)>? progress = null) : Stream
{
    private readonly long _length = file.CanSeek ? file.Length : 0;
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="OperationCanceledException">The command is to stop.</exception>
    public override int Read(Span<byte> buffer)
    {
        stop.ThrowIfCancellationRequested();
        int read = file.Read(buffer);
        _read += read;
        progress?.Report((_read, _length));
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
