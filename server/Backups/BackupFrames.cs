using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace SecureDrop.Server.Backups;

/// <summary>
/// A backup on its way from a running server to the command that asked for it: frames of <c>kind (1) ‖ length (uint32, big endian) ‖ bytes</c>.
/// </summary>
internal static class BackupFrames
{
    /// <summary>What the command says first; another version of it is answered with a sentence.</summary>
    public static ReadOnlyMemory<byte> Greeting { get; } = "securedrop-backup/1\n"u8.ToArray();

    private const int HeadSizeInBytes = 1 + sizeof(uint);
    private const int LongestFrameInBytes = 1 << 20;

    private enum Kind : byte
    {
        Begin = (byte)'F',
        Bytes = (byte)'D',
        Whole = (byte)'W',
        Gone = (byte)'G',
        LeftOut = (byte)'L',
        Refusal = (byte)'X',
        End = (byte)'Z',
    }

    /// <summary>The server's side.</summary>
    public sealed class Writer(Stream stream) : IBackupSink
    {
        private readonly byte[] _head = new byte[HeadSizeInBytes];

        public Task BeginAsync(BackupFile file, CancellationToken cancel) => SendAsync(Kind.Begin, Encoding.UTF8.GetBytes(file.Name), cancel);

        public Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) => SendAsync(Kind.Bytes, bytes, cancel);

        public Task EndAsync(bool isWhole, CancellationToken cancel) => SendAsync(isWhole ? Kind.Whole : Kind.Gone, default, cancel);

        public Task LeaveOutAsync(string sentence, CancellationToken cancel) => SendAsync(Kind.LeftOut, Encoding.UTF8.GetBytes(sentence), cancel);

        public Task RefuseAsync(string sentence, CancellationToken cancel) => SendAsync(Kind.Refusal, Encoding.UTF8.GetBytes(sentence), cancel);

        public Task CompleteAsync(CancellationToken cancel) => SendAsync(Kind.End, default, cancel);

        private async Task SendAsync(Kind kind, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
        {
            _head[0] = (byte)kind;
            BinaryPrimitives.WriteInt32BigEndian(_head.AsSpan(1), bytes.Length);
            await stream.WriteAsync(_head, cancel);
            if (!bytes.IsEmpty)
                await stream.WriteAsync(bytes, cancel);
        }
    }

    /// <summary>The command's side: hands on all that comes, until the server says that it was all.</summary>
    /// <exception cref="BackupException">The server refuses, with its own sentence, or breaks off.</exception>
    public static async Task CopyAsync(Stream stream, IBackupSink sink, CancellationToken cancel)
    {
        var (head, buffer) = (new byte[HeadSizeInBytes], ArrayPool<byte>.Shared.Rent(LongestFrameInBytes));
        try
        {
            while (true)
            {
                await stream.ReadExactlyAsync(head, cancel);
                var length = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(1));
                if (length > LongestFrameInBytes)
                    throw NotUnderstood();
                var bytes = buffer.AsMemory(0, (int)length);
                await stream.ReadExactlyAsync(bytes, cancel);
                switch ((Kind)head[0])
                {
                    case Kind.Begin:
                        await sink.BeginAsync(BackupFile.TryParse(Encoding.UTF8.GetString(bytes.Span), out var file) ? file : throw NotUnderstood(), cancel);
                        break;
                    case Kind.Bytes:
                        await sink.WriteAsync(bytes, cancel);
                        break;
                    case Kind.Whole or Kind.Gone:
                        await sink.EndAsync((Kind)head[0] == Kind.Whole, cancel);
                        break;
                    case Kind.LeftOut:
                        await sink.LeaveOutAsync(Encoding.UTF8.GetString(bytes.Span), cancel);
                        break;
                    case Kind.Refusal:
                        throw new BackupException(Encoding.UTF8.GetString(bytes.Span));
                    case Kind.End:
                        return;
                    default:
                        throw NotUnderstood();
                }
            }
        }
        catch (IOException e)
        {
            throw new BackupException("The server stopped while it handed out the backup; nothing of it was left. Make it again.", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static BackupException NotUnderstood() =>
        new("The running server is of another version than this command and is not understood: restart it, then make the backup again.");
}
