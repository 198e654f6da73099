using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Rosters;

/// <summary>
/// Lets one administrator bring the first roster to a server without a pinned key. Printed once; only its hash is kept, so a
/// copy of the data folder cannot set the drop up for somebody else.
/// </summary>
public static class SetupToken
{
    private const int SizeInBytes = 24;

    /// <summary>Makes a new token, in place of an earlier one, and returns it for printing.</summary>
    public static async Task<string> RenewAsync(IRosterStore store, CancellationToken cancel)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SizeInBytes));
        await store.WriteSetupTokenHashAsync(Hash(token), cancel);
        return token;
    }

    public static async Task<bool> IsValidAsync(IRosterStore store, string? token, CancellationToken cancel) =>
        token is not null && await store.ReadSetupTokenHashAsync(cancel) is { } hash
        && CryptographicOperations.FixedTimeEquals(Hash(token), hash.Span);

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
