using System.Collections.Concurrent;
using MongoDB.Bson;
using MongoDB.Driver;

namespace SecureDrop.Server.Storage.Mongo;

/// <summary>
/// Reports in two collections: <c>reports</c> has one document a report (a text with its bytes), <c>parts</c> one a part. Which kind an
/// id is, and whether it is committed, is decided by the one document in <c>reports</c>, so single-document writes are all that is needed.
/// </summary>
/// <remarks>
/// <c>reports</c>: <c>_id</c> stored id, <c>d</c> day, <c>k</c> kind (<see cref="Kind"/>), <c>b</c> bytes, <c>n</c> parts, <c>t</c> the
/// bytes of a text, <c>a</c> once somebody else was told that it is there. <c>parts</c>: <c>_id</c> stored id ‖ part, <c>d</c>, <c>b</c>, <c>c</c> the bytes. <c>days</c>: <c>_id</c> day,
/// <c>s</c> whether it is complete.
/// <para>A write is followed by a look at its day: where it was completed meanwhile the answer is <see cref="StoreOutcome.DayClosed"/>,
/// and what was written is nobody's. A text is then taken back, unless another server has acknowledged the same bytes (which it writes
/// into the document before it looks at the day); parts go with their day.</para>
/// </remarks>
public sealed class MongoReportStore(MongoDrop drop) : IReportStore
{
    /// <summary>What an id is.</summary>
    private enum Kind
    {
        /// <summary>Parts come in.</summary>
        Open,

        /// <summary>Committed, in parts.</summary>
        Large,

        /// <summary>Whole.</summary>
        Text,

        /// <summary>Its day ended before its commit; the parts are being removed.</summary>
        Gone,
    }

    private const int Complete = 1;
    private static readonly BsonDocument WithoutBytes = new("t", 0);
    private static readonly BsonDocument Shown = new() { { "_id", 1 }, { "d", 1 }, { "k", 1 }, { "b", 1 }, { "n", 1 } };
    private static readonly BsonDocument Committed = new("$in", new BsonArray { (int)Kind.Large, (int)Kind.Text });

    // A day that is complete stays so: what comes for it is refused without asking.
    private readonly ConcurrentDictionary<DateOnly, StoredDay> _completeDays = new();

    public async Task<StoreOutcome> StoreTextAsync(DateOnly day, StoredId id, ReadOnlyMemory<byte> sealedBytes, CancellationToken cancel)
    {
        try
        {
            if (!await BeginAsync(day, cancel))
                return StoreOutcome.DayClosed;
            var outcome = await AddTextAsync(day, id, sealedBytes, cancel);
            if (await IsOpenAsync(day, cancel))
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
            return await BeginAsync(day, cancel) && await AddPartAsync(day, id, part, sealedBytes, cancel) is var outcome && await IsOpenAsync(day, cancel)
                ? outcome
                : StoreOutcome.DayClosed;
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
            return await IsOpenAsync(day, cancel, orUnknown: true) && await CommitPartsAsync(day, id, parts, sizeInBytes, cancel) is var outcome
                && await IsOpenAsync(day, cancel, orUnknown: true)
                    ? outcome
                    : CommitOutcome.DayClosed;
        }
        catch (MongoException e) when (e.IsFull())
        {
            return CommitOutcome.Full;
        }
    }

    public async Task<IReadOnlyList<int>> ListPartsAsync(DateOnly day, StoredId id, CancellationToken cancel) =>
        await ReadAsync(id, cancel) is { } report && report["d"].Day() == day && KindOf(report) == Kind.Text
            ? [0]
            : [.. (await PartLengthsAsync(day, id, cancel)).Select(part => part.Part)];

    public async Task<ReadOnlyMemory<byte>?> ReadPartAsync(DateOnly day, StoredId id, int part, CancellationToken cancel)
    {
        if (part == 0)
        {
            var text = await drop.Reports.Find(new BsonDocument { { "_id", id.Binary() }, { "d", day.DayNumber }, { "k", (int)Kind.Text } })
                .Project(new BsonDocument("t", 1)).FirstOrDefaultAsync(cancel);
            if (text is not null)
                return text["t"].AsByteArray;
        }
        var found = await drop.Parts.Find(new BsonDocument { { "_id", MongoExtensions.PartId(id, (uint)part) }, { "d", day.DayNumber } }).FirstOrDefaultAsync(cancel);
        return found is null ? null : (ReadOnlyMemory<byte>?)found["c"].AsByteArray;
    }

    public async Task<IReadOnlyList<StoredDay>> ListDaysAsync(CancellationToken cancel)
    {
        var days = new List<StoredDay>();
        foreach (var found in await drop.Days.Find(FilterDefinition<BsonDocument>.Empty).Sort(new BsonDocument("_id", 1)).ToListAsync(cancel))
        {
            var day = found["_id"].Day();
            if (!_completeDays.TryGetValue(day, out var summary))
            {
                summary = await CountAsync(day, cancel);
                if (found["s"] == Complete)
                    _completeDays[day] = summary;
            }
            if (summary.Reports > 0)
                days.Add(summary);
        }
        return days;
    }

    public async Task<IReadOnlyList<StoredReport>> ListReportsAsync(DateOnly day, StoredId? after, int limit, CancellationToken cancel) =>
        [.. (await drop.Reports.Find(MongoExtensions.After(new BsonDocument { { "d", day.DayNumber }, { "k", Committed } }, after?.Binary()), Hinted(MongoSchema.ReportsByDay))
            .Sort(new BsonDocument("_id", 1)).Limit(limit).Project(Shown).ToListAsync(cancel)).Select(Report)];

    public async Task<IReadOnlyList<StoredText>> ReadTextsAsync(DateOnly day, StoredId? after, int limit, CancellationToken cancel) =>
        [.. (await drop.Reports.Find(MongoExtensions.After(new BsonDocument { { "d", day.DayNumber }, { "k", (int)Kind.Text } }, after?.Binary()), Hinted(MongoSchema.ReportsByDay))
            .Sort(new BsonDocument("_id", 1)).Limit(limit).Project(new BsonDocument("t", 1)).ToListAsync(cancel))
            .Select(text => new StoredText(text["_id"].StoredId(), text["t"].AsByteArray))];

    public async Task<StoredReport?> FindAsync(StoredId id, CancellationToken cancel) =>
        await ReadAsync(id, cancel) is { } report && KindOf(report) is Kind.Large or Kind.Text ? Report(report) : null;

    public async Task<IReadOnlyList<DateOnly>> ListOpenDaysAsync(CancellationToken cancel) =>
        [.. (await drop.Days.Find(new BsonDocument("s", new BsonDocument("$ne", Complete))).Sort(new BsonDocument("_id", 1)).ToListAsync(cancel))
            .Select(day => day["_id"].Day())];

    public async Task CompleteDayAsync(DateOnly day, CancellationToken cancel)
    {
        // From here on nothing is acknowledged for this day; only then is swept, so that nothing acknowledged is swept.
        await drop.Days.UpdateOneAsync(MongoExtensions.ById(day.DayNumber), new BsonDocument("$set", new BsonDocument("s", Complete)), cancellationToken: cancel);
        await drop.Reports.UpdateManyAsync(new BsonDocument { { "d", day.DayNumber }, { "k", (int)Kind.Open } },
            new BsonDocument("$set", new BsonDocument("k", (int)Kind.Gone)), cancellationToken: cancel);
        while (await drop.Reports.Find(new BsonDocument { { "d", day.DayNumber }, { "k", (int)Kind.Gone } }).Project(WithoutBytes).FirstOrDefaultAsync(cancel) is { } gone)
        {
            await drop.Parts.RemoveAsync(MongoExtensions.PartsOf(gone["_id"].StoredId()), cancel);
            await drop.Reports.DeleteOneAsync(new BsonDocument { { "_id", gone["_id"] }, { "k", (int)Kind.Gone } }, cancel);
        }
    }

    public async Task EndDayAsync(DateOnly day, CancellationToken cancel)
    {
        // Complete days without a report are not listed, so nobody asks for their end: they go with the next that does.
        var empty = (await drop.Days.Find(new BsonDocument { { "s", Complete }, { "_id", new BsonDocument("$lt", day.DayNumber) } }).ToListAsync(cancel))
            .Select(found => found["_id"].Day());
        foreach (var older in empty)
        {
            if ((await CountAsync(older, cancel)).Reports == 0)
                await RemoveDayAsync(older, cancel);
        }
        await RemoveDayAsync(day, cancel);
    }

    private async Task RemoveDayAsync(DateOnly day, CancellationToken cancel)
    {
        await drop.Days.UpdateOneAsync(MongoExtensions.ById(day.DayNumber), new BsonDocument("$set", new BsonDocument("s", Complete)), cancellationToken: cancel);
        // Reports first: one whose parts are gone already must not be listed.
        await drop.Reports.RemoveAsync(MongoExtensions.OfDay(day), cancel);
        await drop.Parts.RemoveAsync(MongoExtensions.OfDay(day), cancel);
        await drop.Days.DeleteOneAsync(MongoExtensions.ById(day.DayNumber), cancel);
        _completeDays.TryRemove(day, out _);
    }

    private async Task<StoreOutcome> AddTextAsync(DateOnly day, StoredId id, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var text = new BsonDocument
        {
            { "_id", id.Binary() }, { "d", day.DayNumber }, { "k", (int)Kind.Text }, { "b", (long)bytes.Length }, { "n", 0 }, { "t", bytes.Binary() },
        };
        if (await drop.Reports.TryInsertAsync(text, cancel))
            return StoreOutcome.Stored;
        var there = await drop.Reports.Find(MongoExtensions.ById(id.Binary())).FirstOrDefaultAsync(cancel);
        if (there is null || KindOf(there) != Kind.Text || !there["t"].AsByteArray.AsSpan().SequenceEqual(text["t"].AsByteArray))
            return StoreOutcome.Conflict;
        var kept = await drop.Reports.UpdateOneAsync(MongoExtensions.ById(id.Binary()), new BsonDocument("$set", new BsonDocument("a", true)), cancellationToken: cancel);
        return kept.MatchedCount == 1 ? StoreOutcome.AlreadyThere : await AddTextAsync(day, id, bytes, cancel);
    }

    private async Task<StoreOutcome> AddPartAsync(DateOnly day, StoredId id, int part, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var report = await drop.Reports.ReadOrMakeAsync(id.Binary(), new BsonDocument { { "d", day.DayNumber }, { "k", (int)Kind.Open } }, cancel, WithoutBytes);
        var kind = KindOf(report);
        if (kind == Kind.Text)
            return StoreOutcome.Conflict;
        var partId = MongoExtensions.PartId(id, (uint)part);
        var document = new BsonDocument { { "_id", partId }, { "d", day.DayNumber }, { "b", bytes.Length }, { "c", bytes.Binary() } };
        if (kind == Kind.Open && await drop.Parts.TryInsertAsync(document, cancel))
            return StoreOutcome.Stored;
        var there = await drop.Parts.Find(MongoExtensions.ById(partId)).FirstOrDefaultAsync(cancel);
        return there is not null && there["c"].AsByteArray.AsSpan().SequenceEqual(document["c"].AsByteArray)
            ? StoreOutcome.AlreadyThere
            : StoreOutcome.Conflict;
    }

    private async Task<CommitOutcome> CommitPartsAsync(DateOnly day, StoredId id, int parts, long sizeInBytes, CancellationToken cancel)
    {
        if (await ReadAsync(id, cancel) is not { } before)
            return CommitOutcome.Incomplete;
        if (KindOf(before) == Kind.Open)
        {
            if (!AddsUp(await PartLengthsAsync(day, id, cancel), parts, sizeInBytes))
                return CommitOutcome.Incomplete;
            var committed = await drop.Reports.UpdateOneAsync(new BsonDocument { { "_id", id.Binary() }, { "k", (int)Kind.Open } },
                new BsonDocument("$set", new BsonDocument { { "k", (int)Kind.Large }, { "b", sizeInBytes }, { "n", parts } }), cancellationToken: cancel);
            if (committed.ModifiedCount == 1)
                return CommitOutcome.Committed;
            if (await ReadAsync(id, cancel) is not { } meanwhile)
                return CommitOutcome.DayClosed;
            before = meanwhile;
        }
        return KindOf(before) switch
        {
            Kind.Gone => CommitOutcome.DayClosed,
            Kind.Large when before["b"] == sizeInBytes && before["n"] == parts => CommitOutcome.AlreadyThere,
            _ => CommitOutcome.Conflict,
        };
    }

    /// <summary>Parts 0 to n − 1 and no other, each of full size but the last, which is not empty.</summary>
    private static bool AddsUp(List<(int Part, int SizeInBytes)> there, int parts, long sizeInBytes) =>
        parts >= 1 && there.Count == parts && there.Sum(part => (long)part.SizeInBytes) == sizeInBytes && there[^1].SizeInBytes > 0
        && there.Select((part, n) => part.Part == n && (n == parts - 1 || part.SizeInBytes == IReportStore.PartSizeInBytes)).All(fits => fits);

    private async Task<List<(int Part, int SizeInBytes)>> PartLengthsAsync(DateOnly day, StoredId id, CancellationToken cancel) =>
        [.. (await drop.Parts.Find(new BsonDocument("d", day.DayNumber).Merge(MongoExtensions.PartsOf(id)), Hinted(MongoSchema.PartsByDay))
            .Sort(new BsonDocument("_id", 1)).Project(new BsonDocument { { "_id", 1 }, { "b", 1 } }).ToListAsync(cancel))
            .Select(part => (MongoExtensions.PartOf(part["_id"]), part["b"].ToInt32()))];

    private async Task<StoredDay> CountAsync(DateOnly day, CancellationToken cancel)
    {
        var counted = await drop.Reports.Aggregate(new AggregateOptions { Hint = MongoSchema.ReportsByDay })
            .Match(new BsonDocument { { "d", day.DayNumber }, { "k", Committed } })
            .Group(new BsonDocument { { "_id", BsonNull.Value }, { "n", new BsonDocument("$sum", 1) }, { "b", new BsonDocument("$sum", "$b") } })
            .FirstOrDefaultAsync(cancel);
        return new StoredDay(day, counted?["n"].ToInt32() ?? 0, counted?["b"].ToInt64() ?? 0);
    }

    private Task<BsonDocument?> ReadAsync(StoredId id, CancellationToken cancel) =>
        drop.Reports.Find(MongoExtensions.ById(id.Binary())).Project(WithoutBytes).FirstOrDefaultAsync(cancel)!;

    private async Task<bool> BeginAsync(DateOnly day, CancellationToken cancel) =>
        !_completeDays.ContainsKey(day) && (await drop.Days.ReadOrMakeAsync(day.DayNumber, new BsonDocument("s", 0), cancel))["s"] != Complete;

    // A day that was begun and is not there has been ended.
    private async Task<bool> IsOpenAsync(DateOnly day, CancellationToken cancel, bool orUnknown = false) =>
        await drop.Days.Find(MongoExtensions.ById(day.DayNumber)).FirstOrDefaultAsync(cancel) is { } found ? found["s"] != Complete : orUnknown;

    private static FindOptions Hinted(BsonDocument index) => new() { Hint = index };

    private static Kind KindOf(BsonDocument report) => (Kind)report["k"].ToInt32();

    private static StoredReport Report(BsonDocument report) =>
        new(report["d"].Day(), report["_id"].StoredId(), report["b"].ToInt64(), report["n"].ToInt32());
}
