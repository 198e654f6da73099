using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SecureDrop.Server.Storage;

/// <summary>
/// The 16 bytes under which a store knows a report: HMAC-SHA-256(day key, upload id)[0..16]. Ordered as big-endian bytes,
/// so that every store lists in the same order, and written as 32 lower-case hex digits.
/// </summary>
public readonly record struct StoredId(UInt128 Value) : IComparable<StoredId>
{
    /// <summary>Length of the binary form.</summary>
    public const int SizeInBytes = 16;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>Before every id: where a listing begins.</summary>
    public static StoredId First => default;

    /// <exception cref="ArgumentException">The span is not 16 bytes.</exception>
    public static StoredId FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == SizeInBytes
            ? new(BinaryPrimitives.ReadUInt128BigEndian(bytes))
            : throw new ArgumentException($"A stored id is {SizeInBytes} bytes.", nameof(bytes));

    /// <summary>Reads 32 lower-case hex digits; any other spelling is refused, so that one id has one URL.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out StoredId id)
    {
        id = default;
        if (text is not { Length: SizeInBytes * 2 } || text.AsSpan().ContainsAnyExcept(Digits))
            return false;
        id = new(UInt128.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        return true;
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[SizeInBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return bytes;
    }

    public int CompareTo(StoredId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);

    public static bool operator <(StoredId left, StoredId right) => left.CompareTo(right) < 0;
    public static bool operator >(StoredId left, StoredId right) => left.CompareTo(right) > 0;
    public static bool operator <=(StoredId left, StoredId right) => left.CompareTo(right) <= 0;
    public static bool operator >=(StoredId left, StoredId right) => left.CompareTo(right) >= 0;
}
