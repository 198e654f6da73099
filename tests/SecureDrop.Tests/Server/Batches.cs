using System.Security.Cryptography;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Replies;

namespace SecureDrop.Tests.Server;

/// <summary>Batches of the right form, for nobody.</summary>
internal static class Batches
{
    private const int ReplySizeInBytes = 8_192;
    private static readonly HybridIdentity[] Recipients = [HybridIdentity.Generate(), HybridIdentity.Generate()];

    public static IReadOnlyList<DeadDropEntry> New(ushort shard = 0) =>
    [
        .. Enumerable.Range(0, DeadDropBatch.Multiple).Select(_ => new DeadDropEntry(
            shard,
            (byte[])[.. RandomNumberGenerator.GetBytes(32), .. SealedBytes.Seal(ReplySizeInBytes, [Recipients[0].Recipient])],
            SealedBytes.Seal(ReplySizeInBytes, [.. Recipients.Select(identity => identity.Recipient)]))),
    ];
}
