using System.Numerics;

namespace SecureDrop.Crypto.Minisign;

/// <summary>
/// What libsodium checks of an encoded point before it verifies: the y coordinate is below p = 2^255 − 19 and that of a point on the
/// curve, and the point is none of the eight of small order. With a key of small order one signature fits many texts, and anybody can make it.
/// </summary>
internal static class Ed25519Encoding
{
    /// <summary>The y coordinates of the points of small order, little endian, without the sign bit (RFC 8032, section 5.1; order 1, 2, 4 and 8).</summary>
    private static readonly byte[][] SmallOrder =
    [
        Convert.FromHexString("0100000000000000000000000000000000000000000000000000000000000000"),
        Convert.FromHexString("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        Convert.FromHexString("0000000000000000000000000000000000000000000000000000000000000000"),
        Convert.FromHexString("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        Convert.FromHexString("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    ];

    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;

    /// <summary>The curve's constant −121665/121666 (RFC 8032, section 5.1).</summary>
    private static readonly BigInteger D = (P - 121665) * BigInteger.ModPow(121666, P - 2, P) % P;

    public static bool IsAcceptableKey(ReadOnlySpan<byte> point) => IsCanonical(point) && !IsOfSmallOrder(point) && IsOnCurve(point);

    /// <summary>True when x² = (y² − 1) / (d·y² + 1) has a root: one key in two is no point at all, and no signature of it verifies.</summary>
    private static bool IsOnCurve(ReadOnlySpan<byte> point)
    {
        Span<byte> y = stackalloc byte[32];
        point.CopyTo(y);
        y[31] &= 0x7f;
        BigInteger ySquared = BigInteger.ModPow(new BigInteger(y, isUnsigned: true), 2, P);
        // A quotient is a square where the product is. The product is 0 only for y = ±1, which is of small order.
        BigInteger product = (ySquared - 1) * ((D * ySquared) + 1) % P;
        return BigInteger.ModPow(product, (P - 1) / 2, P).IsOne;
    }

    private static bool IsCanonical(ReadOnlySpan<byte> point)
    {
        // p = 7f ff … ff ed in big endian.
        if ((point[31] & 0x7f) != 0x7f || point[1..31].ContainsAnyExcept((byte)0xff))
        {
            return true;
        }
        return point[0] < 0xed;
    }

    private static bool IsOfSmallOrder(ReadOnlySpan<byte> point)
    {
        foreach (byte[] small in SmallOrder)
        {
            if (point[..31].SequenceEqual(small.AsSpan(0, 31)) && (point[31] & 0x7f) == small[31])
            {
                return true;
            }
        }
        return false;
    }
}
