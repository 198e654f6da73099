using System.Buffers.Binary;
using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.ReviewerApi;

/// <summary>
/// A stream of records, each <c>id (16) ‖ length (uint32, big endian) ‖ bytes</c>, in order of id, to be taken up again after
/// the last one received. The store is asked for a few at a time and never held while the network is slow.
/// </summary>
internal static class RecordStream
{
    private const int RecordsAtATime = 16;

    public static PushStreamHttpResult Of(
        StoredId? after, Func<StoredId?, int, Task<IReadOnlyList<(StoredId Id, ReadOnlyMemory<byte> Bytes)>>> read, CancellationToken cancel) =>
        TypedResults.Stream(output => WriteAsync(output, after, read, cancel), MediaType.Octets);

    private static async Task WriteAsync(
        Stream output, StoredId? after, Func<StoredId?, int, Task<IReadOnlyList<(StoredId Id, ReadOnlyMemory<byte> Bytes)>>> read, CancellationToken cancel)
    {
        var head = new byte[StoredId.SizeInBytes + sizeof(uint)];
        while (true)
        {
            var records = await read(after, RecordsAtATime);
            foreach (var (id, bytes) in records)
            {
                id.ToBytes().CopyTo(head, 0);
                BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(StoredId.SizeInBytes), bytes.Length);
                await output.WriteAsync(head, cancel);
                await output.WriteAsync(bytes, cancel);
                after = id;
            }
            if (records.Count < RecordsAtATime)
                return;
        }
    }
}
