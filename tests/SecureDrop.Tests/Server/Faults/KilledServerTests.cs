using System.Globalization;
using CsCheck;
using Xunit;

namespace SecureDrop.Tests.Server.Faults;

/// <summary>
/// Rounds in which the server is killed amid five hundred uploads. <c>SECUREDROP_FAULT_ROUNDS</c> says how many, <c>SECUREDROP_FAULT_SEED</c>
/// replays one: what is random is when, and how often, it is killed; the machine's own timing is not.
/// </summary>
public sealed class KilledServerTests
{
    private const int Texts = 470;
    private const int Larger = 30;
    private const int MostKills = 3;

    internal static int Rounds => Setting("SECUREDROP_FAULT_ROUNDS") ?? 5;

    internal static int Seed { get; } = Setting("SECUREDROP_FAULT_SEED") ?? System.Security.Cryptography.RandomNumberGenerator.GetInt32(1_000_000);

    [Fact]
    public async Task Server_KilledAmidUploads_LosesNothingItAcknowledgedAndShowsNothingHalf()
    {
        for (var round = 0; round < Rounds; round++)
        {
            using var folder = new TemporaryFolder();
            await using var server = await KillableServer.StartAsync($"--SecureDrop:Drop:DataDirectory={folder.Path}");
            await KillAmidAsync(server, Seed, round, Texts, Larger, async () =>
            {
                await server.KillAsync();
                await server.StartAgainAsync();
            });
            // Recovery needed no hand, and nothing was found amiss.
            Assert.Equal("", server.Errors.Trim());
        }
    }

    /// <summary>One round: uploads, kills at moments of chance, and what reviewers can fetch.</summary>
    internal static async Task KillAmidAsync(KillableServer server, int seed, int round, int texts, int larger, Func<Task> fault)
    {
        var chance = new PCG(1, (ulong)(seed + round));
        var uploads = new UploadRound(server.Source, texts, larger);
        var moments = Enumerable.Range(0, 1 + Below(chance, MostKills)).Select(_ => Below(chance, uploads.Uploads)).Order().ToList();
        try
        {
            var running = uploads.RunAsync();
            var acknowledged = new List<int>();
            foreach (var moment in moments)
            {
                await uploads.WaitForAsync(moment);
                await Task.Delay(Below(chance, 20));
                acknowledged.Add(uploads.Acknowledged);
                await fault();
            }
            await running;
            using var reviewer = await server.LogInAsync();
            await uploads.AssertIsThereOnceAsync(reviewer);
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round {round}, seed {seed}: {uploads.Uploads} uploads, {moments.Count} faults at {string.Join(", ", acknowledged)} acknowledged, {uploads.Tries} tries again, none lost"));
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"round {round} of SECUREDROP_FAULT_SEED={seed}, {moments.Count} faults at {string.Join(", ", moments)}; the server said: {server.Errors}"), e);
        }
    }

    private static int Below(PCG chance, int most) => (int)chance.Next((uint)most);

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
