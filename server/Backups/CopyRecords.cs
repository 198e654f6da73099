using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using SecureDrop.Crypto.Replies;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Backups;

/// <summary>A day's copies of replies in a backup: <c>id (16) ‖ length (uint32, big endian) ‖ bytes</c>, in order of id, as reviewers are given them.</summary>
internal static class CopyRecords
{
    private const int HeadSizeInBytes = StoredId.SizeInBytes + sizeof(uint);
    private const int CopiesAtATime = 16;
    private static readonly int SmallestInBytes = ReplyCopy.SizeInBytes(1);
    private static readonly int LargestInBytes = ReplyCopy.SizeInBytes(ReplyCopy.MaxRecipients);

    /// <returns>How many there were.</returns>
    public static async Task<int> WriteAsync(IDeadDropStore store, DateOnly day, IBackupSink sink, CancellationToken cancel)
    {
        var count = 0;
        var head = new byte[HeadSizeInBytes];
        StoredId? after = null;
        while (await store.ReadCopiesAsync(day, after, CopiesAtATime, cancel) is { Count: > 0 } copies)
        {
            foreach (var copy in copies)
            {
                copy.Id.ToBytes().CopyTo(head, 0);
                BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(StoredId.SizeInBytes), copy.SealedBytes.Length);
                await sink.WriteAsync(head, cancel);
                await sink.WriteAsync(copy.SealedBytes, cancel);
            }
            (count, after) = (count + copies.Count, copies[^1].Id);
        }
        return count;
    }

    /// <exception cref="BackupFormatException">Not a day's copies.</exception>
    public static async IAsyncEnumerable<StoredCopy> ReadAsync(RecordReader reader, [EnumeratorCancellation] CancellationToken cancel)
    {
        var head = new byte[HeadSizeInBytes];
        for (StoredId? before = null; reader.LeftInBytes > 0;)
        {
            await reader.FillAsync(head, cancel);
            var id = StoredId.FromBytes(head.AsSpan(0, StoredId.SizeInBytes));
            if (id <= before)
                throw new BackupFormatException("its copies are not in order of id, each once");
            before = id;
            var length = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(StoredId.SizeInBytes));
            reader.RequireSize(length, SmallestInBytes, LargestInBytes);
            var bytes = new byte[length];
            await reader.FillAsync(bytes, cancel);
            if (SealedForm.Stanzas(bytes) is not (> 0 and var recipients) || bytes.Length != ReplyCopy.SizeInBytes(recipients))
                throw new BackupFormatException("a copy is not sealed, or has a length that no copy has");
            yield return new StoredCopy(id, bytes);
        }
    }
}
