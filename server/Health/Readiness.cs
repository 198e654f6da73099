using SecureDrop.Crypto.Rosters;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Rosters;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Health;

/// <summary>
/// Whether this server can hand reports to somebody: its store answers, and a roster names whom to seal to. Found out once a minute by the
/// server itself, so that asking costs nothing and tells nothing: neither how busy the drop is nor how full, for whoever had filled it to
/// just below a limit would see the next visitor in what changes.
/// </summary>
public sealed class Readiness(RosterDesk rosters, TimeProvider time)
{
    /// <summary>A look that is older says nothing any more: whatever looks once a minute hangs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private sealed record Look(Refusal? Missing, long At);

    private readonly long _started = time.GetTimestamp();
    private Look? _latest;
    private (long Revision, DateOnly Day, bool IsClosed) _judged;

    /// <summary>What is missing, in one sentence for whoever runs the server; null where nothing is.</summary>
    public Refusal? Missing
    {
        get
        {
            var latest = _latest;
            return time.GetElapsedTime(latest?.At ?? _started) > Patience ? HealthRefusals.Hangs
                : latest is null ? HealthRefusals.Starting
                : latest.Missing;
        }
    }

    /// <summary>Asks the store once.</summary>
    public async Task LookAsync(CancellationToken cancel) => _latest = new Look(await FindMissingAsync(cancel), time.GetTimestamp());

    private async Task<Refusal?> FindMissingAsync(CancellationToken cancel)
    {
        try
        {
            if (await rosters.ReadAsync(cancel) is not { } drop)
                return HealthRefusals.NoRoster;
            var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
            // Choosing recipients costs signatures, and it is once a day and once a roster that another choice may come out.
            if (_judged.Revision != drop.Revision || _judged.Day != today)
                _judged = (drop.Revision, today, RosterVerifier.Verify(drop.State.Answer, linkKey: null, today).IsClosed);
            return !_judged.IsClosed ? null : drop.Roster.Expires < today ? HealthRefusals.Expired : HealthRefusals.Nobody;
        }
        catch (StoreException e) when (e.IsAway)
        {
            return HealthRefusals.StoreAway;
        }
#pragma warning disable CA1031 // Whatever it is, it is what is missing; the keeper's look beside this one has told the log.
        catch (Exception) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return HealthRefusals.StoreFault;
        }
    }
}
