using System.Runtime;

namespace SecureDrop.Server.Privacy;

/// <summary>
/// Collects what requests left behind, compacts what lives and gives the rest back to the system: a header is a string on the heap,
/// and without this it would lie there, dead but readable, until a quiet server happens to need the room. Some 10 ms each time.
/// </summary>
public sealed class MemorySweeper : BackgroundService
{
    /// <summary>How long after a visit its strings lie in memory, at most and about.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // By the machine's own clock: it is this process's memory that ages, whatever day it is.
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Sweep();
        }
        catch (OperationCanceledException)
        {
            // The server stops, and all of its memory goes with it.
        }
    }

    private static void Sweep()
    {
        Intake.Body.Trim();
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
