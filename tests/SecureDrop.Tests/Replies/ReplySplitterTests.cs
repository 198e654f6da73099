using System.Text;
using CsCheck;
using SecureDrop.Crypto.Replies;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Replies;

public sealed class ReplySplitterTests
{
    private static readonly string[] CodePoints = ["a", "\"", "\\", "\n", "\u0001", "漏", "😀", "\u2028", "\u00e9", "<", "\u200b"];
    private static readonly TestDrop Drop = new();

    /// <summary>Of every kind of code point that JSON or UTF-8 treats apart.</summary>
    private static readonly Gen<string> Messages = Gen.Select(
        Gen.Int[0, CodePoints.Length - 1].Array[0, 60], Gen.Int[0, 300], (units, times) => string.Concat(Enumerable.Repeat(string.Concat(units.Select(i => CodePoints[i])), times)));

    [Fact]
    public void Split_AnyMessage_IsPartsThatFitAndJoinToIt() =>
        Messages.Sample(
            message =>
            {
                IReadOnlyList<Reply> parts = ReplySplitter.Split(TestReplies.New(Drop, message));
                Assert.Equal(message, string.Concat(parts.Select(part => part.Message)));
                Assert.Equal(Enumerable.Range(1, parts.Count), parts.Select(part => part.Part));
                Assert.All(parts, part =>
                {
                    Assert.Equal((parts.Count, parts[0].Id, parts[0].Day, parts[0].Kind), (part.Parts, part.Id, part.Day, part.Kind));
                    Assert.InRange(part.Write().Length, 0, Reply.MaxJsonInBytes);
                    // Cut between code points: each part alone is well-formed.
                    Assert.Equal(part.Message, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(part.Message)));
                });
            },
            iter: 60);

    [Fact]
    public void Split_LongMessage_WastesNoPart()
    {
        IReadOnlyList<Reply> parts = ReplySplitter.Split(TestReplies.New(Drop, new string('x', 20_000)));
        Assert.All(parts.SkipLast(1), part => Assert.InRange(part.Write().Length, Reply.MaxJsonInBytes - 10, Reply.MaxJsonInBytes));
    }

    [Fact]
    public void Split_NoMessage_IsOnePart() => Assert.Equal("", Assert.Single(ReplySplitter.Split(TestReplies.New(Drop, ""))).Message);

    [Fact]
    public void Split_WhatCannotBe_IsMisuse()
    {
        Assert.Throws<ArgumentException>(() => ReplySplitter.Split(TestReplies.New(Drop, "a\ud800b")));
        Assert.Throws<ArgumentException>(() => ReplySplitter.Split(TestReplies.New(Drop, new string('x', 6 << 20))));
        Assert.Throws<ArgumentException>(() => ReplySplitter.Split(TestReplies.New(Drop, "x") with { Kind = new string('k', 6000) }));
    }
}
