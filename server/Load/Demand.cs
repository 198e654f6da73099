using System.Security.Cryptography;
using SecureDrop.Server.Options;

namespace SecureDrop.Server.Load;

/// <summary>
/// How much is asked of this server, and so how much work it asks of a new ticket: nothing while it is idle, more with each
/// four-fold of the uploads a minute, with the places that uploads hold, and with the store filling up.
/// </summary>
/// <remarks>
/// The difficulty is public, and so must not tell who visits. It is measured over <see cref="Period"/>, smoothed, blurred by chance
/// that is drawn anew each time, and told in coarse steps: while the load is more than half a step below the first one, a visit
/// more or less changes nothing, and nearer to a step it changes the odds by a few in a hundred, whatever else an attacker sends to get
/// there (<see cref="BlurInSteps"/>). Nothing is remembered of anybody: the whole memory is one number.
/// <para>
/// Each server of a drop measures itself. A ticket carries its difficulty under the HMAC, so any of them knows what was asked.
/// </para>
/// </remarks>
/// <param name="options">The bounds, and what counts as quiet.</param>
/// <param name="share">The fullest of what can be full (places, the day's quota, the disk), now: 0 to 1.</param>
/// <param name="time">The clock.</param>
/// <param name="chance">Numbers from 0 to 1, evenly; null for ones that nobody can foretell.</param>
public sealed class Demand(TicketOptions options, Func<double> share, TimeProvider time, Func<double>? chance = null)
{
    /// <summary>How long is counted before the difficulty may change.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>Half the width of the blur. One text among those that make a step of the quietest kind weighs 1/50 of a step in a period.</summary>
    public const double BlurInSteps = 0.5;

    /// <summary>A part of a large report weighs as much as its share of what one proof of work pays for.</summary>
    public const double PartWeight = 1.0 / Crypto.ProofOfWork.Solution.PartsPerBlock;

    private const double Growth = 4;
    private const double Smoothing = 1.0 / 3;
    private const int ForgottenAfter = 64;
    private const int ChanceIn = 1 << 24;

    private readonly DifficultySteps _steps = new(options);
    private readonly Func<double> _chance = chance ?? (() => RandomNumberGenerator.GetInt32(ChanceIn) / (double)ChanceIn);
    private readonly Lock _lock = new();
    private DateTimeOffset _periodBegan = time.GetUtcNow();
    private double _taken;
    private double _level;
    private double _leeway = 1;
    private int _step;

    /// <summary>What a new ticket asks for: leading zero bits.</summary>
    public int Difficulty
    {
        get
        {
            lock (_lock)
            {
                TurnPeriods();
                return _steps.Of(_step);
            }
        }
    }

    /// <summary>Something was stored: 1 for a report, <see cref="PartWeight"/> for a part of one.</summary>
    public void Took(double weight)
    {
        lock (_lock)
        {
            TurnPeriods();
            _taken += weight;
        }
    }

    /// <summary>Whether a ticket asked for as much as one does now.</summary>
    public bool IsPresent(int difficulty) => difficulty >= Difficulty;

    /// <summary>
    /// Whether an upload may begin under a ticket that asked for this much. Tickets are good for minutes, so whoever hoarded them
    /// while they cost nothing could go on for nothing: a ticket that asked for less than the present one gets in only as often as
    /// its own difficulty was meant for.
    /// </summary>
    public bool Admits(int difficulty)
    {
        lock (_lock)
        {
            TurnPeriods();
            return difficulty >= _steps.Of(_step) || _taken < UploadsPerPeriod * Math.Pow(Growth, _steps.StepOf(difficulty)) * _leeway;
        }
    }

    private double UploadsPerPeriod => options.QuietUploadsPerMinute * (Period / TimeSpan.FromMinutes(1));

    private void TurnPeriods()
    {
        var now = time.GetUtcNow();
        // A clock that was set back begins a new period; without this, none would end until it has caught up.
        if (now < _periodBegan)
            _periodBegan = now;
        var ended = (int)Math.Min(ForgottenAfter, Math.Floor((now - _periodBegan) / Period));
        for (var n = 0; n < ended; n++)
        {
            Turn();
            _taken = 0;
        }
        if (ended > 0)
            _periodBegan = ended == ForgottenAfter ? now : _periodBegan + (ended * Period);
    }

    private void Turn()
    {
        var load = Math.Clamp(Math.Max(RateLevel(), Math.Clamp(share(), 0, 1) * Growth), 0, DifficultySteps.Highest);
        _level += (load - _level) * Smoothing;
        // Two numbers make a blur that is likeliest in its middle and ends: far enough from a step there is no chance at all.
        var blurred = _level + ((_chance() + _chance() - 1) * BlurInSteps);
        _step = Math.Clamp(Math.Clamp((int)Math.Floor(blurred), _step - 1, _step + 1), 0, DifficultySteps.Highest);
        _leeway = 1 + (_chance() / 2);
    }

    /// <summary>1 at the rate that is no longer quiet, one more with each four-fold.</summary>
    private double RateLevel() => _taken <= 0 ? 0 : 1 + Math.Log(_taken / UploadsPerPeriod, Growth);
}
