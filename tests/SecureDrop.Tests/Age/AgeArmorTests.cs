using System.Text;
using CsCheck;
using SecureDrop.Crypto.Age;
using Xunit;

namespace SecureDrop.Tests.Age;

public sealed class AgeArmorTests
{
    [Fact]
    public void WriteAndRead_AnyBytesInAnyPieces_AreTheSame() =>
        Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[1, 200], Gen.Int[1, 200], Gen.Int[1, 200]).Sample(
            (bytes, written, dribbled, read) =>
            {
                string text = Armor(bytes, written);
                Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 64));
                Assert.Equal(bytes, Decode(text, dribbled, read));
                Assert.Equal(bytes, Decode(text.ReplaceLineEndings("\r\n"), dribbled, read));
            },
            iter: 500);

    [Fact]
    public void Read_WithAnyCharacterChanged_FailsOrGivesOtherBytes()
    {
        byte[] bytes = AgeFiles.Random(100);
        string text = Armor(bytes, 7);
        for (int i = 0; i < text.Length - 1; i++)
        {
            foreach (char other in "A=\n -")
            {
                if (text[i] == other)
                {
                    continue;
                }

                string changed = $"{text[..i]}{other}{text[(i + 1)..]}";
                Exception? failure = Record.Exception(() => Assert.NotEqual(bytes, Decode(changed, 10, 10)));
                Assert.True(failure is null or AgeFormatException { Failure: AgeFailure.Armor }, $"{i} {other}: {failure}");
            }
        }
    }

    [Fact]
    public void Dispose_WithoutComplete_LeavesNoArmorThatReads()
    {
        using var text = new MemoryStream();
        using (ArmorWriteStream writer = AgeArmor.OpenWriter(text, leaveOpen: true))
        {
            writer.Write(AgeFiles.Random(96));
        }

        AgeFormatException failure = Assert.Throws<AgeFormatException>(() => Decode(Encoding.ASCII.GetString(text.ToArray()), 10, 10));
        Assert.Equal(AgeFailure.Armor, failure.Failure);
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public void Read_BlankLinesAround_AreBounded(int blanks, bool reads)
    {
        string text = new string('\n', blanks) + Armor([1, 2, 3], 1);
        Assert.Equal(reads, Record.Exception(() => Decode(text, 100, 100)) is null);
    }

    private static string Armor(byte[] bytes, int pieceSizeInBytes)
    {
        using var text = new MemoryStream();
        using ArmorWriteStream writer = AgeArmor.OpenWriter(text);
        foreach (byte[] piece in bytes.Chunk(pieceSizeInBytes))
        {
            writer.Write(piece);
        }

        writer.Complete();
        return Encoding.ASCII.GetString(text.ToArray());
    }

    private static byte[] Decode(string text, int dribbled, int read)
    {
        using Stream reader = AgeArmor.OpenReader(new DribblingStream(new MemoryStream(Encoding.ASCII.GetBytes(text)), dribbled));
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[read];
        for (int count; (count = reader.Read(buffer)) > 0;)
        {
            bytes.Write(buffer.AsSpan(0, count));
        }

        return bytes.ToArray();
    }
}
