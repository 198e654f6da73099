using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Days;

/// <summary>Lets the day keeper look at the clock once a minute.</summary>
public sealed class DayTimer(DayKeeper keeper, TimeProvider time, ServerLog log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await keeper.TickAsync(stoppingToken);
                log.StoreAnswers();
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (StoreException e) when (e.IsAway)
            {
                log.StoreIsAway(e);
            }
#pragma warning disable CA1031 // A disk that fails now may work in a minute; the sources' side must not stop for it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                log.OwnFault(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
