using System.Buffers;
using System.Text;

namespace SecureDrop.Crypto.Age;

/// <summary>
/// Parses a header as its bytes arrive, line by line, without looking at any byte twice: a sender that dribbles a header
/// must not cost more than one that sends it whole.
/// </summary>
/// <remarks>C2SP age, "ABNF definition of file header".</remarks>
internal sealed class AgeHeaderParser
{
    private const int FullBodyLineLength = 64;
    private const int MacTextLength = 43;

    private readonly List<AgeStanza> _stanzas = [];
    private readonly ArrayBufferWriter<byte> _body = new();
    private string[]? _arguments;
    private int _lineStart;
    private int _scanned;

    /// <summary>The header, once <see cref="Advance"/> returned <see cref="OperationStatus.Done"/>.</summary>
    internal AgeHeader? Header { get; private set; }

    /// <summary>What is wrong, once <see cref="Advance"/> returned <see cref="OperationStatus.InvalidData"/>.</summary>
    internal string Problem { get; private set; } = "The header is incomplete.";

    /// <param name="start">The first bytes of the file: all that were given before, and more.</param>
    internal OperationStatus Advance(ReadOnlySpan<byte> start)
    {
        while (true)
        {
            int offset = start[_scanned..].IndexOf((byte)'\n');
            if (offset < 0 || _scanned + offset >= AgeHeaderReader.MaxSizeInBytes)
            {
                _scanned = start.Length;
                return JudgeIncompleteLine(start);
            }

            ReadOnlySpan<byte> line = start[_lineStart..(_scanned + offset)];
            bool good = _lineStart == 0 ? TakeVersionLine(line)
                : _arguments is not null ? TakeBodyLine(line)
                : line.StartsWith("-> "u8) ? TakeArgumentLine(line[3..])
                : TakeMacLine(line, start);
            if (!good)
            {
                return OperationStatus.InvalidData;
            }

            if (Header is not null)
            {
                return OperationStatus.Done;
            }

            _scanned += offset + 1;
            _lineStart = _scanned;
        }
    }

    private OperationStatus JudgeIncompleteLine(ReadOnlySpan<byte> start)
    {
        // A file that is no age file is refused by its first wrong byte, not after a quarter of a megabyte without a line feed.
        if (_lineStart == 0 && !AgeText.VersionLine.StartsWith(start[..Math.Min(start.Length, AgeText.VersionLine.Length)]))
        {
            Problem = "This is not an age v1 file.";
            return OperationStatus.InvalidData;
        }

        if (start.Length >= AgeHeaderReader.MaxSizeInBytes)
        {
            Problem = $"The header is longer than {AgeHeaderReader.MaxSizeInBytes} bytes.";
            return OperationStatus.InvalidData;
        }

        return OperationStatus.NeedMoreData;
    }

    private bool TakeVersionLine(ReadOnlySpan<byte> line) =>
        line.SequenceEqual(AgeText.VersionLine[..^1]) || Refuse("This is not an age v1 file.");

    private bool TakeArgumentLine(ReadOnlySpan<byte> arguments)
    {
        // Printable ASCII, one space between: an empty argument is two spaces, or one at an end.
        if (arguments.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            return Refuse("A stanza has a character that is not printable ASCII.");
        }

        string[] split = Encoding.ASCII.GetString(arguments).Split(' ');
        if (split.Contains(""))
        {
            return Refuse("A stanza has an empty argument.");
        }

        _arguments = split;
        return true;
    }

    private bool TakeBodyLine(ReadOnlySpan<byte> line)
    {
        if (line.Length > FullBodyLineLength || !UnpaddedBase64.TryDecode(line, out byte[]? bytes))
        {
            return Refuse("A stanza's body is not canonical base64 in lines of 64 characters.");
        }

        _body.Write(bytes);
        if (line.Length < FullBodyLineLength)
        {
            _stanzas.Add(new AgeStanza(_arguments![0], _arguments.AsSpan(1).ToArray(), _body.WrittenSpan));
            _arguments = null;
            _body.ResetWrittenCount();
        }

        return true;
    }

    private bool TakeMacLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> start)
    {
        if (!line.StartsWith("--- "u8) || line.Length != 4 + MacTextLength || !UnpaddedBase64.TryDecode(line[4..], out byte[]? mac))
        {
            return Refuse("A line of the header is neither a stanza nor a MAC.");
        }

        if (_stanzas.Count == 0)
        {
            return Refuse("The header has no recipient.");
        }

        Header = new AgeHeader(_stanzas.AsReadOnly(), start[..(_lineStart + 3)].ToArray(), mac, _lineStart + line.Length + 1);
        return true;
    }

    private bool Refuse(string problem)
    {
        Problem = problem;
        return false;
    }
}
