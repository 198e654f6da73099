using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Server.Days;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.ReviewerApi;

internal static class GetCopies
{
    public static async Task<Results<PushStreamHttpResult, Refusal>> HandleAsync(
        string day, HttpRequest request, IDeadDropStore deadDrops, DayKeeper keeper, CancellationToken cancel)
    {
        if (!ListQuery.TryParse(day, request, out var date, out var from))
            return Refusals.Malformed;
        await keeper.EnsureTurnedAsync(cancel);
        return RecordStream.Of(from, async (after, limit) =>
            [.. (await deadDrops.ReadCopiesAsync(date, after, limit, cancel)).Select(copy => (copy.Id, copy.SealedBytes))], cancel);
    }
}
