using CsCheck;
using SecureDrop.Crypto.ProofOfWork;
using Xunit;

namespace SecureDrop.Tests.ProofOfWork;

public sealed class SolutionTests
{
    private static readonly string TicketText = Ticket.Issue(new byte[Ticket.DayKeySizeInBytes], 0, 0);

    private static readonly byte[] Id = Ticket.UploadId(TicketText);

    [Theory]
    [InlineData(0, 0U)]
    [InlineData(1, 1U)]
    [InlineData(8, 0U)]
    [InlineData(9, uint.MaxValue)]
    public void Solve_AnyBlock_PaysForItToTheBit(int difficulty, uint block)
    {
        string value = Solution.Solve(TicketText, block, difficulty);
        Assert.True(Solution.Verify(value, Id, block, difficulty));
        int zeros = Solution.LeadingZeroBits(value, Id, block);
        Assert.True(zeros >= difficulty);
        Assert.True(Solution.Verify(value, Id, block, zeros));
        Assert.False(Solution.Verify(value, Id, block, zeros + 1));
    }

    [Fact]
    public void Solve_Twice_BeginsElsewhere() => Assert.NotEqual(Solution.Solve(TicketText, 0, 0), Solution.Solve(TicketText, 0, 0));

    /// <summary>What pays for one block, upload or ticket is worth nothing for another, but by chance.</summary>
    [Fact]
    public void Verify_WithAnythingChanged_IsNotPaid()
    {
        const int Difficulty = 10;
        string value = Solution.Solve(TicketText, 7, Difficulty);
        Assert.False(Solution.Verify(value, Ticket.UploadId("another"), 7, 0));
        Assert.False(Solution.Verify(value, Id.AsSpan(0, 15), 7, 0));
        Assert.False(Solution.Verify(value, [], 7, 0));
        int paid = Enumerable.Range(0, 50).Count(block => block != 7 && Solution.Verify(value, Id, (uint)block, Difficulty));
        // 49 tries at 1 in 1,024.
        Assert.InRange(paid, 0, 5);
        for (int at = 0; at < TicketText.Length; at++)
        {
            string changed = value[..at] + (value[at] == 'A' ? 'B' : 'A') + value[(at + 1)..];
            Assert.False(Solution.Verify(changed, Id, 7, 0));
        }
    }

    [Fact]
    public void Verify_AtDifficultyZero_TakesAnyNonceOfOneTo16Bytes()
    {
        for (int bytes = 0; bytes <= Solution.LongestNonceInBytes + 1; bytes++)
        {
            string value = $"{TicketText}.{new string('a', bytes * 2)}";
            Assert.Equal(bytes is >= 1 and <= Solution.LongestNonceInBytes, Solution.Verify(value, Id, 0, 0));
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(Solution.LongestTicketInCharacters, true)]
    [InlineData(Solution.LongestTicketInCharacters + 1, false)]
    public void TrySplit_TicketOfAnyLength_IsTakenToALimit(int length, bool taken)
    {
        string ticket = new('a', length);
        Assert.Equal(taken, Solution.TrySplit($"{ticket}.00", out string? read));
        Assert.Equal(taken ? ticket : null, read);
    }

    [Fact]
    public void TrySplit_AnyText_GivesBackExactlyWhatStandsBeforeTheDot() => Gen.OneOf(Gen.String, Gen.String[Gen.Char["aZ9-_.0f+ "], 0, 30]).Sample(
        text =>
        {
            if (Solution.TrySplit(text, out string? ticket))
            {
                Assert.Matches("^[A-Za-z0-9_-]{1,128}\\.([0-9a-f]{2}){1,16}\\z", text);
                Assert.StartsWith(ticket + ".", text, StringComparison.Ordinal);
            }
            else
            {
                Assert.DoesNotMatch("^[A-Za-z0-9_-]{1,128}\\.([0-9a-f]{2}){1,16}\\z", text);
            }
        },
        iter: 5000);

    [Fact]
    public void TrySplit_Nothing_IsNone()
    {
        Assert.False(Solution.TrySplit(null, out _));
        Assert.False(Solution.Verify(null, Id, 0, 0));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("a.b", 0)]
    [InlineData("é", 0)]
    [InlineData("a", -1)]
    [InlineData("a", Ticket.LargestDifficulty + 1)]
    public void Solve_OutOfItsLimits_IsMisuse(string ticket, int difficulty) => Assert.ThrowsAny<ArgumentException>(() => Solution.Solve(ticket, 0, difficulty));

    [Fact]
    public void Verify_NegativeDifficultyOrLeadingZeroBitsOfAnotherId_IsMisuse()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Solution.Verify("a.00", Ticket.UploadId("a"), 0, -1));
        Assert.Throws<ArgumentException>(() => Solution.LeadingZeroBits("a.00", new byte[15], 0));
    }

    [Fact]
    public void Solve_Cancelled_Stops()
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => Solution.Solve(TicketText, 0, Ticket.LargestDifficulty, cancelled.Token));
    }
}
