using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Server.Days;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.SourceApi;

internal static class GetParts
{
    public static async Task<Results<Ok<PartsAnswer>, Refusal>> HandleAsync(
        string id, DayKeyRing keys, IReportStore reports, CancellationToken cancel)
    {
        if (UploadId.TryParse(id) is not { } uploadId)
            return Refusals.Malformed;
        foreach (var key in await keys.ServingAsync(cancel))
        {
            var parts = await reports.ListPartsAsync(key.Day, key.StoredIdOf(uploadId), cancel);
            if (parts.Count > 0)
                return TypedResults.Ok(new PartsAnswer(parts));
        }
        return TypedResults.Ok(new PartsAnswer([]));
    }
}
