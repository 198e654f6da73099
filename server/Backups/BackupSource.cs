using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Backups;

/// <summary>
/// Sends what a backup holds, from any store, while the drop goes on. Only what will never change: reports of days that take nothing more,
/// dead drops that are published, the copies of their days. Two backups of a running day would tell in which order its reports came. No day
/// key, no login, no setup token, no part without its commit.
/// </summary>
internal sealed class BackupSource(ServerStores stores, DateOnly today, Stream output, CancellationToken cancel)
{
    private const int RecordsAtATime = 32;

    public async Task WriteAsync()
    {
        if (await stores.Rosters.ReadAsync(cancel) is not { } roster)
            throw new BackupException("There is no drop yet to make a backup of: it has no roster.");
        await FileAsync(new(BackupPart.Roster), roster.Answer);
        await EarlyEndsAsync();
        await ReportsAsync();
        await DeadDropsAsync();
        await SendAsync(BackupFrames.End, default);
    }

    private async Task EarlyEndsAsync()
    {
        var ends = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (day, endsOn) in await stores.Days.ListEarlyEndsAsync(cancel))
            ends[Text(day)] = Text(endsOn);
        if (ends.Count > 0)
            await FileAsync(new(BackupPart.EarlyEnds), JsonSerializer.SerializeToUtf8Bytes(ends, BackupJson.Default.SortedDictionaryStringString));
    }

    private async Task ReportsAsync()
    {
        var open = (await stores.Reports.ListOpenDaysAsync(cancel)).ToHashSet();
        foreach (var stored in (await stores.Reports.ListDaysAsync(cancel)).Where(day => !open.Contains(day.Day) && day.Day < today))
        {
            if (stored.Problem is { } problem)
                await BackupFrames.WriteAsync(output, BackupFrames.Missing, $"The reports of {Text(stored.Day)} are not in it: {problem}", cancel);
            else
                await DayAsync(stored.Day);
        }
    }

    private async Task DayAsync(DateOnly day)
    {
        await RecordsAsync(new(BackupPart.Texts, day), async after =>
            [.. (await stores.Reports.ReadTextsAsync(day, after, RecordsAtATime, cancel)).Select(text => (text.Id, text.SealedBytes))]);
        var buffer = new byte[IReportStore.PartSizeInBytes];
        StoredId? last = null;
        while (await stores.Reports.ListReportsAsync(day, last, RecordsAtATime, cancel) is { Count: > 0 } page)
        {
            foreach (var report in page.Where(report => report.Parts > 0))
            {
                await BeginAsync(new(BackupPart.Report, day, report.Id));
                for (var part = 0; part < report.Parts; part++)
                {
                    var length = await stores.Reports.ReadPartIntoAsync(day, report.Id, part, buffer, cancel)
                        ?? throw new BackupException($"The day {Text(day)} ended while it was being copied; make the backup again.");
                    await SendAsync(BackupFrames.Bytes, buffer.AsMemory(0, length));
                }
            }
            last = page[^1].Id;
        }
    }

    private async Task DeadDropsAsync()
    {
        var deadDrops = await stores.DeadDrops.ListAsync(cancel);
        foreach (var deadDrop in deadDrops.Where(day => day.IsPublished && day.Day < today))
        {
            if (deadDrop.Problem is { } problem)
                await BackupFrames.WriteAsync(output, BackupFrames.Missing, $"The dead drop of {Text(deadDrop.Day)} is not in it: {problem}", cancel);
            else
                await SlotsAsync(deadDrop);
        }
        var unpublished = deadDrops.Where(day => !day.IsPublished).Select(day => day.Day).ToHashSet();
        foreach (var (day, count) in (await stores.DeadDrops.CountCopiesAsync(cancel)).Where(day => day.Key < today && !unpublished.Contains(day.Key)))
        {
            if (count < 0)
                await BackupFrames.WriteAsync(output, BackupFrames.Missing, $"The copies of {Text(day)} are not in it: they cannot be read.", cancel);
            else
                await RecordsAsync(new(BackupPart.Copies, day), async after =>
                    [.. (await stores.DeadDrops.ReadCopiesAsync(day, after, RecordsAtATime, cancel)).Select(copy => (copy.Id, copy.SealedBytes))]);
        }
    }

    private async Task SlotsAsync(DeadDropDay day)
    {
        await BeginAsync(new(BackupPart.Slots, day.Day));
        await SendAsync(BackupFrames.Bytes, new[] { (byte)day.ShardBits });
        var key = new byte[sizeof(int)];
        for (var shard = 0; shard < day.SizesInBytes.Count; shard++)
        {
            BinaryPrimitives.WriteInt32BigEndian(key, shard);
            ReadOnlyMemory<byte>? last = null;
            while (day.SizesInBytes[shard] > 0 && await stores.DeadDrops.ReadSlotsAsync(day.Day, shard, last, RecordsAtATime, cancel) is { Count: > 0 } slots)
            {
                foreach (var slot in slots)
                    await SendAsync(BackupFrames.Bytes, BackupRecord.Write(key, slot.Span));
                last = slots[^1][..DeadDropEntry.OrderSizeInBytes];
            }
        }
    }

    private async Task RecordsAsync(BackupName name, Func<StoredId?, Task<IReadOnlyList<(StoredId Id, ReadOnlyMemory<byte> Bytes)>>> read)
    {
        StoredId? last = null;
        while (await read(last) is { Count: > 0 } records)
        {
            if (last is null)
                await BeginAsync(name);
            foreach (var (id, bytes) in records)
                await SendAsync(BackupFrames.Bytes, BackupRecord.Write(id.ToBytes(), bytes.Span));
            last = records[^1].Id;
        }
    }

    private async Task FileAsync(BackupName name, ReadOnlyMemory<byte> bytes)
    {
        await BeginAsync(name);
        for (var at = 0; at < bytes.Length; at += BackupFrames.MostInBytes)
            await SendAsync(BackupFrames.Bytes, bytes[at..Math.Min(bytes.Length, at + BackupFrames.MostInBytes)]);
    }

    private Task BeginAsync(BackupName name) => BackupFrames.WriteAsync(output, BackupFrames.File, name.ToString(), cancel);

    private Task SendAsync(byte kind, ReadOnlyMemory<byte> bytes) => BackupFrames.WriteAsync(output, kind, bytes, cancel);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
