using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Crypto.Replies;
using SecureDrop.Server.Days;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Rosters;
using SecureDrop.Server.Storage;
using StoredEntry = SecureDrop.Server.Storage.DeadDropEntry;

namespace SecureDrop.Server.ReviewerApi;

internal static class PostBatch
{
    /// <summary>The longest batch: some 680 answers a reviewer and day with three reviewers. A store may keep it as one document of 16 MiB at most.</summary>
    public const int LargestInBytes = 15 << 20;

    private static Refusal NotABatch => new(StatusCodes.Status400BadRequest,
        "This is not a batch: a multiple of 8 slots, each sealed to one and each with a sealed copy.");

    private static Refusal BeyondWidth => new(StatusCodes.Status409Conflict,
        "A slot names a shard beyond the day's width; read the status again and make the batch anew.");

    private static Refusal SlotInUse => new(StatusCodes.Status409Conflict, "A slot begins as another of this day does; make the batch anew.");

    private static Refusal DayTurned => new(StatusCodes.Status409Conflict, "The day has just ended; make the batch anew for the new one.");

    public static async Task<Results<NoContent, Refusal>> HandleAsync(
        HttpContext context, DayKeeper keeper, DayKeyRing keys, IDeadDropStore deadDrops, BatchGate gate, TimeProvider time, CancellationToken cancel)
    {
        if (!MediaType.Is(context.Request, MediaType.Octets))
            return Refusals.NotOctets;
        using var place = gate.TryEnter();
        if (place is null)
            return Refusals.Busy;
        using var body = await BodyReader.ReadAsync(context.Request, LargestInBytes, BodyReader.Deadline, time, cancel, place);
        if (body is null)
            return Refusals.TooLarge;
        await keeper.EnsureTurnedAsync(cancel);
        var today = keys.Today;
        if ((await deadDrops.ListAsync(cancel)).FirstOrDefault(day => day.Day == today) is not { } running)
            return DayTurned;
        switch (DeadDropBatch.TryRead(body.Bytes, running.ShardBits, out var entries))
        {
            case DeadDropBatchFault.None:
                break;
            case DeadDropBatchFault.Shard:
                return BeyondWidth;
            default:
                return NotABatch;
        }
        var outcome = await deadDrops.StoreBatchAsync(
            today,
            RequireSession.ReviewerOf(context).SigningKey.Bytes.ToArray(),
            [.. entries.Select(entry => new StoredEntry(entry.Shard, entry.Slot))],
            [.. entries.Select(entry => entry.Copy)],
            cancel);
        return outcome switch
        {
            BatchOutcome.Stored or BatchOutcome.Replaced or BatchOutcome.AlreadyThere => TypedResults.NoContent(),
            BatchOutcome.Conflict => SlotInUse,
            BatchOutcome.ShardBeyondWidth => BeyondWidth,
            BatchOutcome.DayClosed => DayTurned,
            BatchOutcome.Full => Refusals.Full,
            _ => throw new InvalidOperationException("An outcome that no store has."),
        };
    }
}
