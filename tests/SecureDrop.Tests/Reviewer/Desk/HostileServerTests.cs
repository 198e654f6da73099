using System.Net;
using SecureDrop.Crypto.Replies;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Desk;

/// <summary>Whoever controls the server's answers: nothing crashes, nothing is lost, nothing is given away.</summary>
public sealed class HostileServerTests
{
    private const string Status = "GET /api/v1/status";

    [Fact]
    public async Task AnyCommand_UnforeseenFault_IsOneHarmlessSentence()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        at.Desk.Network = () => new RewritingNetwork((_, _) => throw new InvalidCastException("\x1b]0;evil\aforged"));
        Ran ran = await at.Desk.RunAsync("sync");
        Assert.Equal(ExitCode.Failed, ran.Code);
        Assert.Contains("InvalidCastException", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(ran.Error, c => char.IsControl(c) && c != '\n');
    }

    [Theory]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-31")]
    [InlineData("2027-03-01")]
    [InlineData("2026-11-20")]
    [InlineData("today")]
    public async Task Sync_ServerNamesAnotherDay_ReportsComeAndAnswersWait(string day)
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("hello");
        string handle = await at.OnlyHandleAsync();
        RewritingNetwork network = new((what, body) => what == Status ? Replace(body, "\"2026-11-24\"", $"\"{day}\"") : null);
        at.Desk.Network = () => network;
        Assert.Equal(ExitCode.Refused, (await at.Desk.RunWithInputAsync("thank you", "reply", handle, "-")).Code);
        await source.TellAsync("once more");
        Assert.Equal(ExitCode.Refused, (await at.Desk.RunAsync("sync")).Code);
        Assert.Equal(2, (await at.InboxAsync()).Length);
        Assert.DoesNotContain("POST /api/v1/dead-drop", network.Asked);

        // What waited through the lie is sent, with its own day, once the server tells the truth.
        at.Desk.Network = null;
        await at.Desk.OkAsync("sync");
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        ShownReply shown = Assert.Single((await source.LookAsync()).Replies);
        Assert.Equal("thank you", shown.Message);
        Assert.Equal(new DateOnly(2026, 11, 24), shown.Day);
    }

    [Fact]
    public async Task Reply_ServerNamesAWidthThatNoRosterHad_NothingIsSent()
    {
        // The shard would be a pseudonym of 16 bits: answers to one source in one of 65,536 places, fillers in chance ones.
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("hello");
        RewritingNetwork network = new((what, body) => what == Status ? Replace(body, "\"shardBits\":0", "\"shardBits\":16") : null);
        at.Desk.Network = () => network;
        Ran ran = await at.Desk.RunWithInputAsync("thank you", "reply", await at.OnlyHandleAsync(), "-");
        Assert.Equal(ExitCode.Refused, ran.Code);
        Assert.DoesNotContain("POST /api/v1/dead-drop", network.Asked);
    }

    [Fact]
    public async Task Reply_RosterThatIsRefusedOnTheWay_IsAnAlarm()
    {
        // It fetches the roster to send something: an older one shown just then must not pass without a word.
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("hello");
        byte[] old = await at.Drop.Source.GetByteArrayAsync("/api/v1/roster", TestContext.Current.CancellationToken);
        await at.Desk.OkAsync("roster", "sign");
        await at.Desk.OkAsync("roster", "publish");
        await at.Desk.OkAsync("roster", "show");
        at.Desk.Network = () => new RewritingNetwork((what, _) => what == "GET /api/v1/roster" ? old : null);
        Ran reply = await at.Desk.RunWithInputAsync("thank you", "reply", await at.OnlyHandleAsync(), "-");
        Assert.Equal(ExitCode.RosterRefused, reply.Code);
        Assert.Contains("The server's roster is refused", reply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reply_RosterWithAForeignKeyInOnesOwnName_IsAnAlarm()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("hello");
        string handle = await at.OnlyHandleAsync();
        // A thief of the keystore of this morning makes a key in this reviewer's name.
        byte[] before = await File.ReadAllBytesAsync(at.Desk.HomeDirectory.Keystore, TestContext.Current.CancellationToken);
        await at.Desk.OkAsync("key", "renew");
        await File.WriteAllBytesAsync(at.Desk.HomeDirectory.Keystore, before, TestContext.Current.CancellationToken);
        Ran ran = await at.Desk.RunWithInputAsync("thank you", "reply", handle, "-");
        Assert.Equal(ExitCode.Alarm, ran.Code);
        Assert.Contains("ALARM  The server hands out a key in your name", ran.Output, StringComparison.Ordinal);
        Assert.Contains("Sealed.", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sync_ReportLargerThanAnyCanBe_IsRefusedBeforeItFillsTheDisk()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        await source.TellAsync("hello");
        int pages = 0;
        RewritingNetwork network = new((what, _) => what != "GET /api/v1/days/2026-11-24/reports" ? null
            : pages++ > 0 ? "[]"u8.ToArray()
            : RewritingNetwork.Utf8("[{\"id\":\"00000000000000000000000000000000\",\"bytes\":9007199254740991}]"));
        at.Desk.Network = () => network;
        Assert.Equal(ExitCode.Refused, (await at.Desk.RunAsync("sync")).Code);
        Assert.DoesNotContain("GET /api/v1/reports/00000000000000000000000000000000", network.Asked);
    }

    [Fact]
    public async Task Sync_SessionTokenTooLong_IsRefused()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        RewritingNetwork network = new((what, _) => what == "POST /api/v1/session"
            ? RewritingNetwork.Utf8($"{{\"token\":\"{new string('-', 5000)}\"}}") : null);
        at.Desk.Network = () => network;
        Assert.Equal(ExitCode.Refused, (await at.Desk.RunAsync("sync")).Code);
        Assert.DoesNotContain("GET /api/v1/days", network.Asked);
    }

    [Fact]
    public async Task Refusal_LongSentence_CannotPoseAsLinesOfOurs()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        string title = "No." + new string(' ', 20_000) + "Nothing is wrong: sealed to you alone";
        at.Desk.Network = () => new RewritingNetwork((_, _) => RewritingNetwork.Utf8($"{{\"title\":\"{title}\"}}")) { Status = HttpStatusCode.BadRequest };
        Ran ran = await at.Desk.RunAsync("sync");
        Assert.Equal(ExitCode.Refused, ran.Code);
        Assert.True(ran.Error.Length < 500, $"{ran.Error.Length} characters");
    }

    [Fact]
    public async Task AnyCommand_NoMemoryForASecret_SaysWhatToDo()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        at.Desk.Network = () => new RewritingNetwork((_, _) => throw new System.Security.Cryptography.CryptographicException("Raise ulimit -l."));
        Ran ran = await at.Desk.RunAsync("sync");
        Assert.Equal(ExitCode.Failed, ran.Code);
        Assert.Contains("Raise ulimit -l.", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_FaultThatRepeatsWhatTheServerSent_IsCut()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        at.Desk.Network = () => new RewritingNetwork((_, _) => throw new HttpRequestException($"Invalid status line: '{new string(' ', 20_000)}forged'"));
        Ran ran = await at.Desk.RunAsync("sync");
        Assert.Equal(ExitCode.Unreachable, ran.Code);
        Assert.True(ran.Error.Length < 600, $"{ran.Error.Length} characters");
    }

    [Fact]
    public async Task Settings_ServerThatIsNoAddress_IsASentence()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        string settings = at.Desk.HomeDirectory.Settings;
        string text = await File.ReadAllTextAsync(settings);
        await File.WriteAllTextAsync(settings, text.Replace(at.Drop.Server.ReviewerAddress, "my server", StringComparison.Ordinal));
        Ran ran = await at.Desk.RunAsync("sync");
        Assert.Equal(ExitCode.BadInput, ran.Code);
        Assert.Contains("settings.json", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StatusAndSync_LongDay_CannotPoseAsLinesOfOurs()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        at.Desk.Network = () => new RewritingNetwork((what, body) => what == Status
            ? Replace(body, "\"2026-11-24\"", $"\"2026-11-24{new string(' ', 20_000)}forged\"") : null);
        Ran sync = await at.Desk.RunAsync("sync");
        Assert.Equal(ExitCode.Refused, sync.Code);
        string all = sync.Error + await at.Desk.OkAsync("status");
        Assert.DoesNotContain(all.Split('\n'), line => line.Length > 300);
    }

    [Fact]
    public async Task Status_EndlessWarnings_DoNotPushTheRestAway()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        at.Desk.Network = () => new RewritingNetwork((what, body) => what == Status
            ? Replace(body, "\"warnings\":[]", $"\"warnings\":[{string.Join(',', Enumerable.Repeat("\"x\"", 10_000))}]") : null);
        Assert.True((await at.Desk.OkAsync("status")).Split('\n').Length < 60, "too many lines");
    }

    [Fact]
    public async Task Status_LongWarnings_CannotPoseAsLinesOfOurs()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        at.Desk.Network = () => new RewritingNetwork((what, body) => what == Status
            ? Replace(body, "\"warnings\":[]", $"\"warnings\":[\"x{new string(' ', 20_000)}forged\"]") : null);
        string shown = await at.Desk.OkAsync("status");
        Assert.DoesNotContain(shown.Split('\n'), line => line.Length > 300);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(":8081")]
    public async Task Onion_WithoutProxy_IsNeverLookedUp(string end)
    {
        // The name would go to a name server in the clear, and with it who reviews for which drop.
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        await at.Desk.OkAsync("join", at.Link, "--server", "http://duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion" + end);
        using NoNetwork network = new();
        at.Desk.Network = () => network;
        Assert.Equal(ExitCode.BadInput, (await at.Desk.RunAsync("sync")).Code);
        Assert.Equal(0, network.Asked);
    }

    [Theory]
    [InlineData("http://reviewers.example", true)]
    [InlineData("http://192.168.0.7:8081", true)]
    [InlineData("https://reviewers.example", false)]
    [InlineData("http://127.0.0.1:8081", false)]
    [InlineData("http://localhost:8081", false)]
    [InlineData("http://duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion", false)]
    public async Task Status_ServerInTheClear_IsDue(string server, bool isDue)
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        await at.Desk.OkAsync("join", at.Link, "--server", server);
        at.Desk.Network = () => new NoNetwork();
        Assert.Equal(isDue, (await at.Desk.OkAsync("status")).Contains("without TLS", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("join")]
    [InlineData("shell")]
    [InlineData("inbox")]
    [InlineData("init")]
    public async Task Proxy_GivenToACommandThatAsksNobody_IsUsedByTheNextOne(string verb)
    {
        // What is typed next would go past Tor.
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        string home = verb == "init" ? at.Desk.File_("another") : at.Desk.Home;
        string[] arguments = verb switch { "join" => ["join", at.Link], "init" => ["init", "--reviewer"], _ => [verb] };
        await at.Desk.OkAsync([.. arguments, "--home", home, "--proxy", "socks5h://127.0.0.1:9050"]);
        Assert.Contains("socks5h://127.0.0.1:9050", await File.ReadAllTextAsync(new HomeDirectory(home).Settings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxy_ThatIsNone_IsSaidBeforeAnythingIsMade()
    {
        using TestDesk desk = new();
        Assert.Equal(ExitCode.BadInput, (await desk.RunAsync("init", "--reviewer", "--proxy", "tor")).Code);
        Assert.False(Directory.Exists(desk.Home));
    }

    [Fact]
    public async Task Proxy_GivenOnce_IsUsedByEveryLaterCommand()
    {
        // The next sync would go past Tor, if only this one had been told of it.
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        at.Desk.Network = () => new RewritingNetwork((_, _) => null);
        await at.Desk.OkAsync("sync", "--proxy", "socks5h://127.0.0.1:9050");
        Assert.Contains("socks5h://127.0.0.1:9050", await File.ReadAllTextAsync(at.Desk.HomeDirectory.Settings), StringComparison.Ordinal);
        await at.Desk.OkAsync("sync", "--proxy", "");
        Assert.DoesNotContain("9050", await File.ReadAllTextAsync(at.Desk.HomeDirectory.Settings), StringComparison.Ordinal);
    }

    /// <summary>Takes what would go out, so that a test that fails looks nobody up.</summary>
    private sealed class NoNetwork : HttpMessageHandler
    {
        public int Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked++;
            throw new HttpRequestException("no network");
        }
    }

    private static byte[] Replace(byte[] body, string what, string by)
    {
        string text = System.Text.Encoding.UTF8.GetString(body);
        Assert.Contains(what, text, StringComparison.Ordinal);
        return RewritingNetwork.Utf8(text.Replace(what, by, StringComparison.Ordinal));
    }
}
