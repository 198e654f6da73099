using SecureDrop.Crypto.ProofOfWork;
using SecureDrop.Server.Options;

namespace SecureDrop.Server.Load;

/// <summary>
/// The few difficulties there are: 0, then 6, 9, 12, … leading zero bits, each step eight times the work of the one before, held
/// between the least and the most that are set. Coarse, since the difficulty is told to everybody who asks.
/// </summary>
public sealed class DifficultySteps(TicketOptions options)
{
    private const int BitsPerStep = 3;

    /// <summary>The highest step: 24 bits.</summary>
    public const int Highest = (Ticket.LargestDifficulty / BitsPerStep) - 1;

    /// <summary>The difficulty of a step, 0 to <see cref="Highest"/>.</summary>
    public int Of(int step) => Math.Clamp(step == 0 ? 0 : (step + 1) * BitsPerStep, options.LeastDifficulty, options.MostDifficulty);

    /// <summary>The highest step whose work a difficulty is; a ticket carries its difficulty, not its step.</summary>
    public int StepOf(int difficulty) => Enumerable.Range(0, Highest + 1).LastOrDefault(step => Of(step) <= difficulty);
}
