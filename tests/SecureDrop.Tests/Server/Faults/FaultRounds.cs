using System.Globalization;
using CsCheck;
using Xunit;

namespace SecureDrop.Tests.Server.Faults;

/// <summary>
/// Rounds of a test in which something fails at moments of chance. <c>SECUREDROP_FAULT_ROUNDS</c> says how many, <c>SECUREDROP_FAULT_SEED</c>
/// replays one: what is random is when, and how often, it fails; the machine's own timing is not.
/// </summary>
internal static class FaultRounds
{
    /// <summary>Rounds of the test that has most of them; the others' are in proportion.</summary>
    private const int Usual = 5;

    public static int Seed { get; } = Setting("SECUREDROP_FAULT_SEED") ?? System.Security.Cryptography.RandomNumberGenerator.GetInt32(1_000_000);

    /// <summary>How many rounds a test has that usually has so many.</summary>
    public static int Count(int usual) => Setting("SECUREDROP_FAULT_ROUNDS") is { } all ? Math.Max(1, all * usual / Usual) : usual;

    /// <summary>What is chance in a round.</summary>
    public static PCG Chance(int round) => new(1, (ulong)(Seed + round));

    /// <summary>A number from 0 to below <paramref name="end"/>.</summary>
    public static int Below(this PCG chance, int end) => (int)chance.Next((uint)end);

    /// <summary>Runs the rounds of a test.</summary>
    /// <param name="usual">How many where nobody asked for a number.</param>
    /// <param name="round">One round; returns what it did, in words. Nothing in it skips the test.</param>
    public static async Task RunAsync(int usual, Func<PCG, Task<string>> round)
    {
        for (var n = 0; n < Count(usual); n++)
        {
            try
            {
                Say(n, await round(Chance(n)));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"round {n} of SECUREDROP_FAULT_SEED={Seed}: {e.Message}"), e);
            }
        }
    }

    /// <summary>Prints what a round did.</summary>
    public static void Say(int round, string did) =>
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}, seed {Seed}: {did}"));

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
