using System.Diagnostics;

namespace SecureDrop.Benchmarks.Measuring;

/// <summary>Wall time of a piece of work.</summary>
internal static class Clock
{
    internal static TimeSpan Time(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start);
    }

    internal static async Task<TimeSpan> TimeAsync(Func<Task> work)
    {
        long start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Waits until what earlier steps wrote is on the disk, so that the next step does not pay for them.</summary>
    internal static void SettleDisk() => Drop.ChildProcess.Run("sync", []);

    /// <summary>The day it is, in UTC.</summary>
    internal static DateOnly Today(TimeProvider? time = null) => DateOnly.FromDateTime((time ?? TimeProvider.System).GetUtcNow().UtcDateTime);
}
