using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Replies;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Reviewer.Processes;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Desk;

/// <summary>Several reviewers and one who holds the drop key, from the command line alone.</summary>
public sealed class TeamTests
{
    [Fact]
    public async Task Team_SecondReviewer_ReadsAndAnswersAndTheFirstLearnsOfIt()
    {
        await using Team team = await Team.StartAsync();
        using SourceAtWork source = new(team.Drop);
        await source.TellAsync("The harbour gate is never locked.");
        await team.Ana.OkAsync("sync");
        await team.Ben.OkAsync("sync");
        Assert.Equal("new", (await OnlyAsync(team.Ana)).GetProperty("state").GetString());
        string handle = (await OnlyAsync(team.Ben)).GetProperty("handle").GetString()!;
        Assert.StartsWith("sealed to you and 1 other · current roster", await team.Ben.OkAsync("open", handle, "--no-receipt"), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await team.Ben.RunWithInputAsync("Which gate?", "reply", handle, "-")).Code);
        await team.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        await team.Ana.OkAsync("sync");
        Assert.Equal("answered", (await OnlyAsync(team.Ana)).GetProperty("state").GetString());
        Assert.Contains("another reviewer (message)\n  > Which gate?", await team.Ana.OkAsync("open", handle), StringComparison.Ordinal);
        ShownReply shown = Assert.Single((await source.LookAsync()).Replies);
        Assert.Equal("Which gate?", shown.Message);
    }

    [Fact]
    public async Task Team_RemovedReviewer_CannotReadWhatComesLaterAndIsStillNamedForWhatWasAnswered()
    {
        await using Team team = await Team.StartAsync();
        using SourceAtWork source = new(team.Drop);
        await source.TellAsync("before");
        await team.Ben.OkAsync("sync");
        string before = (await OnlyAsync(team.Ben)).GetProperty("handle").GetString()!;
        await team.Ben.RunWithInputAsync("from Ben", "reply", before, "-");
        await team.Drop.AdvanceAsync(TimeSpan.FromDays(1));

        // Carla comes with the link in hand, Ben goes.
        using TestDesk carla = new(team.Drop.Time);
        await carla.OkAsync("init", "--reviewer", "--as", "Carla", "--link", team.Link, "--server", team.Server);
        await team.Holder.OkAsync("roster", "add", await Team.CardAsync(carla), "--yes");
        await team.Holder.OkAsync("roster", "remove", "Ben", "--yes");
        await team.SignAsync();
        await team.PublishAsync();
        byte[] later = await source.TellAsync("after", Crypto.Reports.ReportKind.FollowUp);

        Assert.Equal(ExitCode.Refused, (await team.Ben.RunAsync("sync")).Code);
        Assert.Equal("before", (await OnlyAsync(team.Ben)).GetProperty("firstWords").GetString());
        string stolen = team.Ben.File_("stolen.age");
        await File.WriteAllBytesAsync(stolen, later);
        Ran opened = await team.Ben.RunAsync("open", stolen);
        Assert.Equal(ExitCode.BadReport, opened.Code);
        Assert.Contains("not sealed to you", opened.Error, StringComparison.Ordinal);

        await carla.OkAsync("sync");
        Assert.Equal(["before", "after"], (await InboxAsync(carla)).Select(l => l.GetProperty("firstWords").GetString()!.Replace("(not sealed to you)", "before", StringComparison.Ordinal)));
        Assert.Contains("from Ben", (await source.LookAsync()).Replies.Select(r => r.Message));
        using JsonDocument shown = JsonDocument.Parse(await carla.OkAsync("roster", "show", "--json"));
        Assert.Equal(["Ana", "Carla"], shown.RootElement.GetProperty("reviewers").EnumerateArray().Select(r => r.GetProperty("name").GetString()));
        Assert.Equal([false, true], shown.RootElement.GetProperty("reviewers").EnumerateArray().Select(r => r.GetProperty("you").GetBoolean()));
    }

    public static TheoryData<string> BadCards => ["tampered key", "no JSON", "another document", "no card", "too large", "a folder", "another's session key", "missing member", "null name"];

    [Theory, MemberData(nameof(BadCards))]
    public async Task RosterAdd_BadCard_IsRefusedAndNobodyIsAdded(string what)
    {
        await using Team team = await Team.StartAsync();
        string card = await Team.CardAsync(team.Ana), members = await File.ReadAllTextAsync(team.Holder.HomeDirectory.Members);
        JsonObject json = JsonNode.Parse(await File.ReadAllTextAsync(card))!.AsObject();
        using TestDesk stranger = new();
        await stranger.OkAsync("init", "--reviewer", "--as", "Mallory");
        JsonObject other = JsonNode.Parse(await File.ReadAllTextAsync(await Team.CardAsync(stranger)))!.AsObject();
        switch (what)
        {
            case "tampered key":
                // One recipient in 32 ends in an x by itself.
                string recipient = json["recipient"]!.GetValue<string>();
                json["recipient"] = recipient[..^1] + (recipient[^1] == 'x' ? 'q' : 'x');
                break;
            case "another document":
                json["format"] = "securedrop-reviewer/2";
                break;
            case "another's session key":
                json = other.DeepClone().AsObject();
                json["sessionKey"] = JsonNode.Parse(await File.ReadAllTextAsync(card))!["sessionKey"]!.GetValue<string>();
                break;
            case "missing member":
                json.Remove("sessionKey");
                break;
            case "null name":
                json["name"] = null;
                break;
        }

        await File.WriteAllTextAsync(card, what switch
        {
            "no JSON" => "\x1b[2J", "too large" => json.ToJsonString() + new string(' ', 70_000), _ => json.ToJsonString(),
        });
        string given = what switch { "no card" => card + "x", "a folder" => team.Ana.Home, _ => card };
        Ran ran = await team.Holder.RunAsync("roster", "add", given, "--yes");
        Assert.Contains(ran.Code, new[] { ExitCode.BadInput, ExitCode.NotFound });
        string sentence = Assert.Single(ran.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
        Assert.Equal(members, await File.ReadAllTextAsync(team.Holder.HomeDirectory.Members));
    }

    [Fact]
    public async Task RosterAdd_NobodyToCompareTheFingerprint_AddsNobody()
    {
        await using Team team = await Team.StartAsync();
        string members = await File.ReadAllTextAsync(team.Holder.HomeDirectory.Members);
        using TestDesk carla = new();
        await carla.OkAsync("init", "--reviewer", "--as", "Carla");
        Assert.Equal(ExitCode.NobodyToAsk, (await team.Holder.RunAsync("roster", "add", await Team.CardAsync(carla))).Code);
        Assert.Equal(ExitCode.NobodyToAsk, (await team.Holder.RunAsync("roster", "remove", "Ana")).Code);
        Assert.Equal(ExitCode.NotFound, (await team.Holder.RunAsync("roster", "remove", "Zoe", "--yes")).Code);
        Assert.Equal(members, await File.ReadAllTextAsync(team.Holder.HomeDirectory.Members));
    }

    [Fact]
    public async Task RosterSign_WithoutReviewersOrWithAnotherKey_SignsNothing()
    {
        using TestDesk holder = new();
        string stick = holder.File_("stick.age"), other = holder.File_("other.age");
        await holder.OkAsync("roster", "draft", "--name", "P", "--url", "http://localhost:8080", "--drop-key", stick);
        await AssertAsync(holder, ExitCode.BadInput, "needs a reviewer", "roster", "sign", "--drop-key", stick);
        await AssertAsync(holder, ExitCode.NotFound, "--drop-key", "roster", "sign");
        using TestDesk elsewhere = new();
        await elsewhere.OkAsync("roster", "draft", "--name", "P", "--url", "http://localhost:8080", "--drop-key", other);
        await AssertAsync(holder, ExitCode.BadInput, "not the drop key whose turn it is", "roster", "sign", "--drop-key", other);
        await File.WriteAllTextAsync(holder.HomeDirectory.RosterDraft, "{ \"name\": { \"en\": \"P\" }, \"origins\": [], \"colour\": 1 }");
        await AssertAsync(holder, ExitCode.BadInput, "colour", "roster", "sign", "--drop-key", stick);
        Assert.False(File.Exists(holder.HomeDirectory.Roster));
    }

    [Theory]
    [InlineData("older", ExitCode.Refused, "not newer")]
    [InlineData("ended", ExitCode.Refused, "has ended")]
    [InlineData("requires", ExitCode.Damaged, "cannot do")]
    [InlineData("no reviewers", ExitCode.Damaged, "breaks a rule")]
    [InlineData("changed", ExitCode.Damaged, "does not hold")]
    [InlineData("another's signature", ExitCode.Damaged, "another key")]
    public async Task RosterPublish_BadRoster_IsRefusedWithTheReason(string what, ExitCode code, string reason)
    {
        await using Team team = await Team.StartAsync();
        team.Carry();
        string roster = team.Courier.HomeDirectory.Roster, signature = team.Courier.HomeDirectory.RosterSignature;
        using MinisignKeyPair foreign = MinisignKeyPair.Generate();
        SignedStatement? bad = what switch
        {
            "ended" => team.SignedByDropKey(r => r with { Version = 2, Issued = r.Issued.AddDays(-90), Expires = r.Issued.AddDays(-1) }),
            "requires" => team.SignedByDropKey(r => r with { Version = 2, Requires = ["teleport"] }),
            "no reviewers" => team.WithoutReviewersSignedByDropKey(2),
            "another's signature" => SignedStatement.Sign(StatementPurpose.Roster, await File.ReadAllBytesAsync(roster), foreign),
            _ => null,
        };
        if (bad is not null)
        {
            await File.WriteAllBytesAsync(roster, bad.Statement.ToArray());
            await File.WriteAllTextAsync(signature, bad.Signature);
        }

        switch (what)
        {
            case "changed":
                await File.WriteAllTextAsync(roster, (await File.ReadAllTextAsync(roster)).Replace("The Paper", "The Piper", StringComparison.Ordinal));
                break;
            case "older":
                await team.SignAsync();
                string[] first = [await File.ReadAllTextAsync(roster), await File.ReadAllTextAsync(signature)];
                await team.PublishAsync();
                await File.WriteAllTextAsync(roster, first[0]);
                await File.WriteAllTextAsync(signature, first[1]);
                break;
        }

        await AssertAsync(team.Courier, code, reason, "roster", "publish", "--server", team.Server);
    }

    [Theory]
    [InlineData("older", "version 1")]
    [InlineData("requires", "cannot do")]
    [InlineData("no reviewers", "breaks a rule")]
    [InlineData("changed", "was changed")]
    [InlineData("another drop", "")]
    [InlineData("no JSON", "")]
    public async Task Sync_ServerHandsOutABadRoster_SaysWhyFetchesAllTheSameAndSendsNothing(string what, string reason)
    {
        await using Team team = await Team.StartAsync();
        byte[] first = await team.Drop.Source.GetByteArrayAsync("/api/v1/roster");
        await team.SignAsync();
        await team.PublishAsync();
        await team.Ana.OkAsync("sync");
        using SourceAtWork source = new(team.Drop);
        await source.TellAsync("told meanwhile");
        await using DropAndDesk other = await DropAndDesk.StartAsync();
        byte[] answer = what switch
        {
            "older" => first,
            "requires" => Answer(team.SignedByDropKey(r => r with { Version = 3, Requires = ["teleport"] }), team.Link),
            "no reviewers" => Answer(team.WithoutReviewersSignedByDropKey(3), team.Link),
            "changed" => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(first).Replace("The Paper", "The Piper", StringComparison.Ordinal)),
            "another drop" => await other.Drop.Source.GetByteArrayAsync("/api/v1/roster"),
            _ => "[]"u8.ToArray(),
        };
        RewritingNetwork network = new((asked, _) => asked == "GET /api/v1/roster" ? answer : null);
        team.Ana.Network = () => network;
        Ran sync = await team.Ana.RunAsync("sync");
        Assert.True(sync.Code == ExitCode.RosterRefused, $"{sync.Code}: {sync.Error}");
        Assert.StartsWith("ALARM  The server's roster is refused:", sync.Output, StringComparison.Ordinal);
        Assert.Contains(reason, sync.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("POST /api/v1/dead-drop", network.Asked);
        JsonElement line = await OnlyAsync(team.Ana);
        Assert.Equal("told meanwhile", line.GetProperty("firstWords").GetString());
        await AssertAsync(team.Ana, ExitCode.RosterRefused, reason, "roster", "show");
        Assert.Equal(ExitCode.RosterRefused, (await team.Ana.RunWithInputAsync("hello", "reply", line.GetProperty("handle").GetString()!, "-")).Code);
        Assert.DoesNotContain("POST /api/v1/dead-drop", network.Asked);
        team.Ana.Network = null;
        await team.Ana.OkAsync("sync");
        await team.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal("hello", Assert.Single((await source.LookAsync()).Replies).Message);
    }

    [Fact]
    public async Task Sync_RosterThatEnded_SaysThatTheDropIsClosed()
    {
        await using Team team = await Team.StartAsync();
        await team.Ana.OkAsync("sync");
        await team.Drop.AdvanceAsync(TimeSpan.FromDays(Roster.LifetimeInDays + 2));
        Ran sync = await team.Ana.RunAsync("sync");
        Assert.Equal(ExitCode.Ok, sync.Code);
        Assert.Contains("The drop is closed", sync.Output, StringComparison.Ordinal);
        Assert.Contains("closed", await team.Ana.OkAsync("roster", "show"), StringComparison.Ordinal);
        // The keys in it may be gone: it goes on with new ones, also where none was ever renewed.
        Assert.Contains("Ana, Ben", (await team.Holder.RunAsync("roster", "sign", "--drop-key", team.Stick)).Error, StringComparison.Ordinal);
        await team.Holder.OkAsync("roster", "add", await Team.CardAsync(team.Ana), "--yes");
        await team.Holder.OkAsync("roster", "add", await Team.CardAsync(team.Ben), "--yes");
        await team.SignAsync();
        await team.PublishAsync();
        Assert.Contains("batch is posted", await team.Ana.OkAsync("sync"), StringComparison.Ordinal);
        using SourceAtWork source = new(team.Drop);
        await source.TellAsync("hello again");
        foreach (TestDesk desk in new[] { team.Ana, team.Ben })
        {
            await desk.OkAsync("sync");
            Assert.Equal("new", (await OnlyAsync(desk)).GetProperty("state").GetString());
        }
    }

    private static byte[] Answer(SignedStatement roster, string link) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
    {
        ["dropKey"] = link[(link.IndexOf('#', StringComparison.Ordinal) + 1)..], ["successors"] = Array.Empty<object>(),
        ["roster"] = Encoding.UTF8.GetString(roster.Statement.Span), ["signature"] = roster.Signature, ["recipients"] = Array.Empty<object>(),
    });

    private static async Task AssertAsync(TestDesk desk, ExitCode code, string reason, params string[] line)
    {
        Ran ran = await desk.RunAsync(line);
        Assert.True(ran.Code == code, $"{string.Join(' ', line)}: {ran.Code}: {ran.Error}");
        InterruptedSyncTests.AssertIsOneSentence(ran.Error);
        Assert.Contains(reason, ran.Error, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> OnlyAsync(TestDesk desk) => Assert.Single(await InboxAsync(desk));

    private static async Task<JsonElement[]> InboxAsync(TestDesk desk)
    {
        using JsonDocument json = JsonDocument.Parse(await desk.OkAsync("inbox", "--json"));
        return [.. json.RootElement.GetProperty("reports").EnumerateArray().Select(e => e.Clone())];
    }
}
