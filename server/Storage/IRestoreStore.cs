namespace SecureDrop.Server.Storage;

/// <summary>Puts whole days back, past all that makes them day by day: no key, no owner, no batch is there to make them from.</summary>
/// <remarks>
/// Rules that every implementation keeps:
/// <list type="bullet">
/// <item>A day is there from the end of its call on, complete or published, and not before: whatever was interrupted can be begun again.</item>
/// <item>What comes is in order of id, or of shard and <c>r</c>, and is stored so that nothing else can be read from its places.</item>
/// <item>A day of which there is something already is the caller's to leave alone.</item>
/// </list>
/// </remarks>
public interface IRestoreStore
{
    /// <summary>Makes a complete day of these reports.</summary>
    /// <exception cref="StoreException">They cannot be stored; no room is one of the reasons.</exception>
    Task RestoreReportsAsync(DateOnly day, IAsyncEnumerable<RestoredReport> reports, CancellationToken cancel);

    /// <summary>Makes a published dead drop of these slots, whose shards are below 2^<paramref name="shardBits"/>.</summary>
    /// <exception cref="StoreException">They cannot be stored.</exception>
    Task RestoreDeadDropAsync(DateOnly day, int shardBits, IAsyncEnumerable<DeadDropEntry> slots, CancellationToken cancel);

    /// <summary>Makes these the copies of a day.</summary>
    /// <exception cref="StoreException">They cannot be stored.</exception>
    Task RestoreCopiesAsync(DateOnly day, IAsyncEnumerable<StoredCopy> copies, CancellationToken cancel);
}
