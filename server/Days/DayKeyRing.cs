using System.Collections.Concurrent;
using System.Security.Cryptography;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Days;

/// <summary>The keys that still serve: today's and those of the two days before.</summary>
public sealed class DayKeyRing(IDayStore store, TimeProvider time)
{
    /// <summary>Full days after its own during which a day's key serves uploads that have begun.</summary>
    public const int DaysAfter = 2;

    private readonly ConcurrentDictionary<DateOnly, DayKey> _keys = new();

    public DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>Whether the key of a day may serve on another.</summary>
    public static bool Serves(DateOnly day, DateOnly today) => day <= today && day.DayNumber >= today.DayNumber - DaysAfter;

    /// <summary>Today's key, made if there is none.</summary>
    public async Task<DayKey> TodaysAsync(CancellationToken cancel)
    {
        var today = Today;
        if (_keys.TryGetValue(today, out var known))
            return known;
        var candidate = RandomNumberGenerator.GetBytes(IDayStore.KeySizeInBytes);
        var key = await store.ReadOrCreateKeyAsync(today, candidate, cancel);
        CryptographicOperations.ZeroMemory(candidate);
        return _keys.GetOrAdd(today, new DayKey(today, key));
    }

    /// <summary>The keys that serve now, newest first.</summary>
    public async Task<IReadOnlyList<DayKey>> ServingAsync(CancellationToken cancel)
    {
        var today = Today;
        var keys = new List<DayKey>(DaysAfter + 1);
        for (var day = today; Serves(day, today); day = day.AddDays(-1))
        {
            if (_keys.TryGetValue(day, out var known))
                keys.Add(known);
            else if (await store.ReadKeyAsync(day, cancel) is { } key)
                keys.Add(_keys.GetOrAdd(day, new DayKey(day, key)));
        }
        return keys;
    }

    /// <summary>Destroys a day's key in the store.</summary>
    public async Task DestroyAsync(DateOnly day, CancellationToken cancel)
    {
        await store.DestroyKeyAsync(day, cancel);
        Forget();
    }

    /// <summary>
    /// Erases from memory what no longer serves, whichever server of the drop destroyed it, and a copy that a request read just
    /// before its day went.
    /// </summary>
    public void Forget()
    {
        foreach (var day in _keys.Keys.Where(day => !Serves(day, Today)))
        {
            if (_keys.TryRemove(day, out var key))
                key.Dispose();
        }
    }

    internal bool Remembers(DateOnly day) => _keys.ContainsKey(day);
}
