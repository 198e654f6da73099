using System.Globalization;
using System.Text;

namespace SecureDrop.Crypto.Archives;

/// <summary>
/// The one ustar header (POSIX.1-1988, IEEE Std 1003.1 "ustar Interchange Format") that this project writes and accepts: a regular file,
/// mode 600, owner and group 0, modified one second after the epoch. It has two degrees of freedom, a name of 1 to 100 printable ASCII
/// characters and a size below 8 GiB; everything else is constant, so a header says nothing about the machine that wrote it.
/// </summary>
public static class UstarHeader
{
    /// <summary>Size of a header, and of the blocks that content is padded to.</summary>
    public const int SizeInBytes = 512;

    /// <summary>The longest name, which is then not ended by a NUL.</summary>
    public const int MaxNameLength = 100;

    /// <summary>The largest size that 11 octal digits can say: 8 GiB − 1.</summary>
    public const long MaxContentSizeInBytes = 0x1_FFFF_FFFF;

    private const int SizeOffset = 124;
    private const int SizeDigits = 11;
    private const int ChecksumOffset = 148;
    private const int ChecksumFieldSizeInBytes = 8;

    /// <summary>Writes the header of a member into <paramref name="header"/>, which must be 512 bytes.</summary>
    /// <exception cref="ArgumentException">The name is empty, longer than 100 or not printable ASCII, or the span is not 512 bytes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative or above <see cref="MaxContentSizeInBytes"/>.</exception>
    public static void Write(string name, long contentSizeInBytes, Span<byte> header)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfNegative(contentSizeInBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(contentSizeInBytes, MaxContentSizeInBytes);
        if (!IsName(name))
        {
            throw new ArgumentException("A member's name has 1 to 100 printable ASCII characters.", nameof(name));
        }
        if (header.Length != SizeInBytes)
        {
            throw new ArgumentException($"A header has {SizeInBytes} bytes.", nameof(header));
        }
        header.Clear();
        Encoding.ASCII.GetBytes(name, header);
        "0000600\0"u8.CopyTo(header[100..]);
        "0000000\0"u8.CopyTo(header[108..]);
        "0000000\0"u8.CopyTo(header[116..]);
        WriteOctal(contentSizeInBytes, header.Slice(SizeOffset, SizeDigits));
        "00000000001\0"u8.CopyTo(header[136..]);
        header[156] = (byte)'0';
        "ustar\0"u8.CopyTo(header[257..]);
        "00"u8.CopyTo(header[263..]);
        "0000000\0"u8.CopyTo(header[329..]);
        "0000000\0"u8.CopyTo(header[337..]);

        // POSIX: the sum of all bytes with the checksum field itself taken as spaces.
        header.Slice(ChecksumOffset, ChecksumFieldSizeInBytes).Fill((byte)' ');
        int sum = 0;
        foreach (byte b in header)
        {
            sum += b;
        }
        WriteOctal(sum, header.Slice(ChecksumOffset, 6));
        header[ChecksumOffset + 6] = 0;
    }

    /// <summary>
    /// Reads a header by rebuilding it: name and size are taken out, the 512 bytes that belong to them are written anew and compared. So a
    /// link, a device, a pax or GNU extension, a size in base 256 or a prefix cannot be told apart from noise, and none is interpreted.
    /// </summary>
    /// <returns>False if the bytes are anything but what <see cref="Write"/> would have written.</returns>
    public static bool TryRead(ReadOnlySpan<byte> header, out string name, out long contentSizeInBytes)
    {
        name = "";
        contentSizeInBytes = 0;
        if (header.Length != SizeInBytes)
        {
            return false;
        }
        ReadOnlySpan<byte> nameField = header[..MaxNameLength];
        int end = nameField.IndexOf((byte)0);
        string read = Encoding.Latin1.GetString(end < 0 ? nameField : nameField[..end]);
        long size = 0;
        foreach (byte digit in header.Slice(SizeOffset, SizeDigits))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return false;
            }
            size = size * 8 + (digit - '0');
        }
        if (!IsName(read))
        {
            return false;
        }
        Span<byte> rebuilt = stackalloc byte[SizeInBytes];
        Write(read, size, rebuilt);
        if (!rebuilt.SequenceEqual(header))
        {
            return false;
        }
        name = read;
        contentSizeInBytes = size;
        return true;
    }

    /// <summary>What a member of this size takes in an archive: header, content and padding to a multiple of 512.</summary>
    public static long MemberSizeInBytes(long contentSizeInBytes) => SizeInBytes + contentSizeInBytes + PaddingSizeInBytes(contentSizeInBytes);

    /// <summary>The zeros between content and the next header: 0 to 511.</summary>
    public static int PaddingSizeInBytes(long contentSizeInBytes) => (int)(-contentSizeInBytes & (SizeInBytes - 1));

    private static bool IsName(string name) => name.Length is >= 1 and <= MaxNameLength && !name.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static void WriteOctal(long value, Span<byte> digits)
    {
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = (byte)('0' + (value & 7));
            value >>= 3;
        }
    }
}
