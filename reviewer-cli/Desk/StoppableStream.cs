using SecureDrop.Crypto.Streaming;

namespace SecureDrop.Reviewer.Desk;

/// <summary>
/// A file that stops being read when the command is to stop. Opening is one long read of up to 5 GiB; ended from outside, it would leave what
/// it had decrypted on the disk, in files that nobody had checked yet.
/// </summary>
/// <param name="file">Disposed with this.</param>
/// <param name="stop">The command is to stop.</param>
/// <param name="progress">Told how many bytes were read, of how many (0 where nobody knows).</param>
internal sealed class StoppableStream(Stream file, CancellationToken stop, IProgress<(long Done, long Total)>? progress = null) : ReadOnlyStream
{
    private readonly long _length = file.CanSeek ? file.Length : 0;
    private long _read;

    /// <exception cref="OperationCanceledException">The command is to stop.</exception>
    public override int Read(Span<byte> buffer)
    {
        stop.ThrowIfCancellationRequested();
        int read = file.Read(buffer);
        _read += read;
        progress?.Report((_read, _length));
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
