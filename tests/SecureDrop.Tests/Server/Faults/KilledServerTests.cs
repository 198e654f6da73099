using System.Globalization;
using Xunit;

namespace SecureDrop.Tests.Server.Faults;

/// <summary>Rounds in which the server is killed amid five hundred uploads.</summary>
public sealed class KilledServerTests
{
    private const int Texts = 470;
    private const int Larger = 30;
    private const int MostKills = 3;

    [Fact]
    public async Task Server_KilledAmidUploads_LosesNothingItAcknowledgedAndShowsNothingHalf()
    {
        for (var round = 0; round < FaultRounds.Count(5); round++)
        {
            using var folder = new TemporaryFolder();
            await using var server = await KillableServer.StartAsync($"--SecureDrop:Drop:DataDirectory={folder.Path}");
            await KillAmidAsync(server, round, Texts, Larger, async () =>
            {
                await server.KillAsync();
                await server.StartAgainAsync();
            });
            // Recovery needed no hand, and nothing was found amiss.
            Assert.Equal("", server.Errors.Trim());
        }
    }

    /// <summary>One round: uploads, kills at moments of chance, and what reviewers can fetch.</summary>
    internal static async Task KillAmidAsync(KillableServer server, int round, int texts, int larger, Func<Task> fault)
    {
        var chance = FaultRounds.Chance(round);
        var uploads = new UploadRound(server.Source, texts, larger);
        var moments = Enumerable.Range(0, 1 + chance.Below(MostKills)).Select(_ => chance.Below(uploads.Uploads)).Order().ToList();
        try
        {
            var running = uploads.RunAsync();
            var acknowledged = new List<int>();
            foreach (var moment in moments)
            {
                await uploads.WaitForAsync(moment);
                await Task.Delay(chance.Below(20));
                acknowledged.Add(uploads.Acknowledged);
                await fault();
                await uploads.AssertNothingElseIsThereAsync(server.LogInAsync);
            }
            await running;
            using var reviewer = await server.LogInAsync();
            await uploads.AssertIsThereOnceAsync(reviewer);
            FaultRounds.Say(round, string.Create(CultureInfo.InvariantCulture,
                $"{uploads.Uploads} uploads, {moments.Count} faults at {string.Join(", ", acknowledged)} acknowledged, {uploads.Tries} tries again, none lost"));
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"round {round} of SECUREDROP_FAULT_SEED={FaultRounds.Seed}, {moments.Count} faults at {string.Join(", ", moments)}; the server said: {server.Errors}"), e);
        }
    }
}
