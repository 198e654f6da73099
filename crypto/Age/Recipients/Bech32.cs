namespace SecureDrop.Crypto.Age.Recipients;

/// <summary>
/// Bech32 of any length, in one case throughout, decoded only against a known prefix and size: what is not exactly one
/// spelling of exactly that many bytes is refused. Keeps no intermediate copy of what it codes, which may be a secret.
/// </summary>
/// <remarks>BIP 173, without its limit of 90 characters, as C2SP age asks.</remarks>
internal static class Bech32
{
    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const string UpperCaseAlphabet = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
    private const int ChecksumLength = 6;

    /// <summary>Characters of the text of <paramref name="sizeInBytes"/> bytes.</summary>
    internal static int TextLength(string prefix, int sizeInBytes) => prefix.Length + 1 + (((sizeInBytes * 8) + 4) / 5) + ChecksumLength;

    /// <summary>Writes ASCII in the case of the prefix.</summary>
    internal static void Encode(string prefix, ReadOnlySpan<byte> data, Span<byte> text)
    {
        ReadOnlySpan<char> alphabet = AlphabetFor(prefix);
        uint checksum = StartChecksum(prefix);
        int length = 0;
        foreach (char character in prefix)
        {
            text[length++] = (byte)character;
        }

        text[length++] = (byte)'1';
        uint bits = 0;
        int bitCount = 0;
        foreach (byte value in data)
        {
            bits = (bits << 8) | value;
            for (bitCount += 8; bitCount >= 5;)
            {
                bitCount -= 5;
                uint group = (bits >> bitCount) & 31;
                checksum = Step(checksum, group);
                text[length++] = (byte)alphabet[(int)group];
            }
        }

        if (bitCount > 0)
        {
            uint group = (bits << (5 - bitCount)) & 31;
            checksum = Step(checksum, group);
            text[length++] = (byte)alphabet[(int)group];
        }

        for (int i = 0; i < ChecksumLength; i++)
        {
            checksum = Step(checksum, 0);
        }

        checksum ^= 1;
        for (int i = ChecksumLength - 1; i >= 0; i--)
        {
            text[length++] = (byte)alphabet[(int)((checksum >> (5 * i)) & 31)];
        }
    }

    /// <summary>Reads the text of exactly <paramref name="data"/>'s size under exactly this prefix, in its case.</summary>
    internal static bool TryDecode(string prefix, ReadOnlySpan<char> text, Span<byte> data)
    {
        if (text.Length != TextLength(prefix, data.Length) || !text.StartsWith(prefix, StringComparison.Ordinal) || text[prefix.Length] != '1')
        {
            return false;
        }

        ReadOnlySpan<char> alphabet = AlphabetFor(prefix);
        uint checksum = StartChecksum(prefix);
        uint bits = 0;
        int bitCount = 0;
        int written = 0;
        ReadOnlySpan<char> groups = text[(prefix.Length + 1)..];
        for (int i = 0; i < groups.Length; i++)
        {
            int group = alphabet.IndexOf(groups[i]);
            if (group < 0)
            {
                return false;
            }

            checksum = Step(checksum, (uint)group);
            if (i >= groups.Length - ChecksumLength)
            {
                continue;
            }

            bits = (bits << 5) | (uint)group;
            bitCount += 5;
            if (bitCount >= 8)
            {
                bitCount -= 8;
                data[written++] = (byte)(bits >> bitCount);
            }
        }

        // Bits left over are padding and must be zero, or one key would have several texts.
        return checksum == 1 && (bits & ((1u << bitCount) - 1)) == 0;
    }

    private static string AlphabetFor(string prefix) => char.IsAsciiLetterUpper(prefix[0]) ? UpperCaseAlphabet : Alphabet;

    private static uint StartChecksum(string prefix)
    {
        uint checksum = 1;
        foreach (char character in prefix)
        {
            checksum = Step(checksum, (uint)char.ToLowerInvariant(character) >> 5);
        }

        checksum = Step(checksum, 0);
        foreach (char character in prefix)
        {
            checksum = Step(checksum, (uint)char.ToLowerInvariant(character) & 31);
        }

        return checksum;
    }

    // One step of the BCH code's polynomial division.
    private static uint Step(uint checksum, uint group)
    {
        uint top = checksum >> 25;
        uint next = ((checksum & 0x1ffffff) << 5) ^ group;
        ReadOnlySpan<uint> generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
        for (int i = 0; i < generators.Length; i++)
        {
            // No branch on a bit that comes from a secret.
            next ^= generators[i] & (0u - ((top >> i) & 1));
        }

        return next;
    }
}
