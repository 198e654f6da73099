namespace SecureDrop.Crypto.Age.Recipients;

/// <summary>The check of an ML-KEM-768 encapsulation key that FIPS 203 asks for before it is used.</summary>
/// <remarks>FIPS 203, section 7.2, "modulus check". Other implementations of age refuse such a key, so we must not be the one that takes it.</remarks>
internal static class MlKemEncoding
{
    internal const int EncapsulationKeySizeInBytes = 1184;
    private const int CoefficientsSizeInBytes = 1152;
    private const int Modulus = 3329;

    /// <summary>Whether each 12-bit coefficient is below the modulus.</summary>
    internal static bool IsCanonical(ReadOnlySpan<byte> encapsulationKey)
    {
        for (int i = 0; i < CoefficientsSizeInBytes; i += 3)
        {
            int first = encapsulationKey[i] | ((encapsulationKey[i + 1] & 0x0f) << 8);
            int second = (encapsulationKey[i + 1] >> 4) | (encapsulationKey[i + 2] << 4);
            if (first >= Modulus || second >= Modulus)
            {
                return false;
            }
        }

        return true;
    }
}
