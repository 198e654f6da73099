using System.Numerics;
using System.Security.Cryptography;

namespace SecureDrop.Server.Metrics;

/// <summary>
/// Numbers of which only the size may be told. Rounding alone would not do: whoever adds visits of its own until the next step sees by the
/// step whether somebody else came. So the step is blurred by chance first, and one more or less changes the odds by less than one in the
/// smallest step.
/// </summary>
internal static class Coarse
{
    /// <summary>A power of two, at most <paramref name="value"/> and more than a quarter of it; 0 where that is below <paramref name="smallestStep"/>.</summary>
    /// <param name="value">The number, not negative.</param>
    /// <param name="smallestStep">The smallest that is told, a power of two.</param>
    public static long Blurred(long value, long smallestStep) => Step(value, smallestStep, Chance());

    /// <summary>The same for a <paramref name="chance"/> in [0, 1).</summary>
    internal static long Step(long value, long smallestStep, double chance)
    {
        var blurred = (long)(value / (1 + chance));
        return blurred < smallestStep ? 0 : 1L << BitOperations.Log2((ulong)blurred);
    }

    private static double Chance()
    {
        const int Bits = 53;
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return (BitConverter.ToUInt64(bytes) >> (64 - Bits)) / (double)(1UL << Bits);
    }
}
