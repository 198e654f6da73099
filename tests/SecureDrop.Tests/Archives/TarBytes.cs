using SecureDrop.Crypto.Archives;

namespace SecureDrop.Tests.Archives;

/// <summary>Builds archives piece by piece, wrong ones too.</summary>
internal static class TarBytes
{
    /// <summary>Gives a changed header the checksum that belongs to it, so that nothing but the change is wrong.</summary>
    internal static void FixChecksum(Span<byte> header)
    {
        header.Slice(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte b in header)
        {
            sum += b;
        }
        for (int i = 5; i >= 0; i--, sum >>= 3)
        {
            header[148 + i] = (byte)('0' + (sum & 7));
        }
        header[154] = 0;
    }

    /// <summary>A member with its padding.</summary>
    internal static byte[] Member(string name, ReadOnlySpan<byte> content)
    {
        byte[] member = new byte[UstarHeader.MemberSizeInBytes(content.Length)];
        UstarHeader.Write(name, content.Length, member.AsSpan(0, UstarHeader.SizeInBytes));
        content.CopyTo(member.AsSpan(UstarHeader.SizeInBytes));
        return member;
    }

    /// <summary>A member of another type.</summary>
    internal static byte[] Link(string name, char type, string target)
    {
        byte[] member = Member(name, []);
        member[156] = (byte)type;
        System.Text.Encoding.ASCII.GetBytes(target, member.AsSpan(157));
        FixChecksum(member.AsSpan(0, UstarHeader.SizeInBytes));
        return member;
    }

    /// <summary>Members, the two end blocks, and zeros up to a size (0: none).</summary>
    internal static byte[] Archive(long sizeInBytes, params IReadOnlyList<byte[]> members)
    {
        int length = members.Sum(member => member.Length);
        byte[] archive = new byte[Math.Max(length + ArchiveWriter.EndSizeInBytes, sizeInBytes)];
        int at = 0;
        foreach (byte[] member in members)
        {
            member.CopyTo(archive, at);
            at += member.Length;
        }
        return archive;
    }

    /// <summary>Reads a whole archive. Content is not believed to be as long as its header says.</summary>
    internal static List<(string Name, byte[] Content)> Read(byte[] archive)
    {
        ArchiveReader reader = new(new MemoryStream(archive));
        List<(string, byte[])> members = [];
        byte[] buffer = new byte[archive.Length + 1];
        while (reader.ReadHeader() is { } member)
        {
            using MemoryStream content = new();
            for (int read; (read = reader.Read(buffer)) > 0;)
            {
                content.Write(buffer.AsSpan(0, read));
            }
            members.Add((member.Name, content.ToArray()));
        }
        reader.ReadEnd();
        return members;
    }
}
