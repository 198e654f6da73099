using System.Net;
using System.Text.Json;
using SecureDrop.Server.Options;
using SecureDrop.Server.Storage;
using SecureDrop.Tests.Server.SourceApi.Plain;
using Xunit;

namespace SecureDrop.Tests.Server.SourceApi;

/// <summary>Each limit, reached through the front door: a sentence and a time to wait, nothing stored, nothing lost, and the rest goes on.</summary>
public sealed class LimitTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task DayQuota_Reached_503AndCommittedReportsStayAndEndAsEver()
    {
        // Four texts fill a mebibyte's seven eighths; beyond that attachments are refused, then everything.
        await using var drop = await SetUpAsync(new() { DayInMebibytes = 1 });
        var day = drop.Today;
        var texts = new List<byte[]>();
        HttpStatusCode status;
        do
        {
            texts.Add(SealedBytes.Text());
            status = await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(texts[^1]);
        }
        while (status == HttpStatusCode.NoContent && texts.Count < 40);
        Assert.InRange(texts.Count, 10, 20);
        await AssertRefusedAsync(drop, await UploadClient.NewAsync(drop.Source), "", SealedBytes.Text(), "full");
        await AssertRefusedAsync(drop, await UploadClient.NewAsync(drop.Source), "/parts/1", new byte[10], "attachments");
        Assert.Equal(texts.Count - 1, Assert.Single(await drop.Stores.Reports.ListDaysAsync(None)).Reports);
        using var roster = await drop.Source.GetAsync("/api/v1/roster");
        Assert.Equal(HttpStatusCode.OK, roster.StatusCode);
        // A store that fills up asks for work, though nobody comes any more.
        for (var n = 0; n < 8; n++)
            drop.Time.Advance(SecureDrop.Server.Load.Demand.Period);
        Assert.True((await UploadClient.NewAsync(drop.Source)).Difficulty >= 6);

        // The next day is another; and the full one is complete, kept and ended as any.
        await drop.AdvanceToAsync(day.AddDays(1));
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text()));
        await drop.AdvanceToAsync(day.AddDays(3));
        Assert.Equal(texts.Take(texts.Count - 1).Select(Convert.ToHexString).Order(),
            (await drop.Stores.Reports.ReadTextsAsync(day, null, 100, None)).Select(text => Convert.ToHexString(text.SealedBytes.Span)).Order());
        await drop.AdvanceToAsync(day.AddDays(91));
        Assert.DoesNotContain(day, (await drop.Stores.Reports.ListDaysAsync(None)).Select(stored => stored.Day));
    }

    [Fact]
    public async Task Rate_OfTextsThatAreTaken_AsksForWorkAndLetsGoOfItAgain()
    {
        await using var drop = await RunningDrop.SetUpAsync(options => new ServerOptions
        {
            Drop = options.Drop, Source = options.Source, Reviewer = options.Reviewer, Tickets = new() { QuietUploadsPerMinute = 60 },
        });
        for (var period = 0; period < 3; period++)
        {
            for (var n = 0; n < 50; n++)
                Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text()));
            drop.Time.Advance(SecureDrop.Server.Load.Demand.Period);
        }
        Assert.True((await UploadClient.NewAsync(drop.Source)).Difficulty >= 6);
        for (var n = 0; n < 12; n++)
            drop.Time.Advance(SecureDrop.Server.Load.Demand.Period);
        Assert.Equal(0, (await UploadClient.NewAsync(drop.Source)).Difficulty);
    }

    [Fact]
    public async Task Uncommitted_HalfTaken_NoNewUploadButTheBegunOneEndsAndMakesRoom()
    {
        await using var drop = await SetUpAsync(new() { UncommittedInMebibytes = 5 });
        var begun = await UploadClient.NewAsync(drop.Source);
        var bytes = SealedBytes.Large();
        var parts = UploadClient.Cut(bytes);
        for (var n = 0; n < 3; n++)
            Assert.Equal(HttpStatusCode.NoContent, await begun.PutPartAsync(n, parts[n]));
        await AssertRefusedAsync(drop, await UploadClient.NewAsync(drop.Source), "/parts/1", parts[1], "attachments");
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text()));
        Assert.Equal(HttpStatusCode.NoContent, await begun.PutPartAsync(3, parts[3]));
        Assert.Equal(HttpStatusCode.NoContent, await begun.CommitAsync(4, bytes.Length));
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutPartAsync(1, parts[1]));
    }

    [Fact]
    public async Task Quota_AllTaken_ACommitIsStillTaken()
    {
        await using var drop = await SetUpAsync(new() { DayInMebibytes = 5 });
        var upload = await UploadClient.NewAsync(drop.Source);
        var bytes = SealedBytes.Large();
        foreach (var (part, n) in UploadClient.Cut(bytes).Select((part, n) => (part, n)))
            Assert.Equal(HttpStatusCode.NoContent, await upload.PutPartAsync(n, part));
        await using var second = await drop.SecondAsync(options => With(options, new() { DayInMebibytes = 1, UncommittedInMebibytes = 1 }));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await upload.At(second.Source).PutPartAsync(9, [1]));
        Assert.Equal(HttpStatusCode.NoContent, await upload.At(second.Source).CommitAsync(4, bytes.Length));
    }

    [Fact]
    public async Task TextPlaces_AllHeldBySlowClients_PartsAndReadsGoOnAndTheSlowestMakesWay()
    {
        await using var drop = await SetUpAsync(new() { TextsAtOnce = 2 });
        using var slow = new RawClients();
        await HoldAsync(drop, slow, 2, "");
        var text = SealedBytes.Text();
        var waiting = await UploadClient.NewAsync(drop.Source);
        await AssertRefusedAsync(drop, waiting, "", text, "busy");
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutPartAsync(1, [1]));
        using var roster = await drop.Source.GetAsync("/api/v1/roster");
        Assert.Equal(HttpStatusCode.OK, roster.StatusCode);
        drop.Time.Advance(SecureDrop.Server.Intake.Gate.Grace);
        Assert.Equal(HttpStatusCode.NoContent, await waiting.PutTextAsync(text));
        Assert.Equal(text, Assert.Single(await drop.Stores.Reports.ReadTextsAsync(drop.Today, null, 10, None)).SealedBytes.ToArray());
        Assert.Equal("", drop.Log.ToString());
    }

    [Fact]
    public async Task TicketFromBeforeARise_HalfOfThePlacesThen403AndANewOneGetsIn()
    {
        await using var drop = await SetUpAsync(new() { TextsAtOnce = 2 });
        var (first, second) = (await UploadClient.NewAsync(drop.Source), await UploadClient.NewAsync(drop.Source));
        using var slow = new RawClients();
        await HoldAsync(drop, slow, 2, "");
        // Long enough for the difficulty to rise, whatever the blur, and for the slow to make way.
        drop.Time.Advance(SecureDrop.Server.Intake.Gate.Grace);
        await SendBeginningAsync(drop, slow, first, "");
        Assert.Equal(HttpStatusCode.Forbidden, await second.PutTextAsync(SealedBytes.Text()));
        var renewed = await UploadClient.NewAsync(drop.Source);
        Assert.InRange(renewed.Difficulty, 6, 9);
        Assert.Equal(HttpStatusCode.NoContent, await renewed.PutTextAsync(SealedBytes.Text()));
        Assert.Single(await drop.Stores.Reports.ReadTextsAsync(drop.Today, null, 10, None));
    }

    [Fact]
    public async Task PartPlaces_AllHeldBySlowClients_TextsAndCommitsGoOn()
    {
        await using var drop = await SetUpAsync(new() { PartsAtOnce = 2 });
        var done = await UploadClient.NewAsync(drop.Source);
        var bytes = SealedBytes.Large();
        foreach (var (part, n) in UploadClient.Cut(bytes).Select((part, n) => (part, n)))
            Assert.Equal(HttpStatusCode.NoContent, await done.PutPartAsync(n, part));
        using var slow = new RawClients();
        await HoldAsync(drop, slow, 2, "/parts/1");
        var waiting = AssertRefusedAsync(drop, await UploadClient.NewAsync(drop.Source), "/parts/1", [1], "busy");
        // Not refused at once: it may be its turn soon.
        var waited = TimeSpan.Zero;
        for (; !waiting.IsCompleted; waited += TimeSpan.FromSeconds(1))
        {
            drop.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, None);
        }
        Assert.InRange(waited, SecureDrop.Server.Intake.Gate.Patience, TimeSpan.FromMinutes(5));
        await waiting;
        Assert.Equal(HttpStatusCode.NoContent, await done.CommitAsync(4, bytes.Length));
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text()));
    }

    [Fact]
    public async Task OneUpload_HoldingItsFourRequests_503ForAFifthAndNotForAnother()
    {
        await using var drop = await SetUpAsync(new());
        var upload = await UploadClient.NewAsync(drop.Source);
        using var slow = new RawClients();
        for (var n = 0; n < 4; n++)
            await SendBeginningAsync(drop, slow, upload, $"/parts/{n + 1}");
        await AssertRefusedAsync(drop, upload, "/parts/9", [1], "busy");
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutPartAsync(9, [1]));
    }

    [Fact]
    public async Task SlowBody_PastItsDeadline_408AndThePlaceIsFree()
    {
        await using var drop = await SetUpAsync(new() { TextsAtOnce = 2 });
        using var slow = new RawClients();
        var held = await HoldAsync(drop, slow, 1, "");
        drop.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.StartsWith("HTTP/1.1 408", await RawClients.ReadToEndAsync(held[0]));
        Assert.Empty(await drop.Stores.Reports.ListDaysAsync(None));
    }

    [Fact]
    public async Task PagePlaces_AllHeldByReadersThatDoNotRead_TheRestGoesOnAndTheSlowestMakesWay()
    {
        await using var drop = await RunningDrop.SetUpAsync(options => With(options, new() { AnswersAtOnce = 2 }));
        using var roster = await drop.PutRosterAsync(drop.NewRoster(2) with { Channels = [new("telephone", "+00 0000 0001", new Dictionary<string, string> { ["en"] = "Night desk" })] });
        // More than the kernel keeps for a connection at both of its ends.
        var page = new byte[24 << 20];
        using var slow = new RawClients();
        await using var server = await drop.SecondAsync(options => With(options, new() { AnswersAtOnce = 2 }), page: page);
        for (var n = 0; n < 2; n++)
        {
            var stream = await slow.SendAsync(server.Source.BaseAddress!, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            // One byte of the answer says that it is under way, and is all that is read of it.
            await stream.ReadExactlyAsync(new byte[1]);
        }
        using (var refused = await server.Source.GetAsync("/"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            // A person looks at it: in words, as a page that has the form's policy, and without a link that would lose the drop's key.
            Assert.Equal("text/html", refused.Content.Headers.ContentType?.MediaType);
            Assert.StartsWith("default-src 'none'", Assert.Single(refused.Headers.GetValues("Content-Security-Policy")));
            var text = await refused.Content.ReadAsStringAsync();
            Assert.Contains("Wait a minute, then load this page again.", text);
            Assert.Contains("请等一分钟", text);
            Assert.DoesNotContain("href=\"/", text);
        }
        Assert.Equal(HttpStatusCode.OK, (await server.Source.GetAsync("/api/v1/roster")).StatusCode);
        Assert.Contains("Night desk</bdi>", await (await server.Source.GetAsync("/")).Content.ReadAsStringAsync());
        foreach (var path in new[] { "/plain", "/api/v1/roster", "/api/v1/ticket", "/api/v1/dead-drops" })
            Assert.Equal(HttpStatusCode.OK, (await server.Source.GetAsync(path)).StatusCode);
        drop.Time.Advance(SecureDrop.Server.Intake.Gate.Grace);
        Assert.Equal(page, await server.Source.GetByteArrayAsync("/"));
        Assert.Equal("", server.Log.ToString());
    }

    [Fact]
    public async Task Connections_AllHeldInSilence_AVisitorStillGetsInAndReports()
    {
        await using var drop = await SetUpAsync(new() { Connections = 64 });
        using var silent = new RawClients();
        for (var n = 0; n < 300; n++)
            await silent.SendAsync(drop.Source.BaseAddress!, n % 2 == 0 ? "" : "GET /api/v1/ros");
        using var visitor = new HttpClient { BaseAddress = drop.Source.BaseAddress };
        for (var n = 0; n < 3; n++)
            Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(visitor)).PutTextAsync(SealedBytes.Text()));
        Assert.Equal("", drop.Log.ToString());
    }

    [Fact]
    public async Task Connections_AllTaken_ASlowFormKeepsTheOneItHas()
    {
        await using var drop = await SetUpAsync(new() { Connections = 2 });
        var upload = await UploadClient.NewAsync(drop.Source);
        using var clients = new RawClients();
        var body = Forms.Of(SealedBytes.Text());
        var form = await clients.SendAsync(drop.Source.BaseAddress!,
            $"POST /plain HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary={Forms.Boundary}\r\nContent-Length: {body.Length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
        await form.ReadExactlyAsync(new byte["HTTP/1.1 100 Continue\r\n\r\n".Length]);
        await SendBeginningAsync(drop, clients, upload, "");
        drop.Time.Advance(SecureDrop.Server.Hosting.Connections.Grace);
        try
        {
            await clients.SendAsync(drop.Source.BaseAddress!, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            // There is no seat for it, so it may be turned away before it has asked.
        }
        await form.WriteAsync(body);
        Assert.StartsWith("HTTP/1.1 200", await RawClients.ReadToEndAsync(form));
    }

    private static Task<RunningDrop> SetUpAsync(LimitOptions limits) => RunningDrop.SetUpAsync(options => With(options, limits));

    private static ServerOptions With(ServerOptions options, LimitOptions limits) =>
        new() { Drop = options.Drop, Source = options.Source, Reviewer = options.Reviewer, Limits = limits };

    /// <summary>So many places held by uploads that have sent half of their body's first kilobyte.</summary>
    private static async Task<IReadOnlyList<System.Net.Sockets.NetworkStream>> HoldAsync(RunningDrop drop, RawClients clients, int places, string path)
    {
        var held = new List<System.Net.Sockets.NetworkStream>();
        for (var n = 0; n < places; n++)
            held.Add(await SendBeginningAsync(drop, clients, await UploadClient.NewAsync(drop.Source), path));
        return held;
    }

    /// <summary>Waits for "100 Continue": from then on the server reads, so the place is taken.</summary>
    private static async Task<System.Net.Sockets.NetworkStream> SendBeginningAsync(RunningDrop drop, RawClients clients, UploadClient upload, string path)
    {
        var stream = await clients.SendAsync(drop.Source.BaseAddress!,
            $"PUT /api/v1/reports/{upload.Id}{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
            + $"Ticket: {upload.Paid()}\r\nContent-Length: 1024\r\nExpect: 100-continue\r\n\r\n");
        var asked = new byte["HTTP/1.1 100 Continue\r\n\r\n".Length];
        await stream.ReadExactlyAsync(asked);
        await stream.WriteAsync(new byte[512]);
        return stream;
    }

    private static async Task AssertRefusedAsync(RunningDrop drop, UploadClient upload, string path, byte[] body, string word)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/reports/{upload.Id}{path}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/octet-stream");
        request.Headers.Add("Ticket", upload.Paid());
        using var answer = await drop.Source.SendAsync(request);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 3600);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        Assert.Contains(word, problem.RootElement.GetProperty("title").GetString());
        Assert.Empty(await upload.PartsAsync());
    }
}
