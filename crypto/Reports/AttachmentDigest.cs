using System.Security.Cryptography;

namespace SecureDrop.Crypto.Reports;

/// <summary>
/// Digest of an attachment: SHA-256 of the concatenated SHA-256 digests of its 1 MiB pieces, the last one shorter (an empty file has no
/// piece: SHA-256 of nothing). A browser can compute it natively without holding the file. Incremental; constant memory.
/// </summary>
public sealed class AttachmentDigest : IDisposable
{
    /// <summary>1 MiB.</summary>
    public const int PieceSizeInBytes = 1 << 20;

    /// <summary>Size of the digest.</summary>
    public const int SizeInBytes = 32;

    private readonly IncrementalHash _piece = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _pieces = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _inPiece;

    /// <summary>Takes the next bytes of the attachment, cut as the caller likes.</summary>
    public void Append(ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            int taken = Math.Min(content.Length, PieceSizeInBytes - _inPiece);
            _piece.AppendData(content[..taken]);
            _inPiece += taken;
            content = content[taken..];
            if (_inPiece == PieceSizeInBytes)
            {
                EndPiece();
            }
        }
    }

    /// <summary>The 32 bytes; afterwards the instance is as new.</summary>
    public byte[] Finish()
    {
        if (_inPiece > 0)
        {
            EndPiece();
        }
        return _pieces.GetHashAndReset();
    }

    /// <summary>The digest and the number of bytes of a stream, read to its end.</summary>
    public static (byte[] Digest, long SizeInBytes) Compute(Stream content)
    {
        ArgumentNullException.ThrowIfNull(content);
        using AttachmentDigest digest = new();
        byte[] buffer = new byte[64 * 1024];
        long total = 0;
        for (int read; (read = content.Read(buffer)) > 0; total += read)
        {
            digest.Append(buffer.AsSpan(0, read));
        }
        return (digest.Finish(), total);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _piece.Dispose();
        _pieces.Dispose();
    }

    private void EndPiece()
    {
        _pieces.AppendData(_piece.GetHashAndReset());
        _inPiece = 0;
    }
}
