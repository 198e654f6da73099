using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace SecureDrop.Crypto.Age;

/// <summary>Decodes armor line by line.</summary>
/// <remarks>C2SP age, "ASCII armor"; RFC 7468, section 3.</remarks>
internal sealed class ArmorDecoder
{
    /// <summary>Blank lines around the armor are allowed, but not without end.</summary>
    private const int MaxBlankSizeInBytes = 1024;

    private static readonly byte[] FirstLine = Encoding.ASCII.GetBytes(AgeArmor.BeginLine);
    private static readonly byte[] LastLine = Encoding.ASCII.GetBytes(AgeArmor.EndLine);

    // A full line, CR and LF; the line is malformed as soon as it does not fit.
    private readonly byte[] _line = new byte[AgeArmor.LineLength + 2];
    private readonly byte[] _decoded = new byte[AgeArmor.BytesPerLine];
    private int _lineLength;
    private int _blankSize;
    private int _decodedStart;
    private int _decodedEnd;
    private State _state;

    private enum State
    {
        BeforeBegin,
        InBody,

        /// <summary>After a line that only the last may be: a short one, or one with padding.</summary>
        AfterLastLine,
        AfterEnd,
    }

    /// <summary>Moves decoded bytes out.</summary>
    internal int Take(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, _decodedEnd - _decodedStart);
        _decoded.AsSpan(_decodedStart, count).CopyTo(destination);
        _decodedStart += count;
        return count;
    }

    /// <summary>Takes input up to the end of a line. Only to be called when everything decoded was taken.</summary>
    /// <returns>How many bytes were taken.</returns>
    internal int Feed(ReadOnlySpan<byte> input)
    {
        if (_state == State.AfterEnd || (_state == State.BeforeBegin && _lineLength == 0 && IsBlank(input[0])))
        {
            TakeBlank(input[0]);
            return 1;
        }

        int lineFeed = input.IndexOf((byte)'\n');
        int count = lineFeed < 0 ? input.Length : lineFeed + 1;
        if (count > _line.Length - _lineLength)
        {
            throw Fail("A line of the armor is too long.");
        }

        input[..count].CopyTo(_line.AsSpan(_lineLength));
        _lineLength += count;
        if (lineFeed >= 0)
        {
            ReadOnlySpan<byte> line = _line.AsSpan(0, _lineLength - 1);
            TakeLine(line.EndsWith("\r"u8) ? line[..^1] : line);
            _lineLength = 0;
        }

        return count;
    }

    /// <summary>The input has ended.</summary>
    internal void End()
    {
        // The last line needs no line feed.
        if (_lineLength > 0)
        {
            TakeLine(_line.AsSpan(0, _lineLength));
            _lineLength = 0;
        }

        if (_state != State.AfterEnd)
        {
            throw Fail(_state == State.BeforeBegin ? "The armor does not begin with its first line." : "The armor is truncated: its last line is missing.");
        }
    }

    private static bool IsBlank(byte character) => character is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private static AgeFormatException Fail(string problem) => new(AgeFailure.Armor, problem);

    private void TakeBlank(byte character)
    {
        if (!IsBlank(character) || ++_blankSize > MaxBlankSizeInBytes)
        {
            throw Fail("Something other than blank lines stands before or after the armor.");
        }
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        if (_state == State.BeforeBegin)
        {
            _state = line.SequenceEqual(FirstLine) ? State.InBody : throw Fail("The armor does not begin with its first line.");
        }
        else if (line.SequenceEqual(LastLine))
        {
            _state = State.AfterEnd;
        }
        else if (_state == State.AfterLastLine)
        {
            throw Fail("A short line of the armor is not its last.");
        }
        else
        {
            DecodeLine(line);
        }
    }

    private void DecodeLine(ReadOnlySpan<byte> line)
    {
        Span<byte> again = stackalloc byte[AgeArmor.LineLength];
        if (line.IsEmpty
            || line.Length > AgeArmor.LineLength
            || Base64.DecodeFromUtf8(line, _decoded, out int consumed, out int written) != OperationStatus.Done
            || consumed != line.Length
            || Base64.EncodeToUtf8(_decoded.AsSpan(0, written), again, out _, out int length) != OperationStatus.Done
            || !again[..length].SequenceEqual(line))
        {
            // Encoding again finds what the decoder lets pass: white space, padding left out, stray bits after the last byte.
            throw Fail("A line of the armor is not canonical base64.");
        }

        _decodedStart = 0;
        _decodedEnd = written;
        _state = written < AgeArmor.BytesPerLine ? State.AfterLastLine : State.InBody;
    }
}
