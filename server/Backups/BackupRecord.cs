using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace SecureDrop.Server.Backups;

/// <summary>Records in a file: <c>key (fixed) ‖ length (uint32, big endian) ‖ bytes</c>, one after another.</summary>
internal static class BackupRecord
{
    public static byte[] Write(ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes)
    {
        var record = new byte[key.Length + sizeof(uint) + bytes.Length];
        key.CopyTo(record);
        BinaryPrimitives.WriteInt32BigEndian(record.AsSpan(key.Length), bytes.Length);
        bytes.CopyTo(record.AsSpan(key.Length + sizeof(uint)));
        return record;
    }

    /// <summary>Each record in turn.</summary>
    /// <param name="file">The file.</param>
    /// <param name="keySizeInBytes">Of the key.</param>
    /// <param name="mostInBytes">No honest record is longer; whoever wrote the file must not choose how much memory is asked for.</param>
    /// <exception cref="BackupException">The file ends in the midst of one, or one is too long.</exception>
    [SuppressMessage("Performance", "CA1859:Use concrete types when possible for improved performance", Justification = "Any stream.")]
    public static IEnumerable<(byte[] Key, byte[] Bytes)> Read(Stream file, int keySizeInBytes, int mostInBytes)
    {
        var head = new byte[keySizeInBytes + sizeof(uint)];
        while (true)
        {
            var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            if (read == 0)
                yield break;
            var length = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(keySizeInBytes));
            if (read < head.Length || length > mostInBytes)
                throw new BackupException("it is not made of records");
            var bytes = new byte[length];
            if (file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
                throw new BackupException("it ends in the midst of a record");
            yield return (head[..keySizeInBytes], bytes);
        }
    }
}
