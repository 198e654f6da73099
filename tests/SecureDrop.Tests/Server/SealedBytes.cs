using System.Security.Cryptography;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Reports;

namespace SecureDrop.Tests.Server;

/// <summary>Sealed files of the lengths that reports have. What is in them is nobody's business here: the server cannot look.</summary>
internal static class SealedBytes
{
    private static readonly HybridIdentity[] Recipients = [.. Enumerable.Range(0, 3).Select(_ => HybridIdentity.Generate())];

    public static byte[] Text(int recipients = 2) => Of(SizeClass.SmallestInBytes, recipients);

    /// <summary>A report of some size class, with two recipients.</summary>
    public static byte[] Large(long plaintextBytes = 7L << 19) => Of(SizeClass.For(plaintextBytes), 2);

    /// <summary>An age file over any number of bytes.</summary>
    public static byte[] Of(long plaintextBytes, int recipients) =>
        Seal(plaintextBytes, [.. Recipients.Take(recipients).Select(identity => (IAgeRecipient)identity.Recipient)]);

    public static byte[] Seal(long plaintextBytes, IReadOnlyList<IAgeRecipient> recipients)
    {
        using var sealedBytes = new MemoryStream();
        using (var seal = new AgeSealStream(sealedBytes, recipients, leaveOpen: true))
        {
            seal.Write(RandomNumberGenerator.GetBytes((int)plaintextBytes));
            seal.Complete();
        }
        return sealedBytes.ToArray();
    }
}
