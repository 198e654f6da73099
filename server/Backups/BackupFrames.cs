using System.Buffers.Binary;
using System.Text;

namespace SecureDrop.Server.Backups;

/// <summary>
/// A backup on its way from the process that holds the store to the one that writes the folder: <c>kind (1) ‖ length (uint32, big endian)
/// ‖ bytes</c>, one after another. What breaks off has no <see cref="End"/> and is no backup.
/// </summary>
internal static class BackupFrames
{
    /// <summary>A file begins: its name, ASCII.</summary>
    public const byte File = 1;

    /// <summary>Bytes of the file that has begun.</summary>
    public const byte Bytes = 2;

    /// <summary>What is not in the backup, and why: a sentence, UTF-8.</summary>
    public const byte Missing = 3;

    /// <summary>It cannot be made: why, UTF-8. Nothing follows.</summary>
    public const byte Failed = 4;

    /// <summary>All is there.</summary>
    public const byte End = 5;

    /// <summary>Of one frame.</summary>
    public const int MostInBytes = 2 << 20;

    private const int HeadSizeInBytes = 1 + sizeof(uint);

    public static async Task WriteAsync(Stream output, byte kind, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var head = new byte[HeadSizeInBytes];
        head[0] = kind;
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(1), bytes.Length);
        await output.WriteAsync(head, cancel);
        await output.WriteAsync(bytes, cancel);
    }

    public static Task WriteAsync(Stream output, byte kind, string text, CancellationToken cancel) =>
        WriteAsync(output, kind, Encoding.UTF8.GetBytes(text), cancel);

    /// <summary>The next frame into <paramref name="buffer"/>; null at the end of the stream.</summary>
    /// <exception cref="BackupException">No frame.</exception>
    public static async Task<(byte Kind, int Length)?> ReadAsync(Stream input, Memory<byte> buffer, CancellationToken cancel)
    {
        var head = new byte[HeadSizeInBytes];
        if (await input.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancel) < head.Length)
            return null;
        var length = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(1));
        if (length > buffer.Length)
            throw new BackupException("What the server sent is no backup; is it of the same version as this program?");
        return await input.ReadAtLeastAsync(buffer[..(int)length], (int)length, throwOnEndOfStream: false, cancel) < (int)length ? null : (head[0], (int)length);
    }
}
