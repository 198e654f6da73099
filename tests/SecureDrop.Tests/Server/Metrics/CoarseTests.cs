using System.Numerics;
using CsCheck;
using SecureDrop.Server.Metrics;
using Xunit;

namespace SecureDrop.Tests.Server.Metrics;

/// <summary>One more or less must not be seen.</summary>
public sealed class CoarseTests
{
    private const long Smallest = 128;

    [Fact]
    public void Blurred_OfAnyNumber_IsAPowerOfTwoThatIsNotFarOff() => Gen.Select(Gen.OneOf(Gen.Long[0, 2000], Gen.Long[0, 1L << 52]), Gen.Double[0, 1].Where(chance => chance < 1)).Sample((value, chance) =>
    {
        var step = Coarse.Blurred(value, Smallest, chance);
        if (step == 0)
            return value < 2 * Smallest;
        return BitOperations.IsPow2(step) && step >= Smallest && step <= value && value < 4 * step;
    });

    /// <summary>The share of chances for which one more changes what is told, over all of them: never more than one in the smallest step.</summary>
    [Fact]
    public void Blurred_OfOneMore_ChangesTheOddsByLessThanOneInTheSmallestStep()
    {
        const int Chances = 20_000;
        for (var value = 0L; value < 600; value += value is > 120 and < 130 ? 1 : 7)
        {
            var changed = Enumerable.Range(0, Chances).Count(n =>
                Coarse.Blurred(value, Smallest, n / (double)Chances) != Coarse.Blurred(value + 1, Smallest, n / (double)Chances));
            Assert.True(changed <= (Chances / Smallest) + 2, $"{value}: {changed} of {Chances}");
        }
    }
}
