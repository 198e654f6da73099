using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Server.ReviewerApi;

/// <summary>
/// Logins, in memory only: a server that restarts asks to log in again. Challenges serve once; of tokens only the hash is kept.
/// </summary>
public sealed class Sessions(TimeProvider time)
{
    public static readonly TimeSpan ChallengeLifetime = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(1);

    // Anyone who reaches this listener may ask for challenges; more than these are not remembered.
    private const int MostChallenges = 4096;
    private const int RandomSizeInBytes = 32;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _challenges = new();
    private readonly ConcurrentDictionary<string, (MinisignPublicKey SessionKey, DateTimeOffset Ends)> _tokens = new();

    /// <returns>A challenge, or null while too many are open.</returns>
    public string? Challenge()
    {
        var now = time.GetUtcNow();
        if (_challenges.Count >= MostChallenges)
        {
            foreach (var (old, ends) in _challenges.Where(challenge => challenge.Value <= now))
                _challenges.TryRemove(old, out _);
            if (_challenges.Count >= MostChallenges)
                return null;
        }
        var challenge = RandomText();
        _challenges[challenge] = now + ChallengeLifetime;
        return challenge;
    }

    /// <summary>True once for each challenge given and not over.</summary>
    public bool Redeem(string challenge) => _challenges.TryRemove(challenge, out var ends) && ends > time.GetUtcNow();

    /// <summary>A token for whoever proved to hold this session key.</summary>
    public string Open(MinisignPublicKey sessionKey)
    {
        var now = time.GetUtcNow();
        foreach (var (old, _) in _tokens.Where(token => token.Value.Ends <= now))
            _tokens.TryRemove(old, out _);
        var token = RandomText();
        _tokens[Hash(token)] = (sessionKey, now + TokenLifetime);
        return token;
    }

    /// <summary>The session key behind a token, or null for unknown, wrong and over.</summary>
    public MinisignPublicKey? Find(string token) =>
        _tokens.TryGetValue(Hash(token), out var session) && session.Ends > time.GetUtcNow() ? session.SessionKey : null;

    private static string RandomText() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomSizeInBytes));

    // Looked up by its hash: the time that the comparison takes tells nothing of the token.
    private static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
