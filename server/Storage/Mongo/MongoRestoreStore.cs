using MongoDB.Bson;
using MongoDB.Driver;

namespace SecureDrop.Server.Storage.Mongo;

/// <summary>
/// Puts days back: first what is in them, of which nothing shows, and last the one document that makes the day. What is there already is left
/// as it is; whoever restores compares the day afterwards.
/// </summary>
internal sealed class MongoRestoreStore(MongoDrop drop) : IRestoreStore
{
    // 100 copies to 64 recipients are 11 MB: a message holds 48.
    private const int DocumentsAtOnce = 100;

    public Task RestoreReportsAsync(DateOnly day, IAsyncEnumerable<RestoredReport> reports, CancellationToken cancel) => GuardAsync(day, async () =>
    {
        var texts = new Documents(drop.Reports, cancel);
        await foreach (var report in reports.WithCancellation(cancel))
        {
            if (report.IsText)
                await texts.AddAsync(await TextAsync(day, report, cancel));
            else
                await AddLargeAsync(day, report, cancel);
        }
        await texts.FlushAsync();
        await MongoReportDays.RestoreAsync(drop, day, cancel);
    });

    public Task RestoreDeadDropAsync(DateOnly day, int shardBits, IAsyncEnumerable<DeadDropEntry> slots, CancellationToken cancel) => GuardAsync(day, async () =>
    {
        var sizes = new long[1 << shardBits];
        var documents = new Documents(drop.Slots, cancel);
        await foreach (var entry in slots.WithCancellation(cancel))
        {
            sizes[entry.Shard] += entry.Slot.Length;
            await documents.AddAsync(new BsonDocument { { "_id", MongoBatch.SlotKey(day, entry.Shard, entry.Slot.Span[..DeadDropEntry.OrderSizeInBytes]) }, { "c", entry.Slot.Binary() } });
        }
        await documents.FlushAsync();
        await MongoDeadDropDays.RestoreAsync(drop, day, shardBits, sizes, cancel);
    });

    public Task RestoreCopiesAsync(DateOnly day, IAsyncEnumerable<StoredCopy> copies, CancellationToken cancel) => GuardAsync(day, async () =>
    {
        var count = 0;
        var documents = new Documents(drop.Copies, cancel);
        await foreach (var copy in copies.WithCancellation(cancel))
        {
            count++;
            await documents.AddAsync(new BsonDocument { { "_id", copy.Id.Binary() }, { "d", day.DayNumber }, { "c", copy.SealedBytes.Binary() } });
        }
        await documents.FlushAsync();
        await drop.CopyDays.TryInsertAsync(new BsonDocument { { "_id", day.DayNumber }, { "n", count } }, cancel);
    });

    private static async Task<BsonDocument> TextAsync(DateOnly day, RestoredReport report, CancellationToken cancel)
    {
        BsonBinaryData? bytes = null;
        await foreach (var whole in report.Parts.WithCancellation(cancel))
            bytes = whole.Binary();
        return MongoReportStore.TextDocument(day, report.Id, bytes ?? throw new InvalidOperationException("A text without bytes."));
    }

    private async Task AddLargeAsync(DateOnly day, RestoredReport report, CancellationToken cancel)
    {
        var part = 0;
        await foreach (var bytes in report.Parts.WithCancellation(cancel))
            await drop.Parts.TryInsertAsync(MongoReportStore.PartDocument(day, report.Id, part++, bytes), cancel);
        await drop.Reports.TryInsertAsync(MongoReportStore.LargeDocument(day, report.Id, report.SizeInBytes, part), cancel);
    }

    private static Task GuardAsync(DateOnly day, Func<Task> work) => MongoFaults.GuardAsync(NamingAsync(day, work));

    private static async Task NamingAsync(DateOnly day, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (MongoException e) when (e.IsFull())
        {
            throw new StoreException($"The disk of the database is full: day {day:yyyy-MM-dd} cannot be put back; make room on it.", e, isFull: true);
        }
    }

    /// <summary>Some documents at a time; those whose id is taken are left out.</summary>
    private sealed class Documents(IMongoCollection<BsonDocument> collection, CancellationToken cancel)
    {
        private readonly List<BsonDocument> _waiting = [];

        public async Task AddAsync(BsonDocument document)
        {
            _waiting.Add(document);
            if (_waiting.Count == DocumentsAtOnce)
                await FlushAsync();
        }

        public async Task FlushAsync()
        {
            if (_waiting.Count > 0)
                await collection.InsertMissingAsync(_waiting, cancel);
            _waiting.Clear();
        }
    }
}
