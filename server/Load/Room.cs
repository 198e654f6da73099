using System.Security.Cryptography;
using SecureDrop.Server.Days;
using SecureDrop.Server.Options;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Load;

/// <summary>
/// What may still be stored: the day's quota, what lies uncommitted, the free disk. The store is asked now and then, since other
/// servers fill it too; between, what this one stored is added. Attachments stop first, so that texts, which every source needs,
/// find room on a day that somebody floods. What is committed is never touched, and a commit stores nothing, so it is never refused.
/// </summary>
public sealed class Room(LimitOptions options, IReportStore store, DayKeyRing keys, TimeProvider time, Func<double>? chance = null)
    : IDisposable
{
    /// <summary>How long the store's own answer is believed.</summary>
    public static readonly TimeSpan MeasuredEvery = TimeSpan.FromMinutes(1);

    /// <summary>Of quota and disk, the part that attachments may not use.</summary>
    public const int TextsKeepOneIn = 8;

    // Whoever fills a quota to its last byte learns how much the others sent that day. What counts as full is therefore less by up
    // to this part, by chance.
    private const int BlurOneIn = 64;
    private const int ChanceIn = 1 << 24;

    private readonly SemaphoreSlim _measuring = new(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<DateOnly, long> _days = [];
    private readonly double _left = 1 - ((chance?.Invoke() ?? (RandomNumberGenerator.GetInt32(ChanceIn) / (double)ChanceIn)) / BlurOneIn);
    private long _uncommitted;
    private long _free = long.MaxValue;
    private DateTimeOffset? _measured;

    /// <summary>The fullest of the three: 0 empty, 1 full.</summary>
    public double Share
    {
        get
        {
            lock (_lock)
            {
                var disk = 1 - (_free / (double)NearlyFullInBytes);
                return Math.Clamp(Math.Max(Math.Max(Of(_days.GetValueOrDefault(keys.Today), DayInBytes), Of(_uncommitted, OpenInBytes)), disk), 0, 1);
            }
        }
    }

    /// <summary>The refusal of a report of the smallest class, or null.</summary>
    public async Task<Refusal?> RefuseTextAsync(DateOnly day, CancellationToken cancel)
    {
        await MeasureAsync(cancel);
        lock (_lock)
            return Of(_days.GetValueOrDefault(day), DayInBytes) >= 1 || _free <= 0 ? Refusals.Full : null;
    }

    /// <summary>The refusal of a part, or null. An upload that has begun may go on when no new one may begin, or none would ever end.</summary>
    public async Task<Refusal?> RefusePartAsync(DateOnly day, StoredId id, CancellationToken cancel)
    {
        await MeasureAsync(cancel);
        double open;
        lock (_lock)
        {
            open = Of(_uncommitted, OpenInBytes);
            if (open >= 1 || Of(_days.GetValueOrDefault(day), DayInBytes) >= 1 - (1.0 / TextsKeepOneIn) || _free <= NearlyFullInBytes / TextsKeepOneIn)
                return Refusals.NoRoomForAttachments;
        }
        return open >= 0.5 && (await store.ListPartsAsync(day, id, cancel)).Count == 0 ? Refusals.NoRoomForAttachments : null;
    }

    /// <summary>A text, or a part that belongs to no report yet, was stored.</summary>
    public void Stored(DateOnly day, long sizeInBytes, bool isPart)
    {
        lock (_lock)
        {
            _days[day] = _days.GetValueOrDefault(day) + sizeInBytes;
            _free = _free == long.MaxValue ? _free : _free - sizeInBytes;
            if (isPart)
                _uncommitted += sizeInBytes;
        }
    }

    /// <summary>Parts became a report.</summary>
    public void Committed(long sizeInBytes)
    {
        lock (_lock)
            _uncommitted = Math.Max(0, _uncommitted - sizeInBytes);
    }

    /// <summary>Asks the store, where its last answer is too old. One at a time asks; the others go by what is known.</summary>
    public async Task MeasureAsync(CancellationToken cancel)
    {
        if (!IsDue() || !await _measuring.WaitAsync(_measured is null ? Timeout.Infinite : 0, cancel))
            return;
        try
        {
            if (!IsDue())
                return;
            // What is stored while the store counts is in its answer or comes with the next: it is not worth a lock on everything.
            var uses = new Dictionary<DateOnly, StoreUse>();
            for (var day = keys.Today; DayKeyRing.Serves(day, keys.Today); day = day.AddDays(-1))
                uses[day] = await store.MeasureAsync(day, cancel);
            lock (_lock)
            {
                _days.Clear();
                foreach (var (day, use) in uses)
                    _days[day] = use.DayInBytes;
                (_uncommitted, _free) = (uses.Values.Sum(use => use.UncommittedInBytes), uses[keys.Today].FreeInBytes);
                _measured = time.GetUtcNow();
            }
        }
        finally
        {
            _measuring.Release();
        }
    }

    public void Dispose() => _measuring.Dispose();

    private long DayInBytes => (long)options.DayInMebibytes << 20;
    private long OpenInBytes => (long)options.UncommittedInMebibytes << 20;
    private long NearlyFullInBytes => (long)options.NearlyFullInMebibytes << 20;

    private double Of(long usedInBytes, long limitInBytes) => usedInBytes / (limitInBytes * _left);

    private bool IsDue()
    {
        lock (_lock)
            return _measured is not { } at || time.GetUtcNow() - at >= MeasuredEvery || time.GetUtcNow() < at;
    }
}
