using System.Numerics;
using System.Security.Cryptography;
using SecureDrop.Benchmarks.Measuring;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Storage;

namespace SecureDrop.Benchmarks.Growth;

/// <summary>A drop in which much is stored already, and what its work costs then.</summary>
/// <param name="stores">Empty stores of its own.</param>
/// <param name="reports">How many reports it gets, and how many replies.</param>
internal sealed class GrownDrop(ServerStores stores, int reports)
{
    private const int SizeInBytes = 256;
    private const int EarlierDays = 89;
    private const int DeadDrops = 30;
    private const int SlotsAShard = 512;
    private const int SlotsABatch = 20;
    private const int Writers = 64;
    private const int Page = 200;
    private const int Rounds = 200;

    private static readonly byte[] Bytes = RandomNumberGenerator.GetBytes(SizeInBytes);

    private readonly DateOnly _today = Clock.Today();
    private readonly int _shardBits = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, reports / DeadDrops / SlotsAShard)));
    private readonly CancellationToken _cancel = CancellationToken.None;

    private IRestoreStore Restores => stores.Restores ?? throw new InvalidOperationException("These stores cannot be filled.");
    private int OnEarlierDay => Math.Max(1, reports / 2 / EarlierDays);
    private int Today => reports / 2;

    internal async Task FillAsync()
    {
        for (int back = 1; back <= EarlierDays; back++)
        {
            await Restores.RestoreReportsAsync(_today.AddDays(-back), Texts(OnEarlierDay), _cancel);
        }

        for (int back = 1; back <= DeadDrops; back++)
        {
            await Restores.RestoreDeadDropAsync(_today.AddDays(-back), _shardBits, Slots(reports / DeadDrops), _cancel);
        }

        await stores.Reports.BeginDayAsync(_today, _cancel);
        await stores.DeadDrops.BeginDayAsync(_today, _shardBits, _cancel);
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) < Today)
            {
                await StoreTextAsync();
            }
        })));
    }

    /// <summary>In the order in which a drop lives: what ends a day comes last.</summary>
    internal async Task<List<GrowthFigure>> MeasureAsync()
    {
        byte[] owner = RandomNumberGenerator.GetBytes(32);
        List<StoredId> large = [];
        List<GrowthFigure> figures =
        [
            await MedianAsync("a text, durable", _ => StoreTextAsync()),
            await MedianAsync("a report in parts: its part, its commit", async _ => large.Add(await StoreLargeAsync())),
            await MedianAsync("which parts of a report have arrived", n => stores.Reports.ListPartsAsync(_today, large[n % large.Count], _cancel)),
            await MedianAsync($"a list's page of {Page} of the running day", _ => stores.Reports.ListReportsAsync(_today, RandomIdOfFirstHalf(), Page, _cancel)),
            await MedianAsync("a hundred texts of the running day, to fetch", _ => stores.Reports.ReadTextsAsync(_today, RandomIdOfFirstHalf(), 100, _cancel)),
            await MedianAsync("five texts of a day before, to fetch", n => stores.Reports.ReadTextsAsync(Earlier(n), null, 5, _cancel)),
            await MedianAsync("a report of any day, by its id", n => stores.Reports.FindAsync(large[n % large.Count], _cancel)),
            await MedianAsync("the list of dead drops, at each visit", _ => stores.DeadDrops.ListAsync(_cancel)),
            await MedianAsync("a shard of a dead drop, by its slots", n => stores.DeadDrops.ReadSlotsAsync(_today.AddDays(-1 - (n % DeadDrops)), n % (1 << _shardBits), null, int.MaxValue, _cancel),
                null, Rounds, Math.Max(1, reports / DeadDrops >> _shardBits)),
            await MedianAsync($"a reviewer's batch of {SlotsABatch}", _ => StoreBatchAsync(owner)),
            await MedianAsync("a dead drop, published", n => stores.DeadDrops.PublishAsync(_today.AddDays(n), _cancel), n => BeginDeadDropAsync(_today.AddDays(n)), Rounds / 10),
            await MedianAsync("a day before ends, by its reports", n => stores.Reports.EndDayAsync(Earlier(n), _cancel), null, Rounds / 10, OnEarlierDay),
        ];
        // As room is looked at twice a minute, and once a list of days: both count the running day.
        figures.Add(await MedianAsync("room is looked at, by the running day's reports", _ => stores.Reports.MeasureAsync(_today, _cancel), null, Rounds / 10, Today));
        figures.Add(await MedianAsync("the list of days, by the running day's reports", _ => stores.Reports.ListDaysAsync(_cancel), null, Rounds / 10, Today));
        figures.Add(await MedianAsync("the running day is completed, by its reports", _ => stores.Reports.CompleteDayAsync(_today, _cancel), null, 1, Today));
        return figures;
    }

    /// <param name="what">The work.</param>
    /// <param name="work">Does it once; told how often it was done.</param>
    /// <param name="prepare">Done before each, and not measured.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="among">By how many the time is divided.</param>
    private static async Task<GrowthFigure> MedianAsync(string what, Func<int, Task> work, Func<int, Task>? prepare = null, int rounds = Rounds, int among = 1)
    {
        List<TimeSpan> times = [];
        for (int n = 0; n < rounds; n++)
        {
            await (prepare?.Invoke(n) ?? Task.CompletedTask);
            times.Add(await Clock.TimeAsync(() => work(n)));
        }

        return new GrowthFigure(what, times.Order().ElementAt(rounds / 2) / among);
    }

    private async Task StoreTextAsync() => Require(await stores.Reports.StoreTextAsync(_today, RandomId(), Bytes, _cancel) is StoreOutcome.Stored or StoreOutcome.AlreadyThere);

    private async Task<StoredId> StoreLargeAsync()
    {
        StoredId id = RandomId();
        Require(await stores.Reports.StorePartAsync(_today, id, 0, Bytes, _cancel) == StoreOutcome.Stored);
        Require(await stores.Reports.CommitAsync(_today, id, 1, Bytes.Length, _cancel) == CommitOutcome.Committed);
        return id;
    }

    private async Task StoreBatchAsync(byte[] owner)
    {
        DeadDropEntry[] entries = [.. Enumerable.Range(0, SlotsABatch).Select(_ => RandomSlot())];
        ReadOnlyMemory<byte>[] copies = [.. entries.Select(_ => (ReadOnlyMemory<byte>)Bytes)];
        Require(await stores.DeadDrops.StoreBatchAsync(_today, owner, entries, copies, _cancel) is BatchOutcome.Stored or BatchOutcome.Replaced);
    }

    private async Task BeginDeadDropAsync(DateOnly day)
    {
        await stores.DeadDrops.BeginDayAsync(day, _shardBits, _cancel);
        DeadDropEntry[] entries = [.. Enumerable.Range(0, SlotsABatch).Select(_ => RandomSlot())];
        await stores.DeadDrops.StoreBatchAsync(day, RandomNumberGenerator.GetBytes(32), entries, [.. entries.Select(_ => (ReadOnlyMemory<byte>)Bytes)], _cancel);
    }

    private DateOnly Earlier(int n) => _today.AddDays(-1 - (n % EarlierDays));

    private DeadDropEntry RandomSlot() => new(RandomNumberGenerator.GetInt32(1 << _shardBits), RandomNumberGenerator.GetBytes(SizeInBytes));

    private async IAsyncEnumerable<DeadDropEntry> Slots(int count)
    {
        await Task.CompletedTask;
        foreach (DeadDropEntry slot in Enumerable.Range(0, count).Select(_ => RandomSlot()).OrderBy(s => s.Shard).ThenBy(s => Convert.ToHexString(s.Slot.Span[..DeadDropEntry.OrderSizeInBytes]), StringComparer.Ordinal))
        {
            yield return slot;
        }
    }

    private static async IAsyncEnumerable<RestoredReport> Texts(int count)
    {
        await Task.CompletedTask;
        foreach (StoredId id in Enumerable.Range(0, count).Select(_ => RandomId()).Order())
        {
            yield return new RestoredReport(id, SizeInBytes, IsText: true, Whole());
        }
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Whole()
    {
        await Task.CompletedTask;
        yield return Bytes;
    }

    private static StoredId RandomIdOfFirstHalf()
    {
        byte[] id = RandomNumberGenerator.GetBytes(StoredId.SizeInBytes);
        id[0] &= 0x7f;
        return StoredId.FromBytes(id);
    }

    private static StoredId RandomId() => StoredId.FromBytes(RandomNumberGenerator.GetBytes(StoredId.SizeInBytes));

    private static void Require(bool stored)
    {
        if (!stored)
        {
            throw new InvalidOperationException("The store did not take what it was given.");
        }
    }
}
