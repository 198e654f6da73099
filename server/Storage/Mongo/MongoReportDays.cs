using System.Collections.Concurrent;
using MongoDB.Bson;
using MongoDB.Driver;

namespace SecureDrop.Server.Storage.Mongo;

/// <summary>The days of reports: begun, counted, completed, ended. <c>days</c>: <c>_id</c> day, <c>s</c> open (0), closed (1) or complete (2).</summary>
/// <remarks>A closed day takes nothing, and is still listed as open: its completion may have been interrupted, and is then asked for again.</remarks>
internal sealed class MongoReportDays(MongoDrop drop)
{
    private const int Open = 0;
    private const int Closed = 1;
    private const int Complete = 2;

    // Of a day that is so long past, no ticket is valid by anybody's clock: a day without its document is not one that is being begun.
    private const int LongPastInDays = 7;

    private static readonly BsonDocument Committed = new("$in", new BsonArray { (int)MongoReportKind.Large, (int)MongoReportKind.Text });

    // A day that is complete stays so: what comes for it is refused without asking, and it is counted once.
    private readonly ConcurrentDictionary<DateOnly, StoredDay> _complete = new();

    /// <summary>Of a day, the reports that exist.</summary>
    public static BsonDocument CommittedOf(DateOnly day) => new() { { "d", day.DayNumber }, { "k", Committed } };

    /// <summary>Makes the day unless it is there; false where it takes nothing more.</summary>
    public async Task<bool> BeginAsync(DateOnly day, CancellationToken cancel) =>
        !_complete.ContainsKey(day) && (await drop.Days.ReadOrMakeAsync(day.DayNumber, new BsonDocument("s", Open), cancel))["s"] == Open;

    /// <summary>A day that is complete from the beginning: its reports are there already.</summary>
    public static Task RestoreAsync(MongoDrop drop, DateOnly day, CancellationToken cancel) =>
        drop.Days.TryInsertAsync(new BsonDocument { { "_id", day.DayNumber }, { "s", Complete } }, cancel);

    /// <summary>Whether a day takes uploads. One that was begun and is not there has been ended; whether it was begun the caller knows.</summary>
    public async Task<bool> IsOpenAsync(DateOnly day, CancellationToken cancel, bool orUnknown = false) =>
        await drop.Days.Find(MongoExtensions.ById(day.DayNumber)).FirstOrDefaultAsync(cancel) is { } found ? found["s"] == Open : orUnknown;

    public async Task<IReadOnlyList<StoredDay>> ListAsync(CancellationToken cancel)
    {
        var days = new List<StoredDay>();
        foreach (var found in await drop.Days.Find(FilterDefinition<BsonDocument>.Empty).Sort(new BsonDocument("_id", 1)).ToListAsync(cancel))
        {
            var day = found["_id"].Day();
            if (!_complete.TryGetValue(day, out var summary))
            {
                summary = await CountAsync(day, cancel);
                if (found["s"] == Complete)
                    _complete[day] = summary;
            }
            if (summary.Reports > 0)
                days.Add(summary);
        }
        return days;
    }

    public async Task<IReadOnlyList<DateOnly>> ListOpenAsync(CancellationToken cancel) =>
        [.. (await drop.Days.Find(new BsonDocument("s", new BsonDocument("$ne", Complete))).Sort(new BsonDocument("_id", 1)).ToListAsync(cancel))
            .Select(day => day["_id"].Day())];

    /// <summary>Parts first: a report that is committed between the two sums is then counted as too little uncommitted, never as too much.</summary>
    public async Task<StoreUse> MeasureAsync(DateOnly day, CancellationToken cancel)
    {
        var parts = await SumAsync(drop.Parts, MongoSchema.PartsByDay, new BsonDocument("d", day.DayNumber), cancel);
        var texts = await SumAsync(drop.Reports, MongoSchema.ReportsByDay, new BsonDocument { { "d", day.DayNumber }, { "k", (int)MongoReportKind.Text } }, cancel);
        var large = await SumAsync(drop.Reports, MongoSchema.ReportsByDay, new BsonDocument { { "d", day.DayNumber }, { "k", (int)MongoReportKind.Large } }, cancel);
        return new StoreUse(texts + parts, Math.Max(0, parts - large), await drop.FreeInBytesAsync(cancel));
    }

    public async Task CompleteAsync(DateOnly day, CancellationToken cancel)
    {
        // From here on nothing is acknowledged for this day; only then is swept, so that nothing acknowledged is swept.
        await drop.Days.UpdateOneAsync(new BsonDocument { { "_id", day.DayNumber }, { "s", Open } }, Set(Closed), cancellationToken: cancel);
        await drop.Reports.UpdateManyAsync(OfKind(day, MongoReportKind.Open), SetKind(MongoReportKind.Gone), cancellationToken: cancel);
        while (await drop.Reports.Find(OfKind(day, MongoReportKind.Gone)).Project(new BsonDocument("_id", 1)).FirstOrDefaultAsync(cancel) is { } gone)
            await RemoveGoneAsync(gone["_id"].StoredId(), cancel);
        await drop.Days.UpdateOneAsync(MongoExtensions.ById(day.DayNumber), Set(Complete), cancellationToken: cancel);
        await RemoveStrayAsync(day, cancel);
    }

    /// <summary>
    /// What is of no day: a restore puts back first what is in a day and then the day, and one that was broken off and never finished would leave
    /// reports here that no list shows and no end removes.
    /// </summary>
    private async Task RemoveStrayAsync(DateOnly completed, CancellationToken cancel)
    {
        var days = await drop.Days.Find(FilterDefinition<BsonDocument>.Empty).Project(new BsonDocument("_id", 1)).ToListAsync(cancel);
        var stray = MongoExtensions.OfDaysBefore(completed.DayNumber - LongPastInDays, days.Select(day => day["_id"]));
        await drop.Reports.RemoveAsync(stray, cancel);
        await drop.Parts.RemoveAsync(stray, cancel);
    }

    /// <summary>For a part that arrived while its day was being completed: the sweep may have passed it.</summary>
    public async Task SweepAsync(StoredId id, CancellationToken cancel)
    {
        await drop.Reports.UpdateOneAsync(OfKind(id, MongoReportKind.Open), SetKind(MongoReportKind.Gone), cancellationToken: cancel);
        var found = await drop.Reports.Find(MongoExtensions.ById(id.Binary())).Project(new BsonDocument("k", 1)).FirstOrDefaultAsync(cancel);
        if (found is null || found["k"] == (int)MongoReportKind.Gone)
            await RemoveGoneAsync(id, cancel);
    }

    public async Task EndAsync(DateOnly day, CancellationToken cancel)
    {
        // Complete days without a report are not listed, so nobody asks for their end: they go with the next that does.
        var older = (await drop.Days.Find(new BsonDocument { { "s", new BsonDocument("$ne", Open) }, { "_id", new BsonDocument("$lt", day.DayNumber) } }).ToListAsync(cancel))
            .Select(found => found["_id"].Day());
        foreach (var empty in older)
        {
            if ((await CountAsync(empty, cancel)).Reports == 0)
                await RemoveAsync(empty, cancel);
        }
        await RemoveAsync(day, cancel);
    }

    private async Task RemoveAsync(DateOnly day, CancellationToken cancel)
    {
        await drop.Days.UpdateOneAsync(MongoExtensions.ById(day.DayNumber), Set(Complete), cancellationToken: cancel);
        // Reports first: one whose parts are gone already must not be listed.
        await drop.Reports.RemoveAsync(MongoExtensions.OfDay(day), cancel);
        await drop.Parts.RemoveAsync(MongoExtensions.OfDay(day), cancel);
        await drop.Days.DeleteOneAsync(MongoExtensions.ById(day.DayNumber), cancel);
        _complete.TryRemove(day, out _);
    }

    /// <summary>Its document last: were the server stopped in between, the rest would be found again by it.</summary>
    private async Task RemoveGoneAsync(StoredId id, CancellationToken cancel)
    {
        await drop.Parts.RemoveAsync(MongoExtensions.PartsOf(id), cancel);
        await drop.Reports.DeleteOneAsync(OfKind(id, MongoReportKind.Gone), cancel);
    }

    private async Task<StoredDay> CountAsync(DateOnly day, CancellationToken cancel)
    {
        var counted = await drop.Reports.Aggregate(new AggregateOptions { Hint = MongoSchema.ReportsByDay })
            .Match(CommittedOf(day))
            .Group(new BsonDocument { { "_id", BsonNull.Value }, { "n", new BsonDocument("$sum", 1) }, { "b", new BsonDocument("$sum", "$b") } })
            .FirstOrDefaultAsync(cancel);
        return new StoredDay(day, counted?["n"].ToInt32() ?? 0, counted?["b"].ToInt64() ?? 0);
    }

    private static async Task<long> SumAsync(IMongoCollection<BsonDocument> collection, BsonDocument index, BsonDocument filter, CancellationToken cancel) =>
        (await collection.Aggregate(new AggregateOptions { Hint = index }).Match(filter)
            .Group(new BsonDocument { { "_id", BsonNull.Value }, { "b", new BsonDocument("$sum", "$b") } }).FirstOrDefaultAsync(cancel))?["b"].ToInt64() ?? 0;

    private static BsonDocument OfKind(DateOnly day, MongoReportKind kind) => new() { { "d", day.DayNumber }, { "k", (int)kind } };

    private static BsonDocument OfKind(StoredId id, MongoReportKind kind) => new() { { "_id", id.Binary() }, { "k", (int)kind } };

    private static BsonDocument Set(int state) => new("$set", new BsonDocument("s", state));

    private static BsonDocument SetKind(MongoReportKind kind) => new("$set", new BsonDocument("k", (int)kind));
}
