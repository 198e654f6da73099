using System.Buffers;

namespace SecureDrop.Crypto.Age;

/// <summary>Reads age v1 headers, strictly: one spelling for each header, bounded in size. Needs no key, so a server may judge with it.</summary>
/// <remarks>C2SP age, "Header".</remarks>
public static class AgeHeaderReader
{
    /// <summary>The longest header that is read, in bytes; 64 hybrid recipients need 99,718.</summary>
    public const int MaxSizeInBytes = 256 * 1024;

    /// <summary>Reads a header from a stream, not one byte beyond it.</summary>
    /// <param name="source">A stream that stands at the first byte of an age file (not armored).</param>
    /// <returns>The header; <paramref name="source"/> stands at the first byte of the payload.</returns>
    /// <exception cref="AgeFormatException">The header is malformed, too long, or the stream ends within it (class <see cref="AgeFailure.Header"/>).</exception>
    public static AgeHeader Read(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var parser = new AgeHeaderParser();
        byte[] buffer = new byte[4096];
        for (int length = 0; ;)
        {
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, length * 2);
            }

            // Byte by byte: where the header ends is known only when it has been read, and what follows is the caller's.
            int next = source.ReadByte();
            if (next < 0)
            {
                throw new AgeFormatException(AgeFailure.Header, "The file ends within its header.");
            }

            buffer[length++] = (byte)next;
            if (next == '\n' || length >= MaxSizeInBytes)
            {
                OperationStatus status = parser.Advance(buffer.AsSpan(0, length));
                if (status != OperationStatus.NeedMoreData)
                {
                    return parser.Header ?? throw new AgeFormatException(AgeFailure.Header, parser.Problem);
                }
            }
        }
    }

    /// <summary>Parses a header from the first bytes of a file.</summary>
    /// <param name="start">The first bytes of a file, as many as there are so far.</param>
    /// <param name="header">The header where the result is <see cref="OperationStatus.Done"/>.</param>
    /// <returns>
    /// <see cref="OperationStatus.Done"/>; <see cref="OperationStatus.NeedMoreData"/> where <paramref name="start"/> could still
    /// become a header of at most <see cref="MaxSizeInBytes"/>; <see cref="OperationStatus.InvalidData"/> as soon as it cannot.
    /// </returns>
    public static OperationStatus TryRead(ReadOnlySpan<byte> start, out AgeHeader? header)
    {
        var parser = new AgeHeaderParser();
        OperationStatus status = parser.Advance(start);
        header = parser.Header;
        return status;
    }
}
