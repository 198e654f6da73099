using System.Security.Cryptography;
using SecureDrop.Server.Days;
using SecureDrop.Server.Rosters;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Metrics;

/// <summary>
/// What <c>/metrics</c> answers: made once a day, and the same bytes until the next. Whoever asks every second learns the day's figures, and
/// nothing by when they change: they are made when the server's own minute comes round, never by a visit that happens to be the first of a
/// day. Nor by asking several servers of the drop, or one that was started again: what is blurred is so by the day's key, which all share.
/// Faults that somebody should know of before the next day are in the log and in <c>/health/ready</c>.
/// </summary>
internal sealed class Exposition(RosterDesk rosters, DayKeeper keeper, DayKeyRing keys, IReportStore reports, IDeadDropStore deadDrops) : IDisposable
{
    // Two at once would do the same work.
    private readonly SemaphoreSlim _one = new(1);
    private DateOnly? _day;
    private byte[]? _text;

    /// <summary>The text, or null before the first look.</summary>
    public ReadOnlyMemory<byte>? Text => _text;

    /// <summary>Makes the text of the day that the keeper turned to, unless it is made. To be called by the server's own minute alone.</summary>
    /// <exception cref="StoreException">The store cannot be read; the text of the day before stands.</exception>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            // The keeper's day, not the clock's: where midnight came after its look, the day before is not turned yet.
            if (keeper.LookedOn is not { } day || _day == day)
                return;
            var shared = (await keys.ServingAsync(cancel)).FirstOrDefault(key => key.Day == day);
            // Without a roster there is no key and nothing to blur; on a disk too full for one, no room that could be told.
            using var own = new DayKey(day, RandomNumberGenerator.GetBytes(IDayStore.KeySizeInBytes));
            _text = DropMeter.Expose(await DropFigures.ReadAsync(rosters, keeper, reports, deadDrops, shared ?? own, cancel));
            _day = day;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
