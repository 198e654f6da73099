using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace SecureDrop.Reviewer.Api;

/// <summary>One record of a stream of <c>texts</c> or <c>copies</c>: <c>id (16 bytes) ‖ length (uint32, big endian) ‖ bytes</c>.</summary>
internal readonly record struct StoredRecord(string Id, byte[] Bytes);

/// <summary>Reads such a stream; the server is not trusted with our memory, so a record may not be longer than one can be.</summary>
internal static class RecordStream
{
    private const int HeadSizeInBytes = 20;

    /// <exception cref="InvalidDataException">A record too long, out of order, or cut.</exception>
    public static async IAsyncEnumerable<StoredRecord> ReadAsync(Stream body, int longestInBytes, string? after,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        byte[] head = new byte[HeadSizeInBytes];
        string last = after ?? "";
        while (true)
        {
            int read = await body.ReadAtLeastAsync(head, HeadSizeInBytes, throwOnEndOfStream: false, cancel);
            if (read == 0)
            {
                yield break;
            }

            if (read < HeadSizeInBytes)
            {
                throw new InvalidDataException("the stream ends inside a record");
            }

            string id = Convert.ToHexStringLower(head.AsSpan(0, 16));
            uint length = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(16));
            if (length > longestInBytes)
            {
                throw new InvalidDataException("a record is longer than one can be");
            }

            // Without order a broken connection could not be taken up again after the last one received.
            if (string.CompareOrdinal(id, last) <= 0)
            {
                throw new InvalidDataException("records are not in order");
            }

            byte[] bytes = new byte[length];
            try
            {
                await body.ReadExactlyAsync(bytes, cancel);
            }
            catch (EndOfStreamException e)
            {
                throw new InvalidDataException("the stream ends inside a record", e);
            }

            last = id;
            yield return new StoredRecord(id, bytes);
        }
    }
}
