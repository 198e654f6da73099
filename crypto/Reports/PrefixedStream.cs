using SecureDrop.Crypto.Streaming;

namespace SecureDrop.Crypto.Reports;

/// <summary>Bytes that were read to see what a stream holds, then the rest of it.</summary>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> _prefix = prefix;
    private long _position;

    public override long Position => _position;

    public override int Read(Span<byte> buffer)
    {
        int read = Math.Min(buffer.Length, _prefix.Length);
        if (read > 0)
        {
            _prefix.Span[..read].CopyTo(buffer);
            _prefix = _prefix[read..];
        }
        else
        {
            read = rest.Read(buffer);
        }
        _position += read;
        return read;
    }
}
