using System.Net;
using System.Text.Json;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Terminal;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Desk;

/// <summary>A reviewer comes back after weeks: what was honestly sealed meanwhile is no alarm, as the server hands out what it handed out then.</summary>
public sealed class AwayDeskTests
{
    private const string Earlier = "GET /api/v1/roster/earlier";

    [Fact]
    public async Task Sync_AfterAnothersKeyEndedUnseen_KnowsItFromTheServerAndAlarmsWhereThatIsWithheld()
    {
        await using Team team = await Team.StartAsync();
        using SourceAtWork source = new(team.Drop);
        await team.Ana.OkAsync("sync");
        await team.Ben.OkAsync("sync");
        await team.Ben.OkAsync("key", "renew");
        await team.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        await source.TellAsync("hello");
        for (int day = 1; day <= 20; day++)
        {
            await team.Drop.AdvanceAsync(TimeSpan.FromDays(1));
            if (day % 7 == 0)
            {
                await team.Ben.OkAsync("key", "renew");
            }
        }

        // Sources are given what they may seal to, and no more than before.
        RosterAnswer answer = RosterAnswer.Parse(await team.Drop.Source.GetByteArrayAsync("/api/v1/roster"));
        Assert.All(answer.Recipients, s => Assert.True(RecipientStatement.Parse(s.Statement.Span).LastDay >= team.Drop.Today));
        EarlierStatements earlier = EarlierStatements.Parse(await team.Drop.Reviewers.GetByteArrayAsync("/api/v1/roster/earlier"));
        Assert.Single(earlier.Recipients);
        using HttpResponseMessage source404 = await team.Drop.Source.GetAsync("/api/v1/roster/earlier");
        Assert.Equal(HttpStatusCode.NotFound, source404.StatusCode);

        string index = team.Ana.HomeDirectory.Index;
        byte[] before = await File.ReadAllBytesAsync(index);
        foreach (byte[] withheld in new[] { "{}"u8.ToArray(), EarlierStatements.None.Write(), [] })
        {
            team.Ana.Network = () => new RewritingNetwork((what, _) => what == Earlier ? withheld : null);
            await SyncAsync(team.Ana);
            JsonElement line = await OnlyAsync(team.Ana);
            Assert.Equal("ALARM", line.GetProperty("state").GetString());
            Ran opened = await team.Ana.RunAsync("open", line.GetProperty("handle").GetString()!, "--no-receipt");
            Assert.Contains("earlier one that the server did not show", opened.Output, StringComparison.Ordinal);
            Directory.Delete(team.Ana.HomeDirectory.Reports, recursive: true);
            await File.WriteAllBytesAsync(index, before);
        }

        team.Ana.Network = null;
        await SyncAsync(team.Ana);
        Assert.Equal("new", (await OnlyAsync(team.Ana)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Sync_AfterTwoRostersOrWithALostIndex_KnowsTheOneBetween()
    {
        await using Team team = await Team.StartAsync();
        using SourceAtWork source = new(team.Drop);
        await team.Ana.OkAsync("sync");
        await team.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        await team.SignAsync();
        await team.PublishAsync();
        await source.TellAsync("hello");
        await team.Drop.AdvanceAsync(TimeSpan.FromDays(2));
        await team.SignAsync();
        await team.PublishAsync();
        await team.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        await SyncAsync(team.Ana);
        Assert.Equal("new", (await OnlyAsync(team.Ana)).GetProperty("state").GetString());
        File.Delete(team.Ana.HomeDirectory.Index);
        await SyncAsync(team.Ana);
        Assert.Equal("new", (await OnlyAsync(team.Ana)).GetProperty("state").GetString());
    }

    private static async Task SyncAsync(TestDesk desk)
    {
        Ran ran = await desk.RunAsync("sync");
        Assert.True(ran.Code is ExitCode.Ok or ExitCode.Alarm, ran.Error);
    }

    private static async Task<JsonElement> OnlyAsync(TestDesk desk)
    {
        using JsonDocument json = JsonDocument.Parse(await desk.OkAsync("inbox", "--json"));
        return Assert.Single(json.RootElement.GetProperty("reports").EnumerateArray()).Clone();
    }
}
