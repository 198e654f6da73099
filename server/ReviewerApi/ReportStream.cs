using System.Buffers;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.ReviewerApi;

/// <summary>A committed report as a stream that can be read from anywhere; it holds one part in memory.</summary>
internal sealed class ReportStream(IReportStore store, StoredReport report) : Stream
{
    private byte[] _buffer = [];
    private int _length;
    private int _loaded = -1;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => report.SizeInBytes;
    public override long Position { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= Length || buffer.IsEmpty)
            return 0;
        var index = (int)(Position / IReportStore.PartSizeInBytes);
        if (index != _loaded)
        {
            // Only the day's end takes a part of a committed report away; the answer then breaks off, and the reader finds it gone.
            _loaded = -1;
            if (_buffer.Length == 0)
                _buffer = ArrayPool<byte>.Shared.Rent(IReportStore.PartSizeInBytes);
            _length = await store.ReadPartIntoAsync(report.Day, report.Id, index, _buffer, cancellationToken)
                ?? throw new IOException("The report's day has ended.");
            _loaded = index;
        }
        var from = (int)(Position % IReportStore.PartSizeInBytes);
        var count = Math.Min(buffer.Length, _length - from);
        _buffer.AsMemory(from, count).CopyTo(buffer);
        Position += count;
        return count;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    protected override void Dispose(bool disposing)
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        base.Dispose(disposing);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The store is asked asynchronously.");
    public override void Flush() => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
