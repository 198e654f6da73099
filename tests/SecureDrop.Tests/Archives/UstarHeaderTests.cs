using System.Formats.Tar;
using System.Text.Json;
using SecureDrop.Crypto.Archives;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Archives;

public sealed class UstarHeaderTests
{
    public static TheoryData<string> ForeignHeaders =>
        ["link", "symbolic link", "directory", "device", "pax", "gnu", "mode", "owner", "mtime", "prefix", "size in base 256", "v7", "checksum"];

    [Fact]
    public void Header_OfTheVectors_IsTheirs()
    {
        JsonElement vectors = VectorFile.Json("headers.json");
        Assert.Equal(4, vectors.GetArrayLength());
        foreach (JsonElement vector in vectors.EnumerateArray())
        {
            byte[] expected = Convert.FromHexString(vector.Text("header"));
            Assert.Equal(expected, Header(vector.Text("name"), vector.GetProperty("size").GetInt64()));
            Assert.True(UstarHeader.TryRead(expected, out string name, out long size));
            Assert.Equal((vector.Text("name"), vector.GetProperty("size").GetInt64()), (name, size));
        }
    }

    [Fact]
    public void Header_AnyBitFlipped_IsRefused()
    {
        byte[] header = Header("attachments/0001", 4711);
        for (int bit = 0; bit < 8 * header.Length; bit++)
        {
            header[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(UstarHeader.TryRead(header, out _, out _), $"bit {bit}");
            header[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    /// <summary>Each has a correct checksum: it is refused for what it is.</summary>
    [Theory, MemberData(nameof(ForeignHeaders))]
    public void Header_OfAnotherForm_IsRefused(string form)
    {
        byte[] header = form switch
        {
            "link" => Entry(TarEntryType.HardLink),
            "symbolic link" => Entry(TarEntryType.SymbolicLink),
            "directory" => Entry(TarEntryType.Directory),
            "device" => Entry(TarEntryType.BlockDevice),
            "pax" => Bytes(new PaxTarEntry(TarEntryType.RegularFile, "a")),
            "gnu" => Bytes(new GnuTarEntry(TarEntryType.RegularFile, "a")),
            "v7" => Bytes(new V7TarEntry(TarEntryType.V7RegularFile, "a")),
            "mode" => Changed(100, "0000644\0"),
            "owner" => Changed(108, "0001750\0"),
            "mtime" => Changed(136, "00000000002\0"),
            "prefix" => Changed(345, "etc"),
            "size in base 256" => Changed(124, "\u0080\0\0\0\0\0\0\0\0\0\0\u0001"),
            "checksum" => Unchecked(),
            _ => throw new ArgumentOutOfRangeException(nameof(form)),
        };
        Assert.False(UstarHeader.TryRead(header, out _, out _));
    }

    [Fact]
    public void Header_OfTheLongestName_IsReadAgain()
    {
        string name = new('n', UstarHeader.MaxNameLength);
        Assert.True(UstarHeader.TryRead(Header(name, UstarHeader.MaxContentSizeInBytes), out string read, out long size));
        Assert.Equal((name, UstarHeader.MaxContentSizeInBytes), (read, size));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("漏")]
    [InlineData("a\n")]
    public void Write_NoName_IsMisuse(string name) => Assert.Throws<ArgumentException>(() => Header(name, 0));

    [Fact]
    public void Write_OutOfRange_IsMisuse()
    {
        Assert.Throws<ArgumentException>(() => Header(new string('n', UstarHeader.MaxNameLength + 1), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Header("a", -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Header("a", UstarHeader.MaxContentSizeInBytes + 1));
        Assert.Throws<ArgumentException>(() => UstarHeader.Write("a", 0, new byte[511]));
        Assert.False(UstarHeader.TryRead(Header("a", 0).AsSpan(1), out _, out _));
    }

    private static byte[] Header(string name, long size)
    {
        byte[] header = new byte[UstarHeader.SizeInBytes];
        UstarHeader.Write(name, size, header);
        return header;
    }

    private static byte[] Entry(TarEntryType type)
    {
        UstarTarEntry entry = new(type, "a");
        if (type is TarEntryType.HardLink or TarEntryType.SymbolicLink)
        {
            entry.LinkName = "/etc/passwd";
        }
        return Bytes(entry);
    }

    /// <summary>The platform's writer, made as alike to ours as its fields allow.</summary>
    private static byte[] Bytes(TarEntry entry)
    {
        entry.Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        entry.ModificationTime = DateTimeOffset.FromUnixTimeSeconds(1);
        using MemoryStream archive = new();
        using (TarWriter writer = new(archive, leaveOpen: true))
        {
            writer.WriteEntry(entry);
        }
        return archive.ToArray()[..UstarHeader.SizeInBytes];
    }

    private static byte[] Changed(int offset, string bytes)
    {
        byte[] header = Header("a", 1);
        for (int i = 0; i < bytes.Length; i++)
        {
            header[offset + i] = (byte)bytes[i];
        }
        TarBytes.FixChecksum(header);
        return header;
    }

    private static byte[] Unchecked()
    {
        byte[] header = Header("a", 1);
        "000000"u8.CopyTo(header.AsSpan(148));
        return header;
    }
}
