using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace SecureDrop.Crypto.Age;

/// <summary>Reads age v1 headers, strictly: one spelling for each header, bounded in size. Needs no key, so a server may judge with it.</summary>
public static class AgeHeaderReader
{
    /// <summary>The longest header that is read, in bytes; 64 hybrid recipients need 99,718.</summary>
    public const int MaxSizeInBytes = 256 * 1024;

    /// <summary>Reads a header from a stream, not one byte beyond it.</summary>
    /// <param name="source">A stream that stands at the first byte of an age file (not armored).</param>
    /// <returns>The header; <paramref name="source"/> stands at the first byte of the payload.</returns>
    /// <exception cref="AgeFormatException">The header is malformed, too long, or the stream ends within it (class <see cref="AgeFailure.Header"/>).</exception>
    public static AgeHeader Read(Stream source) => throw new NotSupportedException("Follows.");

    /// <summary>Parses a header from the first bytes of a file.</summary>
    /// <param name="start">The first bytes of a file, as many as there are so far.</param>
    /// <param name="header">The header where the result is <see cref="OperationStatus.Done"/>.</param>
    /// <returns>
    /// <see cref="OperationStatus.Done"/>; <see cref="OperationStatus.NeedMoreData"/> where <paramref name="start"/> could still
    /// become a header of at most <see cref="MaxSizeInBytes"/>; <see cref="OperationStatus.InvalidData"/> as soon as it cannot.
    /// </returns>
    public static OperationStatus TryRead(ReadOnlySpan<byte> start, out AgeHeader? header) => throw new NotSupportedException("Follows.");
}
