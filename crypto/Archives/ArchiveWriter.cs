namespace SecureDrop.Crypto.Archives;

/// <summary>
/// Writes an archive to a stream, member by member, in constant memory. After the last member <see cref="Finish"/> writes the
/// end-of-archive blocks and zeros up to a size that the caller chooses.
/// </summary>
public sealed class ArchiveWriter(Stream destination)
{
    /// <summary>The two zero blocks that end an archive.</summary>
    public const int EndSizeInBytes = 2 * UstarHeader.SizeInBytes;

    private static readonly byte[] Zeros = new byte[64 * 1024];

    private long _rest;
    private int _padding;
    private bool _finished;

    /// <summary>Bytes written so far.</summary>
    public long Position { get; private set; }

    /// <summary>Writes a member whose content is at hand.</summary>
    /// <inheritdoc cref="BeginMember" path="/exception"/>
    public void WriteMember(string name, ReadOnlySpan<byte> content)
    {
        BeginMember(name, content.Length);
        Write(content);
    }

    /// <summary>Writes a header; exactly <paramref name="contentSizeInBytes"/> bytes must follow through <see cref="Write"/>.</summary>
    /// <exception cref="InvalidOperationException">The member before lacks bytes, or the archive is finished.</exception>
    /// <exception cref="ArgumentException">See <see cref="UstarHeader.Write"/>.</exception>
    public void BeginMember(string name, long contentSizeInBytes)
    {
        EndMember();
        Span<byte> header = stackalloc byte[UstarHeader.SizeInBytes];
        UstarHeader.Write(name, contentSizeInBytes, header);
        destination.Write(header);
        Position += header.Length;
        _rest = contentSizeInBytes;
        _padding = UstarHeader.PaddingSizeInBytes(contentSizeInBytes);
    }

    /// <summary>Writes some of the current member's content.</summary>
    /// <exception cref="InvalidOperationException">More than its header said.</exception>
    public void Write(ReadOnlySpan<byte> content)
    {
        if (content.Length > _rest)
        {
            throw new InvalidOperationException("More content than the member's header says.");
        }
        destination.Write(content);
        Position += content.Length;
        _rest -= content.Length;
    }

    /// <summary>Ends the archive and pads it with zeros to <paramref name="totalSizeInBytes"/>.</summary>
    /// <exception cref="InvalidOperationException">The last member lacks bytes, or the archive is finished.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The archive is larger than that.</exception>
    public void Finish(long totalSizeInBytes)
    {
        EndMember();
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSizeInBytes, Position + EndSizeInBytes);
        while (Position < totalSizeInBytes)
        {
            WriteZeros((int)Math.Min(Zeros.Length, totalSizeInBytes - Position));
        }
        _finished = true;
    }

    private void EndMember()
    {
        if (_finished)
        {
            throw new InvalidOperationException("The archive is finished.");
        }
        if (_rest > 0)
        {
            throw new InvalidOperationException("Less content than the member's header says.");
        }
        WriteZeros(_padding);
        _padding = 0;
    }

    private void WriteZeros(int count)
    {
        destination.Write(Zeros, 0, count);
        Position += count;
    }
}
