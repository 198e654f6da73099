using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Crypto.Json;
using SecureDrop.Server.Days;
using SecureDrop.Server.Options;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.SourceApi;

internal static class GetDeadDrops
{
    public static async Task<Ok<IReadOnlyList<DeadDropAnswer>>> HandleAsync(
        DayKeeper keeper, IDeadDropStore deadDrops, ServerOptions options, CancellationToken cancel)
    {
        await keeper.TryTurnAsync(cancel);
        IReadOnlyList<DeadDropAnswer> days = [.. (await deadDrops.ListAsync(cancel))
            .Where(day => day.IsPublished || options.DeadDrop.PublishAtOnce)
            .Select(day => new DeadDropAnswer(Day.Write(day.Day), day.ShardBits, day.SizesInBytes))];
        return TypedResults.Ok(days);
    }
}
