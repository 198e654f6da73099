using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SecureDrop.Crypto.Archives;
using SecureDrop.Tests.Archives;

namespace SecureDrop.Tests.Vectors;

/// <summary>The archives of <see cref="OwnVectorWriter"/>; <c>members</c> is null where one is to be refused.</summary>
internal sealed class OwnArchiveVectors
{
    private readonly JsonArray _archives = [];

    internal JsonObject Write()
    {
        Good("no member");
        Good("an empty member", 0, ("empty", []));
        Good("a byte less than a block, a block, a byte more", 0, ("a", Bytes(511)), ("b", Bytes(512)), ("c", Bytes(513)));
        Good("zeros after the end, to no multiple of a block", 1001, ("a", Bytes(1)));
        Good("a name of 100 characters", 0, (new string('n', UstarHeader.MaxNameLength), Bytes(1)));
        Good("every character a name may have", 0, (string.Concat(Enumerable.Range('!', 94).Select(c => (char)c)), Bytes(1)));
        Good("paths that lead elsewhere", 0, ("../../x", Bytes(1)), ("/x", Bytes(1)), ("C:\\x", Bytes(1)));
        Good("content that looks like an archive", 0, ("inner.tar", TarBytes.Archive(0, TarBytes.Member("a", Bytes(3)))));
        WriteWrongEnds();
        WriteWrongHeaders();
        return new JsonObject { ["archives"] = _archives };
    }

    private void WriteWrongEnds()
    {
        byte[] one = TarBytes.Archive(0, TarBytes.Member("a", Bytes(1)));
        Refuse("nothing", []);
        Refuse("one block of zeros", new byte[512]);
        Refuse("no end", one[..1024]);
        Refuse("one end block of two", one[..^512]);
        Refuse("cut by a byte", one[..^1]);
        Refuse("cut in padding", one[..1000]);
        Refuse("cut in content", one[..512]);
        Refuse("something after the end", [.. one, .. new byte[10_000], 1]);
        Refuse("another member after the end", [.. one, .. TarBytes.Member("b", Bytes(1)), .. new byte[1024]]);
        Refuse("padding that is not zero", Changed(one, 1023, 1));
        Refuse("the second end block is not zero", Changed(one, one.Length - 512, 1));
        Refuse("the first byte of the end is not zero", Changed(one, 1024, 1));
    }

    private void WriteWrongHeaders()
    {
        Refuse("a checksum that does not fit", Changed(TarBytes.Archive(0, TarBytes.Member("a", Bytes(1))), 153, (byte)'9'));
        Refuse("a symbolic link", TarBytes.Archive(0, TarBytes.Link("a", '2', "/etc/passwd")));
        Refuse("a hard link", TarBytes.Archive(0, TarBytes.Link("a", '1', "report.json")));
        (string What, int At, string Value)[] fields =
        [
            ("a character device", 156, "3"), ("a folder", 156, "5"), ("a pipe", 156, "6"), ("a global extended header", 156, "g"),
            ("a sparse file", 156, "S"), ("a mode that runs", 100, "0000755"), ("a set-user-id mode", 100, "0004600"), ("a group", 116, "0001750"),
            ("the time of now", 136, "14745600000"), ("a group's name", 297, "staff"), ("a device number", 329, "0000001"), ("a prefix", 345, "/"),
            ("something in the last byte", 511, "x"), ("the old magic", 257, "\0\0\0\0\0\0\0\0"), ("version 01", 263, "01"), ("a size of nines", 124, "99999999999"),
            ("a size with a sign", 124, "-0000000001"), ("a size far over the end", 124, "00077777777"), ("the largest size there is", 124, "77777777777"),
            ("no name", 0, "\0"), ("a space in the name", 0, " "), ("a control character in the name", 0, "\u001b"), ("a delete character in the name", 0, "\u007f"),
            ("a byte above ASCII in the name", 0, "ÿ"), ("a name that goes on after its NUL", 2, "b"),
        ];
        foreach ((string what, int at, string value) in fields)
        {
            byte[] member = TarBytes.Member("a", Bytes(1));
            Encoding.Latin1.GetBytes(value, member.AsSpan(at));
            TarBytes.FixChecksum(member.AsSpan(0, UstarHeader.SizeInBytes));
            Refuse(what, TarBytes.Archive(0, member));
        }
        byte[] large = TarBytes.Member("a", Bytes(1));
        Convert.FromHexString("800000000000000000000001").CopyTo(large, 124);
        TarBytes.FixChecksum(large.AsSpan(0, UstarHeader.SizeInBytes));
        Refuse("a size in base 256", TarBytes.Archive(0, large));
    }

    private static byte[] Bytes(int size) => [.. Enumerable.Range(0, size).Select(index => (byte)(index * 7 % 251 + 1))];

    private static byte[] Changed(byte[] archive, int at, byte value) => [.. archive[..at], value, .. archive[(at + 1)..]];

    private void Good(string what, int zeros = 0, params IReadOnlyList<(string Name, byte[] Content)> members)
    {
        byte[] archive = [.. TarBytes.Archive(0, [.. members.Select(member => TarBytes.Member(member.Name, member.Content))]), .. new byte[zeros]];
        Add(what, archive, [.. members.Select(member => (JsonNode)new JsonObject
        {
            ["name"] = member.Name,
            ["bytes"] = member.Content.Length,
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(member.Content)),
        })]);
    }

    private void Refuse(string what, byte[] archive) => Add(what, archive, null);

    private void Add(string what, byte[] archive, JsonArray? members)
    {
        string file = string.Create(CultureInfo.InvariantCulture, $"archives/{_archives.Count + 1:00}.tar");
        OwnVectorWriter.WriteFile(file, archive);
        _archives.Add((JsonNode)new JsonObject { ["file"] = file, ["what"] = what, ["members"] = members });
    }
}
