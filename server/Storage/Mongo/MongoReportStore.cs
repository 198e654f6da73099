using MongoDB.Bson;
using MongoDB.Driver;

namespace SecureDrop.Server.Storage.Mongo;

/// <summary>
/// Reports in two collections: <c>reports</c> has one document a report (a text with its bytes), <c>parts</c> one a part. Which kind an
/// id is, and whether it is committed, is decided by the one document in <c>reports</c>, so single-document writes are all that is needed.
/// </summary>
/// <remarks>
/// <c>reports</c>: <c>_id</c> stored id, <c>d</c> day, <c>k</c> <see cref="MongoReportKind"/>, <c>b</c> bytes, <c>n</c> parts, <c>t</c> the bytes
/// of a text, <c>a</c> once somebody else was told that it is there. <c>parts</c>: <c>_id</c> stored id ‖ part, <c>d</c>, <c>b</c>, <c>c</c> the
/// bytes.
/// <para>A write is followed by a look at its day: where it was completed meanwhile the answer is <see cref="StoreOutcome.DayClosed"/>,
/// and what was written is nobody's. A text is then taken back, unless another server has acknowledged the same bytes (which it writes
/// into the document before it looks at the day); so are parts that no commit has counted.</para>
/// </remarks>
public sealed class MongoReportStore(MongoDrop drop) : IReportStore
{
    private static readonly BsonDocument WithoutBytes = new("t", 0);
    private static readonly BsonDocument Shown = new() { { "_id", 1 }, { "d", 1 }, { "k", 1 }, { "b", 1 }, { "n", 1 } };

    private readonly MongoReportDays _days = new(drop);

    public Task BeginDayAsync(DateOnly day, CancellationToken cancel) => _days.BeginAsync(day, cancel);

    public async Task<StoreOutcome> StoreTextAsync(DateOnly day, StoredId id, ReadOnlyMemory<byte> sealedBytes, CancellationToken cancel)
    {
        try
        {
            if (!await _days.BeginAsync(day, cancel))
                return StoreOutcome.DayClosed;
            var outcome = await AddTextAsync(day, id, sealedBytes, cancel);
            if (await _days.IsOpenAsync(day, cancel))
                return outcome;
            if (outcome == StoreOutcome.Stored)
                await drop.Reports.DeleteOneAsync(new BsonDocument { { "_id", id.Binary() }, { "a", new BsonDocument("$exists", false) } }, CancellationToken.None);
            return StoreOutcome.DayClosed;
        }
        catch (MongoException e) when (e.IsFull())
        {
            return StoreOutcome.Full;
        }
    }

    public async Task<StoreOutcome> StorePartAsync(DateOnly day, StoredId id, int part, ReadOnlyMemory<byte> sealedBytes, CancellationToken cancel)
    {
        try
        {
            if (!await _days.BeginAsync(day, cancel))
                return StoreOutcome.DayClosed;
            var outcome = await AddPartAsync(day, id, part, sealedBytes, cancel);
            if (await _days.IsOpenAsync(day, cancel))
                return outcome;
            await _days.SweepAsync(id, CancellationToken.None);
            return StoreOutcome.DayClosed;
        }
        catch (MongoException e) when (e.IsFull())
        {
            return StoreOutcome.Full;
        }
    }

    public async Task<CommitOutcome> CommitAsync(DateOnly day, StoredId id, int parts, long sizeInBytes, CancellationToken cancel)
    {
        try
        {
            return await _days.IsOpenAsync(day, cancel, orUnknown: true) && await CommitPartsAsync(day, id, parts, sizeInBytes, cancel) is var outcome
                && await _days.IsOpenAsync(day, cancel, orUnknown: true)
                    ? outcome
                    : CommitOutcome.DayClosed;
        }
        catch (MongoException e) when (e.IsFull())
        {
            return CommitOutcome.Full;
        }
    }

    public async Task<IReadOnlyList<int>> ListPartsAsync(DateOnly day, StoredId id, CancellationToken cancel) =>
        await ReadAsync(drop.Reports, id, cancel) is { } report && report["d"].Day() == day && KindOf(report) == MongoReportKind.Text
            ? [0]
            : [.. (await PartLengthsAsync(drop.Parts, day, id, cancel)).Select(part => part.Part)];

    public async Task<ReadOnlyMemory<byte>?> ReadPartAsync(DateOnly day, StoredId id, int part, CancellationToken cancel)
    {
        if (part == 0)
        {
            var text = await drop.Reports.Find(new BsonDocument { { "_id", id.Binary() }, { "d", day.DayNumber }, { "k", (int)MongoReportKind.Text } })
                .Project(new BsonDocument("t", 1)).FirstOrDefaultAsync(cancel);
            if (text is not null)
                return text["t"].AsByteArray;
        }
        var which = new BsonDocument { { "_id", MongoExtensions.PartId(id, (uint)part) }, { "d", day.DayNumber } };
        if (await drop.Parts.Find(which).FirstOrDefaultAsync(cancel) is { } found)
            return found["c"].AsByteArray;
        if (await drop.Parts.AsWritten().Find(which).Project(new BsonDocument("_id", 1)).AnyAsync(cancel))
            throw MongoExtensions.NotConfirmed();
        return null;
    }

    public Task<StoreUse> MeasureAsync(DateOnly day, CancellationToken cancel) => _days.MeasureAsync(day, cancel);

    public Task<IReadOnlyList<StoredDay>> ListDaysAsync(CancellationToken cancel) => _days.ListAsync(cancel);

    public async Task<IReadOnlyList<StoredReport>> ListReportsAsync(DateOnly day, StoredId? after, int limit, CancellationToken cancel) =>
        [.. (await drop.Reports.Find(MongoExtensions.After(MongoReportDays.CommittedOf(day), after?.Binary()), Hinted(MongoSchema.ReportsByDay))
            .Sort(new BsonDocument("_id", 1)).Limit(limit).Project(Shown).ToListAsync(cancel)).Select(Report)];

    public async Task<IReadOnlyList<StoredText>> ReadTextsAsync(DateOnly day, StoredId? after, int limit, CancellationToken cancel) =>
        [.. (await drop.Reports.Find(MongoExtensions.After(new BsonDocument { { "d", day.DayNumber }, { "k", (int)MongoReportKind.Text } }, after?.Binary()), Hinted(MongoSchema.ReportsByDay))
            .Sort(new BsonDocument("_id", 1)).Limit(limit).Project(new BsonDocument("t", 1)).ToListAsync(cancel))
            .Select(text => new StoredText(text["_id"].StoredId(), text["t"].AsByteArray))];

    public async Task<StoredReport?> FindAsync(StoredId id, CancellationToken cancel) =>
        await ReadAsync(drop.Reports, id, cancel) is { } report && KindOf(report) is MongoReportKind.Large or MongoReportKind.Text ? Report(report) : null;

    public Task<IReadOnlyList<DateOnly>> ListOpenDaysAsync(CancellationToken cancel) => _days.ListOpenAsync(cancel);

    public Task CompleteDayAsync(DateOnly day, CancellationToken cancel) => _days.CompleteAsync(day, cancel);

    public Task EndDayAsync(DateOnly day, CancellationToken cancel) => _days.EndAsync(day, cancel);

    internal static BsonDocument TextDocument(DateOnly day, StoredId id, BsonBinaryData bytes) => new()
    {
        { "_id", id.Binary() }, { "d", day.DayNumber }, { "k", (int)MongoReportKind.Text }, { "b", (long)bytes.Bytes.Length }, { "n", 0 }, { "t", bytes },
    };

    internal static BsonDocument PartDocument(DateOnly day, StoredId id, int part, ReadOnlyMemory<byte> bytes) =>
        new() { { "_id", MongoExtensions.PartId(id, (uint)part) }, { "d", day.DayNumber }, { "b", bytes.Length }, { "c", bytes.Binary() } };

    internal static BsonDocument LargeDocument(DateOnly day, StoredId id, long sizeInBytes, int parts) =>
        new() { { "_id", id.Binary() }, { "d", day.DayNumber }, { "k", (int)MongoReportKind.Large }, { "b", sizeInBytes }, { "n", parts } };

    private async Task<StoreOutcome> AddTextAsync(DateOnly day, StoredId id, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var text = TextDocument(day, id, bytes.Binary());
        for (var attempt = 0; attempt < MongoExtensions.Attempts; attempt++)
        {
            if (await drop.Reports.TryInsertAsync(text, cancel))
                return StoreOutcome.Stored;
            var there = await drop.Reports.Find(MongoExtensions.ById(id.Binary())).FirstOrDefaultAsync(cancel);
            // Taken back between these two, and as if it had never been there; or no majority has it yet.
            if (there is null)
                continue;
            if (KindOf(there) != MongoReportKind.Text || !there["t"].AsByteArray.AsSpan().SequenceEqual(text["t"].AsByteArray))
                return StoreOutcome.Conflict;
            var kept = await drop.Reports.UpdateOneAsync(MongoExtensions.ById(id.Binary()), new BsonDocument("$set", new BsonDocument("a", true)), cancellationToken: cancel);
            if (kept.MatchedCount == 1)
                return StoreOutcome.AlreadyThere;
        }
        throw MongoExtensions.NotConfirmed();
    }

    private async Task<StoreOutcome> AddPartAsync(DateOnly day, StoredId id, int part, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var report = await drop.Reports.ReadOrMakeAsync(id.Binary(), new BsonDocument { { "d", day.DayNumber }, { "k", (int)MongoReportKind.Open } }, cancel, WithoutBytes);
        var kind = KindOf(report);
        if (kind == MongoReportKind.Text)
            return StoreOutcome.Conflict;
        var partId = MongoExtensions.PartId(id, (uint)part);
        var document = PartDocument(day, id, part, bytes);
        for (var attempt = 0; attempt < MongoExtensions.Attempts; attempt++)
        {
            if (kind == MongoReportKind.Open && await drop.Parts.TryInsertAsync(document, cancel))
                return StoreOutcome.Stored;
            if (await drop.Parts.Find(MongoExtensions.ById(partId)).FirstOrDefaultAsync(cancel) is { } there)
                return there["c"].AsByteArray.AsSpan().SequenceEqual(document["c"].AsByteArray) ? StoreOutcome.AlreadyThere : StoreOutcome.Conflict;
            // Committed without it; unless a part is on another shard, whose primary is new.
            if (kind != MongoReportKind.Open && !await drop.Parts.AsWritten().Find(MongoExtensions.ById(partId)).Project(new BsonDocument("_id", 1)).AnyAsync(cancel))
                return StoreOutcome.Conflict;
            // Taken, and no majority has it yet: a conflict would be the end of this upload.
        }
        throw MongoExtensions.NotConfirmed();
    }

    private async Task<CommitOutcome> CommitPartsAsync(DateOnly day, StoredId id, int parts, long sizeInBytes, CancellationToken cancel)
    {
        if (await ReadAsync(drop.Reports, id, cancel) is not { } before)
            return await ReadAsync(drop.Reports.AsWritten(), id, cancel) is null ? CommitOutcome.Incomplete : throw MongoExtensions.NotConfirmed();
        if (KindOf(before) == MongoReportKind.Open)
        {
            if (!AddsUp(await PartLengthsAsync(drop.Parts, day, id, cancel), parts, sizeInBytes))
                return AddsUp(await PartLengthsAsync(drop.Parts.AsWritten(), day, id, cancel), parts, sizeInBytes) ? throw MongoExtensions.NotConfirmed() : CommitOutcome.Incomplete;
            var committed = await drop.Reports.UpdateOneAsync(new BsonDocument { { "_id", id.Binary() }, { "k", (int)MongoReportKind.Open } },
                new BsonDocument("$set", new BsonDocument { { "k", (int)MongoReportKind.Large }, { "b", sizeInBytes }, { "n", parts } }), cancellationToken: cancel);
            if (committed.ModifiedCount == 1)
                return CommitOutcome.Committed;
            if (await ReadAsync(drop.Reports, id, cancel) is not { } meanwhile)
                return CommitOutcome.DayClosed;
            before = meanwhile;
        }
        return KindOf(before) switch
        {
            MongoReportKind.Gone => CommitOutcome.DayClosed,
            // It is open no more, or it would have been committed above: what it is now, no majority has yet.
            MongoReportKind.Open => throw MongoExtensions.NotConfirmed(),
            MongoReportKind.Large when before["b"] == sizeInBytes && before["n"] == parts => CommitOutcome.AlreadyThere,
            _ => CommitOutcome.Conflict,
        };
    }

    /// <summary>Parts 0 to n − 1 and no other, each of full size but the last, which is not empty.</summary>
    private static bool AddsUp(List<(int Part, int SizeInBytes)> there, int parts, long sizeInBytes) =>
        parts >= 1 && there.Count == parts && there.Sum(part => (long)part.SizeInBytes) == sizeInBytes && there[^1].SizeInBytes > 0
        && there.Select((part, n) => part.Part == n && (n == parts - 1 || part.SizeInBytes == IReportStore.PartSizeInBytes)).All(fits => fits);

    private static async Task<List<(int Part, int SizeInBytes)>> PartLengthsAsync(IMongoCollection<BsonDocument> parts, DateOnly day, StoredId id, CancellationToken cancel) =>
        [.. (await parts.Find(new BsonDocument("d", day.DayNumber).Merge(MongoExtensions.PartsOf(id)), Hinted(MongoSchema.PartsByDay))
            .Sort(new BsonDocument("_id", 1)).Project(new BsonDocument { { "_id", 1 }, { "b", 1 } }).ToListAsync(cancel))
            .Select(part => (MongoExtensions.PartOf(part["_id"]), part["b"].ToInt32()))];

    private static Task<BsonDocument?> ReadAsync(IMongoCollection<BsonDocument> reports, StoredId id, CancellationToken cancel) =>
        reports.Find(MongoExtensions.ById(id.Binary())).Project(WithoutBytes).FirstOrDefaultAsync(cancel)!;

    private static FindOptions Hinted(BsonDocument index) => new() { Hint = index };

    private static MongoReportKind KindOf(BsonDocument report) => (MongoReportKind)report["k"].ToInt32();

    private static StoredReport Report(BsonDocument report) =>
        new(report["d"].Day(), report["_id"].StoredId(), report["b"].ToInt64(), report["n"].ToInt32());
}
