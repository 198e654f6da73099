using System.Net;
using Xunit;

namespace SecureDrop.Tests.Server.Faults;

/// <summary>The server as a process whose clock is a day off, and a hundred days ahead, and right again.</summary>
public sealed class WrongClockTests
{
    [Fact]
    public async Task Clock_ADayOffAHundredDaysAheadAndRightAgain_LosesNothingThatWasAcknowledged()
    {
        using var shim = await FaultShim.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var server = await KillableServer.StartAsync(shim.Variables, $"--SecureDrop:Drop:DataDirectory={folder.File("data")}");
        var acknowledged = new List<byte[]>();
        var (begun, large) = (await UploadClient.NewAsync(server.Source), SealedBytes.Large());
        var parts = UploadClient.Cut(large);
        Assert.Equal(HttpStatusCode.NoContent, await begun.PutPartAsync(0, parts[0]));

        foreach (var (days, isStartedAgain) in new[] { (0, false), (1, false), (-1, true), (100, false), (100, true), (0, false) })
        {
            shim.ClockOffset = TimeSpan.FromDays(days);
            if (isStartedAgain)
            {
                await server.KillAsync();
                await server.StartAgainAsync();
            }
            // As a visit does, and with it the server sees that its day has changed.
            foreach (var address in new[] { "/api/v1/roster", "/api/v1/dead-drops" })
                Assert.Equal(HttpStatusCode.OK, (await server.Source.GetAsync(address)).StatusCode);
            var text = SealedBytes.Text();
            Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(server.Source)).PutTextAsync(text));
            acknowledged.Add(text);
            using var reviewer = await server.LogInAsync();
            await UploadRound.AssertAreThereOnceAsync(reviewer, acknowledged);
        }
        // What had begun before all of that goes on under its ticket.
        for (var n = 1; n < parts.Count; n++)
            Assert.Equal(HttpStatusCode.NoContent, await begun.PutPartAsync(n, parts[n]));
        Assert.Equal(HttpStatusCode.NoContent, await begun.CommitAsync(parts.Count, large.Length));
        using (var reviewer = await server.LogInAsync())
            await UploadRound.AssertAreThereOnceAsync(reviewer, [.. acknowledged, large]);
        Assert.All(server.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("warning: ", line, StringComparison.Ordinal));
    }
}
