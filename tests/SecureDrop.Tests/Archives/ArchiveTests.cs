using CsCheck;
using SecureDrop.Crypto.Archives;
using SecureDrop.Tests.Age;
using Xunit;

namespace SecureDrop.Tests.Archives;

public sealed class ArchiveTests
{
    private static readonly Gen<(string Name, byte[] Content)[]> Members = Gen.Select(
        Gen.String[Gen.Char['!', '~'], 1, UstarHeader.MaxNameLength],
        Gen.OneOf(Gen.Byte.Array[0, 40], Gen.Byte.Array[500, 530])).Array[0, 6];

    [Fact]
    public void Archive_OfAnyMembers_IsReadAgainInAnyPieces() =>
        Gen.Select(Members, Gen.Int[1, 600], Gen.Int[0, 3000]).Sample((members, piece, more) =>
        {
            byte[] archive = Write(members, more);
            List<(string, byte[])> read = Read(new DribblingStream(new MemoryStream(archive), piece), out long length);
            Assert.Equal(members.Select(member => member.Name), read.Select(member => member.Item1));
            Assert.All(members.Zip(read), pair => Assert.Equal(pair.First.Content, pair.Second.Item2));
            Assert.Equal(archive.Length - more, length);
        });

    /// <summary>What changes neither a name nor a size nor content is nothing that an archive may hold.</summary>
    [Fact]
    public void Archive_AnyByteFlipped_IsRefusedOrIsOtherContent() =>
        Gen.Select(Members.Where(members => members.Length > 0), Gen.Int[0, int.MaxValue], Gen.Byte[1, 255]).Sample((members, place, flip) =>
        {
            byte[] archive = Write(members, 700);
            archive[place % archive.Length] ^= flip;
            List<(string Name, byte[] Content)> read;
            try
            {
                read = Read(new MemoryStream(archive), out _);
            }
            catch (ArchiveFormatException)
            {
                return;
            }
            Assert.Equal(members.Select(member => (member.Name, member.Content.Length)), read.Select(member => (member.Name, member.Content.Length)));
            Assert.Single(members.Zip(read), pair => !pair.First.Content.SequenceEqual(pair.Second.Content));
        });

    [Fact]
    public void Archive_CutAnywhere_IsRefused()
    {
        byte[] archive = Write([("a", new byte[3]), ("b", new byte[512])], 0);
        for (int length = 0; length < archive.Length; length++)
        {
            Assert.Throws<ArchiveFormatException>(() => Read(new MemoryStream(archive, 0, length), out _));
        }
    }

    [Fact]
    public void Archive_HugeSizeInAHeader_AllocatesNothingAndIsRefused()
    {
        byte[] header = new byte[UstarHeader.SizeInBytes];
        UstarHeader.Write("a", UstarHeader.MaxContentSizeInBytes, header);
        ArchiveReader reader = new(new MemoryStream(header));
        Assert.Equal(UstarHeader.MaxContentSizeInBytes, reader.ReadHeader()!.Value.SizeInBytes);
        Assert.Throws<ArchiveFormatException>(() => reader.Read(new byte[10]));
    }

    [Fact]
    public void ReadHeader_BeforeTheContentIsRead_IsMisuse()
    {
        ArchiveReader reader = new(new MemoryStream(Write([("a", new byte[3])], 0)));
        reader.ReadHeader();
        Assert.Throws<InvalidOperationException>(() => reader.ReadHeader());
    }

    [Fact]
    public void Writer_OtherThanAnnounced_IsMisuse()
    {
        ArchiveWriter writer = new(new MemoryStream());
        writer.BeginMember("a", 2);
        writer.Write([1]);
        Assert.Throws<InvalidOperationException>(() => writer.BeginMember("b", 0));
        Assert.Throws<InvalidOperationException>(() => writer.Finish(10_240));
        Assert.Throws<InvalidOperationException>(() => writer.Write([1, 2]));
        writer.Write([2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Finish(2047));
        writer.Finish(2048);
        Assert.Throws<InvalidOperationException>(() => writer.BeginMember("b", 0));
    }

    private static byte[] Write((string Name, byte[] Content)[] members, int zeros)
    {
        using MemoryStream archive = new();
        ArchiveWriter writer = new(archive);
        foreach ((string name, byte[] content) in members)
        {
            writer.WriteMember(name, content);
        }
        writer.Finish(members.Sum(member => UstarHeader.MemberSizeInBytes(member.Content.Length)) + ArchiveWriter.EndSizeInBytes + zeros);
        return archive.ToArray();
    }

    private static List<(string Name, byte[] Content)> Read(Stream archive, out long length)
    {
        ArchiveReader reader = new(archive);
        List<(string, byte[])> members = [];
        while (reader.ReadHeader() is { } member)
        {
            members.Add((member.Name, reader.ReadContent(member)));
        }
        length = reader.ReadEnd();
        return members;
    }
}
