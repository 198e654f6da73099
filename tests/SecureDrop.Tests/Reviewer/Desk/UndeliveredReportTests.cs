using System.Net;
using System.Text.Json;
using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Desk;

/// <summary>A server that lists a report and cannot hand it out: all others come, and this one as soon as it can.</summary>
public sealed class UndeliveredReportTests
{
    [Theory]
    [InlineData("404", "status 404")]
    [InlineData("500", "status 500")]
    [InlineData("short", "shorter than the server lists it")]
    [InlineData("long", "longer than the server lists it")]
    [InlineData("cut", "broke off")]
    public async Task Sync_ReportThatIsListedAndNotDelivered_IsNamedAndKeepsNoOtherAway(string fault, string reason)
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        await TellAsync(at, 3, large: true);
        using FaultyServer server = new(fault, victim: 0);
        at.Desk.Network = () => server;

        Ran sync = await at.Desk.RunAsync("sync");
        Assert.True(sync.Code == ExitCode.NotDelivered, $"{sync.Code}: {sync.Error}");
        Assert.Contains($"1 report that the server lists was not delivered: {server.Victim} of 2026-11-24 ({reason}).", sync.Output, StringComparison.Ordinal);
        Assert.Contains("2 new", sync.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await at.InboxAsync()).Length);
        using (JsonDocument json = JsonDocument.Parse((await at.Desk.RunAsync("sync", "--json")).Output))
        {
            JsonElement named = Assert.Single(json.RootElement.GetProperty("undelivered").EnumerateArray());
            Assert.Equal((server.Victim, "2026-11-24", reason), (named.GetProperty("id").GetString(), named.GetProperty("day").GetString(), named.GetProperty("reason").GetString()));
        }

        at.Desk.Network = null;
        Assert.Contains("1 new", await at.Desk.OkAsync("sync"), StringComparison.Ordinal);
        Assert.Equal(3, (await at.InboxAsync()).Length);
    }

    [Fact]
    public async Task Sync_ServerThatBeginsAgainInsteadOfGoingOn_SpoilsNoFile()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        await TellAsync(at, 1, large: true);
        foreach (string fault in (string[])["cut", "from the start"])
        {
            using FaultyServer server = new(fault, victim: 0);
            at.Desk.Network = () => server;
            Assert.Equal(ExitCode.NotDelivered, (await at.Desk.RunAsync("sync")).Code);
            Assert.Equal(fault == "cut" ? 1 : 0, at.SealedFiles().Length);
        }

        at.Desk.Network = null;
        await at.Desk.OkAsync("sync");
        await at.Desk.OkAsync("open", await at.OnlyHandleAsync());
    }

    [Fact]
    public async Task Sync_DayWithAReportThatDidNotCome_IsNotCompleteAndKeepsTheKeyThatOpensIt()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        await at.Desk.OkAsync("sync");
        await at.Desk.OkAsync("key", "renew", "--days", "1");
        await TellAsync(at, 2, large: true);
        await at.Desk.OkAsync("key", "renew", "--days", "14");
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(5));
        using FaultyServer server = new("500", victim: 1);
        at.Desk.Network = () => server;
        for (int n = 0; n < 2; n++)
        {
            using JsonDocument json = JsonDocument.Parse((await at.Desk.RunAsync("sync", "--json")).Output);
            Assert.Equal(0, json.RootElement.GetProperty("identitiesDestroyed").GetInt32());
        }

        at.Desk.Network = null;
        using JsonDocument last = JsonDocument.Parse(await at.Desk.OkAsync("sync", "--json"));
        Assert.Equal((1, 1), (last.RootElement.GetProperty("new").GetInt32(), last.RootElement.GetProperty("identitiesDestroyed").GetInt32()));
        foreach (JsonElement line in await at.InboxAsync())
        {
            await at.Desk.OkAsync("open", line.GetProperty("handle").GetString()!, "--no-receipt");
        }
    }

    [Fact]
    public async Task Sync_TextThatBreaksTheStreamOfTexts_KeepsNoOtherAway()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        await TellAsync(at, 4, large: false);
        using FaultyServer server = new("500", victim: 1);
        at.Desk.Network = () => server;
        Ran sync = await at.Desk.RunAsync("sync");
        Assert.True(sync.Code == ExitCode.NotDelivered, $"{sync.Code}: {sync.Error}");
        Assert.Contains(server.Victim!, sync.Output, StringComparison.Ordinal);
        Assert.Equal(3, (await at.InboxAsync()).Length);
        at.Desk.Network = null;
        await at.Desk.OkAsync("sync");
        Assert.Equal(4, (await at.InboxAsync()).Length);
    }

    [Fact]
    public async Task Sync_SessionRefusedInTheMiddle_IsNoMatterOfOneReport()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        await TellAsync(at, 2, large: true);
        using FaultyServer server = new("403", victim: 0);
        at.Desk.Network = () => server;
        Assert.Equal(ExitCode.Refused, (await at.Desk.RunAsync("sync")).Code);
    }

    private static async Task TellAsync(DropAndDesk at, int count, bool large)
    {
        for (int n = 0; n < count; n++)
        {
            using SourceAtWork source = new(at.Drop);
            await source.TellAsync($"number {n}", files: large ? [TestDrop.Attach("a.bin", [.. new byte[300_000], (byte)n])] : []);
        }
    }

    /// <summary>The real server, with one report that it lists and cannot read: neither by itself nor in the stream of texts.</summary>
    private sealed class FaultyServer(string fault, int victim) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
    {
        private const int RecordHeadInBytes = 20;

        /// <summary>Its id, once the server has been asked for its list.</summary>
        public string? Victim { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string path = request.RequestUri!.AbsolutePath;
            Victim ??= path.Contains("/days/", StringComparison.Ordinal) ? await LookUpAsync(request, cancellationToken) : null;
            if (Victim is not null && path.EndsWith(Victim, StringComparison.Ordinal) && int.TryParse(fault, out int status))
            {
                return new HttpResponseMessage((HttpStatusCode)status);
            }

            if (fault == "from the start")
            {
                request.Headers.Range = null;
            }

            HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
            if (Victim is null || !(path.EndsWith(Victim, StringComparison.Ordinal) || path.EndsWith("/texts", StringComparison.Ordinal)))
            {
                return answer;
            }

            byte[] body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            int at = path.EndsWith("/texts", StringComparison.Ordinal) ? body.AsSpan().IndexOf(Convert.FromHexString(Victim)) : 0;
            System.Net.Http.Headers.ContentRangeHeaderValue? range = answer.Content.Headers.ContentRange;
            answer.Content = fault switch
            {
                _ when path.EndsWith("/texts", StringComparison.Ordinal) => at < 0 ? new ByteArrayContent(body) : Cut(body, at + RecordHeadInBytes + 100),
                "short" => new ByteArrayContent(body[..^1]),
                "long" => new ByteArrayContent([.. body, 0]),
                "cut" => Cut(body, body.Length / 2),
                _ => new ByteArrayContent(body),
            };
            answer.Content.Headers.ContentRange = range;
            return answer;
        }

        private async Task<string?> LookUpAsync(HttpRequestMessage asked, CancellationToken cancel)
        {
            string day = asked.RequestUri!.AbsolutePath.Split('/')[4];
            using HttpRequestMessage list = new(HttpMethod.Get, new Uri(asked.RequestUri, $"/api/v1/days/{day}/reports"));
            list.Headers.Authorization = asked.Headers.Authorization;
            using HttpResponseMessage answer = await base.SendAsync(list, cancel);
            using JsonDocument json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancel));
            return json.RootElement.EnumerateArray().Select(r => r.GetProperty("id").GetString()).ElementAtOrDefault(victim);
        }

        private static StreamContent Cut(byte[] body, int at) => new(new BreakingOff(body.AsMemory(0, at).ToArray()));
    }

    private sealed class BreakingOff(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Position < Length
            ? base.ReadAsync(buffer, cancellationToken) : throw new HttpIOException(HttpRequestError.ResponseEnded);
    }
}
