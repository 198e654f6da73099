using SecureDrop.Crypto.Streaming;

namespace SecureDrop.Crypto.Age;

/// <summary>Decodes armor while it is read; made by <see cref="AgeArmor.OpenReader"/>.</summary>
internal sealed class ArmorReadStream(Stream source, bool leaveOpen) : ReadOnlyStream
{
    private readonly ArmorDecoder _decoder = new();
    private readonly byte[] _input = new byte[4096];
    private int _inputStart;
    private int _inputEnd;
    private bool _sourceEnded;

    public override int Read(Span<byte> buffer)
    {
        int count;
        while ((count = Decode(buffer)) == 0 && !_sourceEnded && !buffer.IsEmpty)
        {
            Advance(source.Read(_input));
        }

        return count;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count;
        while ((count = Decode(buffer.Span)) == 0 && !_sourceEnded && !buffer.IsEmpty)
        {
            Advance(await source.ReadAsync(_input, cancellationToken));
        }

        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Advance(int count)
    {
        _inputStart = 0;
        _inputEnd = count;
        if (count == 0)
        {
            _sourceEnded = true;
            _decoder.End();
        }
    }

    // Fills the buffer as far as the input at hand goes: each line decoded on its own would cost a call for every 48 bytes.
    private int Decode(Span<byte> buffer)
    {
        int written = _decoder.Take(buffer);
        while (written < buffer.Length && _inputStart < _inputEnd)
        {
            _inputStart += _decoder.Feed(_input.AsSpan(_inputStart, _inputEnd - _inputStart));
            written += _decoder.Take(buffer[written..]);
        }

        return written;
    }
}
