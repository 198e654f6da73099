namespace SecureDrop.Crypto.Archives;

/// <summary>
/// Reads an archive strictly and forward only, in constant memory: the caller takes each header, then its content, and decides which names
/// and sizes it will have before a byte of content is read. Nothing is allocated by what a header says.
/// </summary>
public sealed class ArchiveReader(Stream source)
{
    private readonly byte[] _block = new byte[UstarHeader.SizeInBytes];
    private long _rest;
    private int _padding;
    private bool _ended;

    /// <summary>Bytes consumed so far, padding and end blocks included.</summary>
    public long Position { get; private set; }

    /// <summary>Goes to the next member.</summary>
    /// <returns>Null at the first end-of-archive block; <see cref="ReadEnd"/> must then judge the rest.</returns>
    /// <exception cref="ArchiveFormatException">Padding that is not zero, a header that is not the one exact header, or a sudden end.</exception>
    /// <exception cref="InvalidOperationException">The member before was not read to its end.</exception>
    public ArchiveMember? ReadHeader()
    {
        if (_rest > 0)
        {
            throw new InvalidOperationException("The member before was not read to its end.");
        }
        ReadPadding();
        ReadBlock();
        if (!_block.AsSpan().ContainsAnyExcept((byte)0))
        {
            _ended = true;
            return null;
        }
        if (!UstarHeader.TryRead(_block, out string name, out long size))
        {
            throw new ArchiveFormatException($"The header at byte {Position - UstarHeader.SizeInBytes} of the archive is not of the exact form.");
        }
        _rest = size;
        _padding = UstarHeader.PaddingSizeInBytes(size);
        return new ArchiveMember(name, size);
    }

    /// <summary>Reads content of the current member.</summary>
    /// <returns>0 when the member is at its end (or the buffer is empty).</returns>
    /// <exception cref="ArchiveFormatException">The archive ends within the content.</exception>
    public int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, _rest);
        if (wanted == 0)
        {
            return 0;
        }
        int read = source.Read(buffer[..wanted]);
        if (read == 0)
        {
            throw Cut();
        }
        Position += read;
        _rest -= read;
        return read;
    }

    /// <summary>Reads the whole content of the current member, which the caller has found small enough to hold.</summary>
    /// <exception cref="ArchiveFormatException">The archive ends within the content.</exception>
    public byte[] ReadContent(ArchiveMember member)
    {
        byte[] content = new byte[member.SizeInBytes];
        for (int filled = 0; filled < content.Length;)
        {
            filled += Read(content.AsSpan(filled));
        }
        return content;
    }

    /// <summary>
    /// After <see cref="ReadHeader"/> returned null: the second end block, then zeros to the end of the stream. What a program hides behind
    /// the end of an archive would be covered by no signature.
    /// </summary>
    /// <returns>The length of the archive, its two end blocks included and the zeros after them not.</returns>
    /// <exception cref="ArchiveFormatException">Anything but zeros.</exception>
    public long ReadEnd()
    {
        ReadBlock();
        long archive = Position;
        bool zero = !_block.AsSpan().ContainsAnyExcept((byte)0);
        byte[] buffer = new byte[64 * 1024];
        for (int read; zero && (read = source.Read(buffer)) > 0;)
        {
            Position += read;
            zero = !buffer.AsSpan(0, read).ContainsAnyExcept((byte)0);
        }
        return zero ? archive : throw new ArchiveFormatException("Something stands after the end of the archive.");
    }

    /// <summary>
    /// From wherever the reader stands, judges what is left of the archive by its form alone: for a caller that has already found something
    /// wrong with a member, and wants to know whether the archive is one at all.
    /// </summary>
    /// <param name="mostMembers">How many members to look at; what an attacker puts after them is left unread.</param>
    /// <exception cref="ArchiveFormatException">It is not of the exact form.</exception>
    public void ReadRest(int mostMembers)
    {
        byte[] buffer = new byte[64 * 1024];
        for (int i = 0; !_ended && i < mostMembers; i++)
        {
            while (Read(buffer) > 0)
            {
            }
            ReadHeader();
        }
        if (_ended)
        {
            ReadEnd();
        }
    }

    private void ReadPadding()
    {
        Span<byte> padding = _block.AsSpan(0, _padding);
        ReadExactly(padding);
        if (padding.ContainsAnyExcept((byte)0))
        {
            throw new ArchiveFormatException("The padding after a member is not zero.");
        }
        _padding = 0;
    }

    private void ReadBlock() => ReadExactly(_block);

    private void ReadExactly(Span<byte> bytes)
    {
        int read = source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        Position += read;
        if (read < bytes.Length)
        {
            throw Cut();
        }
    }

    private static ArchiveFormatException Cut() => new("The archive ends before its end-of-archive blocks.");
}
