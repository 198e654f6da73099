using SecureDrop.Server.Health;
using SecureDrop.Server.Metrics;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Days;

/// <summary>The server's own minute: the day keeper looks at the clock, the day's figures are made, and whether all is well is found out.</summary>
internal sealed class DayTimer(DayKeeper keeper, Exposition exposition, Readiness readiness, TimeProvider time, ServerLog log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>What is done once a minute. No failure ends it: a disk that fails now may work in a minute, and the sources' side must not stop for it.</summary>
    internal async Task LookAsync(CancellationToken cancel)
    {
        var answers = await TryAsync(keeper.TickAsync, cancel) && await TryAsync(exposition.RefreshAsync, cancel);
        // Whatever became of these: it is what a monitor is told. Only where all of it went well is the store said to answer again.
        answers &= await TryAsync(readiness.LookAsync, cancel);
        if (answers)
            log.StoreAnswers();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
                await LookAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    /// <returns>False where the store does not answer at all.</returns>
    private async Task<bool> TryAsync(Func<CancellationToken, Task> step, CancellationToken cancel)
    {
        try
        {
            await step(cancel);
        }
        catch (StoreException e) when (e.IsAway)
        {
            log.StoreIsAway(e);
            return false;
        }
#pragma warning disable CA1031 // Said, and tried again.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            log.OwnFault(e);
        }
        return true;
    }
}
