using System.Buffers.Text;
using System.Text;

namespace SecureDrop.Crypto.Age;

/// <summary>Armors what is written to it; made by <see cref="AgeArmor.OpenWriter"/>.</summary>
/// <remarks>The text is whole only after <see cref="Complete"/>: disposing alone leaves out the last line, without which no reader takes it.</remarks>
public sealed class ArmorWriteStream : Stream
{
    private readonly Stream _destination;
    private readonly bool _leaveOpen;
    private readonly byte[] _pending = new byte[AgeArmor.BytesPerLine];
    private int _pendingLength;
    private bool _begun;
    private bool _completed;

    internal ArmorWriteStream(Stream destination, bool leaveOpen)
    {
        _destination = destination;
        _leaveOpen = leaveOpen;
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => !_completed;

    /// <summary>Not supported.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override long Length => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Writes what is left and the last line, and flushes.</summary>
    /// <exception cref="InvalidOperationException">Already completed.</exception>
    public void Complete()
    {
        RequireOpen();
        Begin();
        if (_pendingLength > 0)
        {
            WriteLine(_pending.AsSpan(0, _pendingLength));
        }

        _completed = true;
        _destination.Write(Encoding.ASCII.GetBytes(AgeArmor.EndLine + "\n"));
        _destination.Flush();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        RequireOpen();
        Begin();
        while (!buffer.IsEmpty)
        {
            int count = Math.Min(buffer.Length, _pending.Length - _pendingLength);
            buffer[..count].CopyTo(_pending.AsSpan(_pendingLength));
            buffer = buffer[count..];
            _pendingLength += count;
            if (_pendingLength == _pending.Length)
            {
                WriteLine(_pending);
                _pendingLength = 0;
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Does nothing: a line goes out when it is full, or is the last.</summary>
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
        if (disposing && !_leaveOpen)
        {
            _destination.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Begin()
    {
        if (!_begun)
        {
            _begun = true;
            _destination.Write(Encoding.ASCII.GetBytes(AgeArmor.BeginLine + "\n"));
        }
    }

    private void WriteLine(ReadOnlySpan<byte> bytes)
    {
        Span<byte> line = stackalloc byte[AgeArmor.LineLength + 1];
        Base64.EncodeToUtf8(bytes, line, out _, out int length);
        line[length] = (byte)'\n';
        _destination.Write(line[..(length + 1)]);
    }

    private void RequireOpen()
    {
        if (_completed)
        {
            throw new InvalidOperationException("The armor is complete: nothing can be added.");
        }
    }
}
