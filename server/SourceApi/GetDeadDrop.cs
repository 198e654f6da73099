using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Crypto.Json;
using SecureDrop.Server.Days;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Options;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.SourceApi;

internal static class GetDeadDrop
{
    // The store is never held while a slow line takes them, so they wait in memory: of hundreds of readers who do not read, 40 KB each.
    private const int SlotsAtATime = 4;

    public static async Task<Results<PushStreamHttpResult, Refusal>> HandleAsync(
        string day, string shard, HttpContext context, DayKeeper keeper, IDeadDropStore deadDrops, ServerOptions options, CancellationToken cancel)
    {
        if (!Day.TryParse(day, out var date)
            || !int.TryParse(shard, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || (shard.Length > 1 && shard[0] == '0'))
        {
            return Refusals.Malformed;
        }
        await keeper.TryTurnAsync(cancel);
        var found = (await deadDrops.ListAsync(cancel)).FirstOrDefault(entry => entry.Day == date);
        if (found is null || (!found.IsPublished && !options.DeadDrop.PublishAtOnce) || index >= found.SizesInBytes.Count)
            return Refusals.NotFound;
        if (found.Problem is not null)
            return Refusals.Fault;
        // A published one never changes, so its length is known; one that is published at once may grow while it is read.
        if (found.IsPublished)
            context.Response.ContentLength = found.SizesInBytes[index];
        return TypedResults.Stream(output => WriteAsync(output, date, index, deadDrops, context.Features.Get<Gate.Place>(), context.RequestAborted), MediaType.Octets);
    }

    private static async Task WriteAsync(Stream output, DateOnly day, int shard, IDeadDropStore deadDrops, Gate.Place? place, CancellationToken cancel)
    {
        ReadOnlyMemory<byte>? last = null;
        while (true)
        {
            var slots = await deadDrops.ReadSlotsAsync(day, shard, last, SlotsAtATime, cancel);
            foreach (var slot in slots)
            {
                await output.WriteAsync(slot, cancel);
                place?.Move(slot.Length);
            }
            if (slots.Count < SlotsAtATime)
                return;
            last = slots[^1][..DeadDropEntry.OrderSizeInBytes];
        }
    }
}
