using CsCheck;
using SecureDrop.Crypto.ProofOfWork;
using Xunit;

namespace SecureDrop.Tests.ProofOfWork;

public sealed class TicketTests
{
    private const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly byte[] DayKey = [.. Enumerable.Range(0, Ticket.DayKeySizeInBytes).Select(index => (byte)index)];

    [Fact]
    public void Ticket_OfAnyDifficultyAndTime_IsVerifiedByItsDayKeyAlone() =>
        Gen.Select(Gen.Byte.Array[32], Gen.Byte.Array[32], Gen.Int[0, Ticket.LargestDifficulty], Gen.Long[0, long.MaxValue]).Sample((key, otherKey, difficulty, issued) =>
        {
            string ticket = Ticket.Issue(key, difficulty, issued);
            Assert.Equal(Ticket.LengthInCharacters, ticket.Length);
            Assert.True(Ticket.TryVerify(key, ticket, out int readDifficulty, out long readIssued));
            Assert.Equal((difficulty, issued), (readDifficulty, readIssued));
            Assert.Equal(key.SequenceEqual(otherKey), Ticket.TryVerify(otherKey, ticket, out _, out _));
        });

    /// <summary>A second spelling would have another upload id: one ticket, many uploads.</summary>
    [Fact]
    public void Ticket_WithAnyCharacterChanged_IsRefused()
    {
        string ticket = Ticket.Issue(DayKey, 14, 1_796_000_000);
        for (int at = 0; at < ticket.Length; at++)
        {
            foreach (char character in Characters + "+/= \n.\u0100")
            {
                string changed = ticket[..at] + character + ticket[(at + 1)..];
                Assert.Equal(changed == ticket, Ticket.TryVerify(DayKey, changed, out int difficulty, out long issued));
                Assert.True(changed == ticket || (difficulty, issued) == (0, 0));
            }
        }
    }

    [Fact]
    public void Ticket_CutOrContinued_IsRefused()
    {
        string ticket = Ticket.Issue(DayKey, 0, 0);
        for (int length = 0; length < ticket.Length; length++)
        {
            Assert.False(Ticket.TryVerify(DayKey, ticket[..length], out _, out _));
        }
        Assert.All(["A", "=", "AAAA", "\n", " "], more => Assert.False(Ticket.TryVerify(DayKey, ticket + more, out _, out _)));
        Assert.False(Ticket.TryVerify(DayKey, null, out _, out _));
    }

    [Fact]
    public void Ticket_IssuedTwice_IsTwoTicketsForTwoUploads()
    {
        string[] tickets = [.. Enumerable.Range(0, 100).Select(_ => Ticket.Issue(DayKey, 5, 5))];
        Assert.Equal(100, tickets.Distinct().Count());
        Assert.Equal(100, tickets.Select(ticket => Convert.ToHexString(Ticket.UploadId(ticket))).Distinct().Count());
        Assert.All(tickets, ticket => Assert.Equal(Ticket.UploadIdSizeInBytes, Ticket.UploadId(ticket).Length));
    }

    [Theory]
    [InlineData(31, 0, 0)]
    [InlineData(33, 0, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(32, -1, 0)]
    [InlineData(32, 25, 0)]
    [InlineData(32, 0, -1)]
    public void Issue_OutOfItsLimits_IsMisuse(int keySize, int difficulty, long issued) =>
        Assert.ThrowsAny<ArgumentException>(() => Ticket.Issue(new byte[keySize], difficulty, issued));

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void TryVerify_WithAKeyOfAnotherSize_IsMisuse(int keySize) =>
        Assert.Throws<ArgumentException>(() => Ticket.TryVerify(new byte[keySize], Ticket.Issue(DayKey, 0, 0), out _, out _));
}
