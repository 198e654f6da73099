namespace SecureDrop.Reviewer.Desk;

/// <summary>A file while it is read from beginning to end: tells how far, and stops when it is to.</summary>
internal sealed class WatchedStream(Stream file, IProgress<(long Done, long Total)>? progress, CancellationToken cancel) : Stream
{
    private readonly long _length = file.CanSeek ? file.Length : 0;
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        cancel.ThrowIfCancellationRequested();
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
}
