using System.Numerics;

namespace SecureDrop.Server.Metrics;

/// <summary>
/// Numbers of which only the size may be told. Rounding alone would not do: whoever adds visits of its own until the next step sees by the
/// step whether somebody else came. So the step is blurred by chance first, and one more or less changes the odds by less than one in the
/// smallest step. Chance is drawn once for a number, not at each answer: who may draw again sees through it.
/// </summary>
internal static class Coarse
{
    /// <summary>A power of two, at most <paramref name="value"/> and more than a quarter of it; 0 where that is below <paramref name="smallestStep"/>.</summary>
    /// <param name="value">The number, not negative.</param>
    /// <param name="smallestStep">The smallest that is told, a power of two.</param>
    /// <param name="chance">In [0, 1), which nobody knows who is told.</param>
    public static long Blurred(long value, long smallestStep, double chance)
    {
        var blurred = (long)(value / (1 + chance));
        return blurred < smallestStep ? 0 : 1L << BitOperations.Log2((ulong)blurred);
    }
}
