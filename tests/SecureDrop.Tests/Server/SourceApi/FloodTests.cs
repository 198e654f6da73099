using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using SecureDrop.Crypto.ProofOfWork;
using SecureDrop.Server.Days;
using SecureDrop.Server.Options;
using Xunit;

namespace SecureDrop.Tests.Server.SourceApi;

/// <summary>What a flood is made of, in small: nothing of it is stored, no answer is a fault, and a source gets through behind it.</summary>
public sealed class FloodTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Tickets_StaleForeignForgedOfTomorrowAndBogusNonces_403AndNothingKept()
    {
        await using var drop = await SetUpAsync(leastDifficulty: 8);
        using var foreign = new DayKey(drop.Today, RandomNumberGenerator.GetBytes(32));
        var key = await drop.Server.Keys.TodaysAsync(None);
        var now = drop.Time.GetUtcNow();
        string[] tickets =
        [
            .. Enumerable.Range(0, 20).Select(_ => foreign.IssueTicket(8, now)),
            .. Enumerable.Range(0, 20).Select(_ => key.IssueTicket(8, now - TimeSpan.FromMinutes(11))),
            .. Enumerable.Range(0, 20).Select(_ => key.IssueTicket(8, now + TimeSpan.FromMinutes(3))),
            .. Enumerable.Range(0, 20).Select(_ => Changed(key.IssueTicket(8, now))),
        ];
        var text = SealedBytes.Text();
        var seen = await SendAllAsync(tickets.Select(ticket => new UploadClient(drop.Source, ticket, 8)), upload => upload.PutTextAsync(text));
        Assert.Equal([HttpStatusCode.Forbidden], seen);

        var bogus = Enumerable.Range(0, 400).Select(_ => new UploadClient(drop.Source, key.IssueTicket(8, now), 8)).ToList();
        seen = await SendAllAsync(bogus, upload => upload.PutTextAsync(text, Unpaid(upload)));
        Assert.Equal([HttpStatusCode.Forbidden], seen);
        await AssertOnlyAsync(drop, 0);
    }

    [Fact]
    public async Task Ticket_UsedAgain_OneReportAndNoSecond()
    {
        await using var drop = await SetUpAsync();
        var upload = await UploadClient.NewAsync(drop.Source);
        var first = SealedBytes.Text();
        Assert.Equal(HttpStatusCode.NoContent, await upload.PutTextAsync(first));
        var seen = await SendAllAsync(Enumerable.Range(0, 50).Select(_ => upload), again => again.PutTextAsync(SealedBytes.Text()));
        Assert.DoesNotContain(HttpStatusCode.NoContent, seen);
        Assert.All(seen, status => Assert.True(status is HttpStatusCode.Conflict or HttpStatusCode.ServiceUnavailable));
        Assert.Equal(first, Assert.Single(await drop.Stores.Reports.ReadTextsAsync(drop.Today, null, 10, None)).SealedBytes.ToArray());
        Assert.Equal("", drop.Log.ToString());
    }

    [Fact]
    public async Task Parts_OutOfRange_400AndNothingKept()
    {
        await using var drop = await SetUpAsync();
        var upload = await UploadClient.NewAsync(drop.Source);
        int[] numbers = [5122, 5123, 65_536, int.MaxValue];
        var seen = await SendAllAsync(Enumerable.Range(0, 100), n => upload.PutPartAsync(numbers[n % numbers.Length], [1]));
        Assert.Equal([HttpStatusCode.BadRequest], seen);
        Assert.Equal(HttpStatusCode.BadRequest, await upload.CommitAsync(5123, 5123L << 20));
        await AssertOnlyAsync(drop, 0);
    }

    [Fact]
    public async Task OpenUploads_TenThousand_EachHasItsPartAndASourceGetsThrough()
    {
        const int Uploads = 10_000;
        await using var drop = await SetUpAsync();
        var key = await drop.Server.Keys.TodaysAsync(None);
        var uploads = Enumerable.Range(0, Uploads).Select(_ => new UploadClient(drop.Source, key.IssueTicket(0, drop.Time.GetUtcNow()), 0)).ToList();
        var seen = await SendAllAsync(uploads, upload => upload.PutPartAsync(1, [1]));
        Assert.Contains(HttpStatusCode.NoContent, seen);
        Assert.All(seen, status => Assert.True(status is HttpStatusCode.NoContent or HttpStatusCode.ServiceUnavailable));
        var use = await drop.Stores.Reports.MeasureAsync(drop.Today, None);
        Assert.InRange(use.UncommittedInBytes, Uploads / 2, Uploads);
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text()));
        await AssertOnlyAsync(drop, 1);

        // None was committed: they go with their day's key.
        await drop.AdvanceToAsync(drop.Today.AddDays(3));
        Assert.Equal(0, (await drop.Stores.Reports.MeasureAsync(drop.Today.AddDays(-3), None)).UncommittedInBytes);
    }

    [Fact]
    public async Task SlowClients_OfEveryKind_ASourceGetsThroughBesideThem()
    {
        await using var drop = await SetUpAsync();
        using var slow = new RawClients();
        var key = await drop.Server.Keys.TodaysAsync(None);
        for (var n = 0; n < 600; n++)
        {
            var upload = new UploadClient(drop.Source, key.IssueTicket(0, drop.Time.GetUtcNow()), 0);
            await slow.SendAsync(drop.Source.BaseAddress!, (n % 6) switch
            {
                0 => "",
                1 => "G",
                2 => "GET /api/v1/roster HTTP/1.1\r\nHost: localhost\r\n",
                3 => $"PUT /api/v1/reports/{upload.Id} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nTicket: {upload.Paid()}\r\nContent-Length: 67195\r\n\r\nage",
                4 => $"PUT /api/v1/reports/{upload.Id}/parts/1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nTicket: {upload.Paid()}\r\nContent-Length: 1048576\r\n\r\nage",
                _ => $"POST /api/v1/reports/{upload.Id}/commit HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTicket: {upload.Paid()}\r\nContent-Length: 99\r\n\r\n{{",
            });
        }
        foreach (var path in new[] { "/", "/api/v1/roster", "/api/v1/dead-drops" })
            Assert.Equal(HttpStatusCode.OK, (await drop.Source.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, await SendAfterGraceAsync(drop, client => client.PutTextAsync(SealedBytes.Text())));
        Assert.Equal(HttpStatusCode.NoContent, await SendAfterGraceAsync(drop, client => client.PutLargeAsync(SealedBytes.Large())));
        await AssertOnlyAsync(drop, 2);
    }

    /// <summary>
    /// All places are held by clients that had no more time than they are due: after it they make way. Some of the slow ones may only come
    /// then, and are due their time too; so the source tries again, as the page does.
    /// </summary>
    private static async Task<HttpStatusCode> SendAfterGraceAsync(RunningDrop drop, Func<UploadClient, Task<HttpStatusCode>> send)
    {
        var status = HttpStatusCode.ServiceUnavailable;
        for (var tries = 0; tries < 4 && status == HttpStatusCode.ServiceUnavailable; tries++)
        {
            drop.Time.Advance(SecureDrop.Server.Intake.Gate.Grace);
            status = await send(await UploadClient.NewAsync(drop.Source));
        }
        return status;
    }

    private static Task<RunningDrop> SetUpAsync(int leastDifficulty = 0) => RunningDrop.SetUpAsync(options => new ServerOptions
    {
        Drop = options.Drop, Source = options.Source, Reviewer = options.Reviewer, Tickets = new() { LeastDifficulty = leastDifficulty },
    });

    private static async Task<IReadOnlyCollection<HttpStatusCode>> SendAllAsync<T>(IEnumerable<T> all, Func<T, Task<HttpStatusCode>> send)
    {
        var seen = new ConcurrentDictionary<HttpStatusCode, bool>();
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (one, _) => seen[await send(one)] = true);
        return [.. seen.Keys];
    }

    private static async Task AssertOnlyAsync(RunningDrop drop, int reports)
    {
        Assert.Equal(reports, (await drop.Stores.Reports.ListDaysAsync(None)).Sum(day => day.Reports));
        Assert.Equal("", drop.Log.ToString());
    }

    private static string Changed(string ticket) => (ticket[0] == 'A' ? 'B' : 'A') + ticket[1..];

    private static string Unpaid(UploadClient upload) => Enumerable.Range(0, 1000).Select(n => $"{upload.Ticket}.{n:x8}")
        .First(value => Solution.LeadingZeroBits(value, upload.IdBytes, 0) < upload.Difficulty);
}
