using System.Security.Cryptography;
using System.Text;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;

namespace SecureDrop.Tests.Age;

/// <summary>Whole files in memory, for tests.</summary>
internal static class AgeFiles
{
    /// <summary>Plaintext sizes around every boundary of the format.</summary>
    internal static readonly int[] EdgeSizes = [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000];

    internal static byte[] Seal(ReadOnlySpan<byte> plaintext, params IReadOnlyList<IAgeRecipient> recipients)
    {
        using var file = new MemoryStream();
        using var seal = new AgeSealStream(file, recipients);
        seal.Write(plaintext);
        seal.Complete();
        return file.ToArray();
    }

    internal static byte[] Open(byte[] file, params IReadOnlyList<IAgeIdentity> identities)
    {
        using AgeOpenStream open = AgeOpenStream.Open(new MemoryStream(file), identities);
        using var plaintext = new MemoryStream();
        open.CopyTo(plaintext);
        return plaintext.ToArray();
    }

    /// <summary>Opens as far as it goes.</summary>
    internal static (AgeFailure? Failure, byte[] Released) TryOpen(byte[] file, params IReadOnlyList<IAgeIdentity> identities)
    {
        using var released = new MemoryStream();
        try
        {
            using AgeOpenStream open = AgeOpenStream.Open(new MemoryStream(file), identities);
            open.CopyTo(released);
            return (null, released.ToArray());
        }
        catch (AgeFormatException e)
        {
            return (e.Failure, released.ToArray());
        }
    }

    internal static byte[] Random(int sizeInBytes) => RandomNumberGenerator.GetBytes(sizeInBytes);

    internal static string SecretText(HybridIdentity identity)
    {
        byte[] text = new byte[HybridIdentity.SecretTextSizeInBytes];
        identity.WriteSecretText(text);
        return Encoding.ASCII.GetString(text);
    }
}
