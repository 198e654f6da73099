using System.Security.Cryptography;

namespace SecureDrop.Server.Backups;

/// <summary>A file of a backup as it is read: what comes is digested on its way.</summary>
internal sealed class HashedFile(FileStream file) : Stream
{
    private const int BufferSizeInBytes = 64 << 10;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => file.Length;
    public override long Position { get => file.Position; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await file.ReadAsync(buffer, cancellationToken);
        _hash.AppendData(buffer.Span[..read]);
        return read;
    }

    /// <summary>Reads what is left; the digest of the whole file.</summary>
    public async Task<string> DigestAsync(CancellationToken cancel)
    {
        var buffer = new byte[BufferSizeInBytes];
        while (await ReadAsync(buffer, cancel) > 0)
        {
            // Only the digest is wanted.
        }
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
            _hash.Dispose();
        }
        base.Dispose(disposing);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The file is read asynchronously.");
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void Flush() => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
