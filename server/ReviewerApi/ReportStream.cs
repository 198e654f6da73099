using SecureDrop.Server.Storage;

namespace SecureDrop.Server.ReviewerApi;

/// <summary>A committed report as a stream that can be read from anywhere; it holds one part in memory.</summary>
internal sealed class ReportStream(IReportStore store, StoredReport report) : Stream
{
    private ReadOnlyMemory<byte> _part;
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
            _part = await store.ReadPartAsync(report.Day, report.Id, index, cancellationToken)
                ?? throw new IOException("The report's day has ended.");
            _loaded = index;
        }
        var from = (int)(Position % IReportStore.PartSizeInBytes);
        var count = Math.Min(buffer.Length, _part.Length - from);
        _part.Slice(from, count).CopyTo(buffer);
        Position += count;
        return count;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The store is asked asynchronously.");
    public override void Flush() => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
