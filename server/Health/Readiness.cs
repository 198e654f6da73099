using System.Runtime.ExceptionServices;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Rosters;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Health;

/// <summary>
/// Whether this server can take reports for somebody: its store answers and keeps what is written, and a roster names whom to seal to. Found out once a minute by the
/// server itself, so that asking costs nothing and tells nothing: neither how busy the drop is nor how full, for whoever had filled it to
/// just below a limit would see the next visitor in what changes.
/// </summary>
public sealed class Readiness(RosterDesk rosters, IWriteCheck? check, TimeProvider time)
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

    /// <summary>Asks the store once. To be called by the server's own minute alone: what it writes must come at no visitor's time.</summary>
    /// <exception cref="StoreException">The store does not answer, which was noted; the log is to say it.</exception>
    public async Task LookAsync(CancellationToken cancel)
    {
        StoreException? away = null;
        Refusal? missing;
        try
        {
            missing = await FindMissingAsync(cancel);
        }
        catch (StoreException e) when (e.IsAway)
        {
            (away, missing) = (e, HealthRefusals.StoreAway);
        }
        _latest = new Look(missing, time.GetTimestamp());
        if (away is not null)
            ExceptionDispatchInfo.Throw(away);
    }

    private async Task<Refusal?> FindMissingAsync(CancellationToken cancel)
    {
        try
        {
            await (check?.WriteAsync(cancel) ?? Task.CompletedTask);
            if (await rosters.ReadAsync(cancel) is not { } drop)
                return HealthRefusals.NoRoster;
            var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
            // Choosing recipients costs signatures, and it is once a day and once a roster that another choice may come out.
            if (_judged.Revision != drop.Revision || _judged.Day != today)
                _judged = (drop.Revision, today, RosterVerifier.Verify(drop.State.Answer, linkKey: null, today).IsClosed);
            return !_judged.IsClosed ? null : drop.Roster.Expires < today ? HealthRefusals.Expired : HealthRefusals.Nobody;
        }
#pragma warning disable CA1031 // Whatever it is, it is what is missing; the keeper's look beside this one has told the log.
        catch (Exception e) when (e is not StoreException { IsAway: true } && !cancel.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return HealthRefusals.StoreFault;
        }
    }
}
