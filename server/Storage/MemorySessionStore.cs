using System.Collections.Concurrent;

namespace SecureDrop.Server.Storage;

/// <summary>For a drop of one server, whose logins need not outlive it: nothing of them is on any disk.</summary>
public sealed class MemorySessionStore : ISessionStore
{
    private readonly ConcurrentDictionary<string, (byte[] Token, DateOnly LastDay)> _logins = new();

    public Task<bool> TryAddAsync(ReadOnlyMemory<byte> challenge, ReadOnlyMemory<byte> token, DateOnly lastDay, CancellationToken cancel) =>
        Task.FromResult(_logins.TryAdd(Convert.ToHexString(challenge.Span), (token.ToArray(), lastDay)));

    public Task<ReadOnlyMemory<byte>?> FindAsync(ReadOnlyMemory<byte> challenge, CancellationToken cancel) =>
        Task.FromResult(_logins.TryGetValue(Convert.ToHexString(challenge.Span), out var login) ? (ReadOnlyMemory<byte>?)login.Token : null);

    public Task ForgetAsync(DateOnly today, CancellationToken cancel)
    {
        foreach (var (challenge, _) in _logins.Where(login => login.Value.LastDay < today))
            _logins.TryRemove(challenge, out _);
        return Task.CompletedTask;
    }
}
