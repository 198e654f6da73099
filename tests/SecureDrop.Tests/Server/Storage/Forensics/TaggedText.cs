using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SecureDrop.Tests.Server.Storage.Forensics;

/// <summary>
/// Bytes that say everywhere whose they are: sixteen of them, over and over, made of a mark of this run and a number. Whatever is
/// left of a text in whatever file is found by any 31 bytes of it. (Real ones are sealed: a thief finds them by their id, or by an
/// upload of its own.)
/// </summary>
internal static class TaggedText
{
    private const int TagSizeInBytes = 16;
    private static readonly byte[] Mark = RandomNumberGenerator.GetBytes(TagSizeInBytes - sizeof(int));

    /// <summary>A stretch of one text's bytes.</summary>
    public sealed record Stretch(int Text, long Offset, int SizeInBytes);

    public static byte[] Make(int text, int sizeInBytes)
    {
        var bytes = new byte[sizeInBytes];
        Mark.CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(Mark.Length), text);
        for (var filled = TagSizeInBytes; filled < sizeInBytes; filled *= 2)
            bytes.AsSpan(0, Math.Min(filled, sizeInBytes - filled)).CopyTo(bytes.AsSpan(filled));
        return bytes;
    }

    /// <summary>Every stretch in these bytes, which begin at <paramref name="offset"/> of their file.</summary>
    public static List<Stretch> Find(ReadOnlySpan<byte> bytes, long offset)
    {
        var found = new List<Stretch>();
        for (var at = 0; bytes[at..].IndexOf(Mark) is >= 0 and var ahead && at + ahead + TagSizeInBytes <= bytes.Length;)
        {
            at += ahead;
            var run = bytes[at..].CommonPrefixLength(bytes[(at + TagSizeInBytes)..]) + TagSizeInBytes;
            found.Add(new Stretch(BinaryPrimitives.ReadInt32BigEndian(bytes[(at + Mark.Length)..]), offset + at, run));
            at += run;
        }
        return found;
    }
}
