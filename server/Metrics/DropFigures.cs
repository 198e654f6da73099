using SecureDrop.Crypto.Rosters;
using SecureDrop.Server.Days;
using SecureDrop.Server.Rosters;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Metrics;

/// <summary>What is told of a drop, as it was at one moment of a day; null is not told.</summary>
internal sealed record DropFigures
{
    /// <summary>Below this many uploads a day is told as 0.</summary>
    public const long SmallestReports = 128;

    /// <summary>The newest complete day is so many days ago: the first whose key serves no more.</summary>
    public const int ReportsAreOf = DayKeyRing.DaysAfter + 1;

    /// <summary>With less room than this, 0 is told: a quarter of a gibibyte.</summary>
    public const long SmallestFreeInBytes = 1L << 28;

    public long? RosterVersion { get; init; }
    public long? RosterLeftInDays { get; init; }
    public long? Reviewers { get; init; }
    public long? Recipients { get; init; }
    public long? RecipientLeftInDays { get; init; }
    public long DeadDropDays { get; init; }
    public long DaysDue { get; init; }
    public long DaysUnreadable { get; init; }
    public long IsClockBehind { get; init; }
    public long? FreeInBytes { get; init; }
    public long? Reports { get; init; }

    /// <summary>
    /// Reads them. Of uploads only those of the newest complete day are counted, to which nothing can be added any more: of a day that still
    /// takes them, two answers would tell what came in between. How many days have reports is not told: it would be one more for a day with
    /// one visit than for a day without. What is blurred is so by the key of the day on which it is told.
    /// </summary>
    public static async Task<DropFigures> ReadAsync(RosterDesk rosters, DayKeeper keeper, IReportStore reports, IDeadDropStore deadDrops, DayKey blur, CancellationToken cancel)
    {
        var today = blur.Day;
        var stored = await reports.ListDaysAsync(cancel);
        var kept = await deadDrops.ListAsync(cancel);
        var room = (await reports.MeasureAsync(DateOnly.MinValue, cancel)).FreeInBytes;
        var newest = today.AddDays(-ReportsAreOf);
        var isComplete = !(await reports.ListOpenDaysAsync(cancel)).Contains(newest);
        return Of(await rosters.ReadAsync(cancel), today) with
        {
            DeadDropDays = kept.Count(day => day.IsPublished),
            DaysDue = keeper.DaysWaitingToEnd,
            DaysUnreadable = stored.Select(day => day.Problem).Concat(kept.Select(day => day.Problem)).Count(problem => problem is not null),
            IsClockBehind = keeper.IsClockBehind ? 1 : 0,
            // A database may not tell what its disk has.
            FreeInBytes = room == long.MaxValue ? null : Coarse.Blurred(room, SmallestFreeInBytes, blur.ChanceOf("free")),
            Reports = isComplete ? Coarse.Blurred(stored.FirstOrDefault(day => day.Day == newest)?.Reports ?? 0, SmallestReports, blur.ChanceOf("uploads")) : null,
        };
    }

    private static DropFigures Of(DropView? drop, DateOnly today)
    {
        if (drop is null)
            return new DropFigures();
        var verified = RosterVerifier.Verify(drop.State.Answer, linkKey: null, today);
        return new DropFigures
        {
            RosterVersion = verified.Roster.Version,
            RosterLeftInDays = Left(verified.Roster.Expires, today),
            Reviewers = verified.Roster.Reviewers.Count,
            Recipients = verified.Recipients.Count,
            RecipientLeftInDays = verified.Recipients.Count == 0 ? 0 : verified.Recipients.Min(recipient => Left(recipient.LastDay, today)),
        };
    }

    /// <summary>Days that something still holds, this one included.</summary>
    private static long Left(DateOnly last, DateOnly today) => Math.Max(0, last.DayNumber - today.DayNumber + 1);
}
