using System.Net;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.ProofOfWork;
using SecureDrop.Server.Options;
using SecureDrop.Server.Storage;
using Xunit;

namespace SecureDrop.Tests.Server.SourceApi;

public sealed class UploadTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task PutText_Sealed_KeptUnderAnIdThatIsNotTheUploads()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var upload = await UploadClient.NewAsync(drop.Source);
        var bytes = SealedBytes.Text();
        Assert.Equal(HttpStatusCode.NoContent, await upload.PutTextAsync(bytes));
        var kept = Assert.Single(await drop.Stores.Reports.ReadTextsAsync(drop.Today, null, 10, None));
        Assert.Equal(bytes, kept.SealedBytes.ToArray());
        Assert.NotEqual(upload.Id, kept.Id.ToString());
        Assert.Equal(new[] { 0 }, await upload.PartsAsync());
    }

    [Fact]
    public async Task PutText_Repeated_SameBytes204OtherBytes409()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var upload = await UploadClient.NewAsync(drop.Source);
        var bytes = SealedBytes.Text();
        Assert.Equal(HttpStatusCode.NoContent, await upload.PutTextAsync(bytes));
        Assert.Equal(HttpStatusCode.NoContent, await upload.PutTextAsync(bytes));
        Assert.Equal(HttpStatusCode.Conflict, await upload.PutTextAsync(SealedBytes.Text()));
        Assert.Equal(bytes, Assert.Single(await drop.Stores.Reports.ReadTextsAsync(drop.Today, null, 10, None)).SealedBytes.ToArray());
    }

    public static TheoryData<string> NotSealed => ["random", "empty", "passphrase", "short", "long", "otherClass", "headerOnly", "text"];

    [Theory]
    [MemberData(nameof(NotSealed))]
    public async Task PutText_NotASealedReport_400AndNothingKept(string kind)
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var upload = await UploadClient.NewAsync(drop.Source);
        using var passphrase = new ScryptPassphrase("open sesame"u8.ToArray(), 10);
        var text = SealedBytes.Text();
        byte[] body = kind switch
        {
            "random" => System.Security.Cryptography.RandomNumberGenerator.GetBytes(text.Length),
            "empty" => [],
            "passphrase" => SealedBytes.Seal(65_536, [passphrase]),
            "short" => text[..^1],
            "long" => [.. text, 0],
            "otherClass" => SealedBytes.Of(65_535, 2),
            "headerOnly" => text[..200],
            _ => new byte[text.Length],
        };
        Assert.Equal(HttpStatusCode.BadRequest, await upload.PutTextAsync(body));
        Assert.Empty(await drop.Stores.Reports.ListDaysAsync(None));
        Assert.Empty(await upload.PartsAsync());
        Assert.Equal(HttpStatusCode.NoContent, await upload.PutTextAsync(text));
    }

    [Fact]
    public async Task PutText_OfALargerClass_413()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Of(7L << 16, 1)));
    }

    [Fact]
    public async Task Put_OtherContentType_400()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var upload = await UploadClient.NewAsync(drop.Source);
        Assert.Equal(HttpStatusCode.BadRequest, await upload.SendAsync(HttpMethod.Put, "", SealedBytes.Text(), upload.Paid(), "text/plain"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("identity")]
    [InlineData("")]
    public async Task Put_WithAContentEncoding_400AndNothingKept(string coding)
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var upload = await UploadClient.NewAsync(drop.Source);
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/reports/{upload.Id}") { Content = new ByteArrayContent(SealedBytes.Text()) };
        request.Content.Headers.ContentType = new("application/octet-stream");
        Assert.True(request.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding));
        request.Headers.Add("Ticket", upload.Paid());
        using var answer = await drop.Source.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(await drop.Stores.Reports.ListDaysAsync(None));
    }

    [Fact]
    public async Task Put_InChunksWithoutALength_KeptOrRefusedAsAnyOther()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var (upload, text) = (await UploadClient.NewAsync(drop.Source), SealedBytes.Text());
        async Task<HttpStatusCode> PutAsync(string path, byte[] bytes)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/reports/{upload.Id}{path}") { Content = new StreamContent(new MemoryStream(bytes)) };
            request.Content.Headers.ContentType = new("application/octet-stream");
            request.Headers.TransferEncodingChunked = true;
            request.Headers.Add("Ticket", upload.Paid());
            using var answer = await drop.Source.SendAsync(request);
            return answer.StatusCode;
        }
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PutAsync("", new byte[200_000]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PutAsync("/parts/1", new byte[IReportStore.PartSizeInBytes + 1]));
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync("", text[..^1]));
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync("", text));
    }

    [Theory]
    [InlineData("zz\r\n")]
    [InlineData("9223372036854775808\r\nx")]
    [InlineData("3\r\nabcde\r\n")]
    public async Task Put_InMalformedChunks_400(string body)
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var upload = await UploadClient.NewAsync(drop.Source);
        using var clients = new RawClients();
        var stream = await clients.SendAsync(drop.Source.BaseAddress!,
            $"PUT /api/v1/reports/{upload.Id} HTTP/1.1\r\nHost: localhost\r\nTicket: {upload.Paid()}\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n{body}");
        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 400 Bad Request", await reader.ReadLineAsync());
        Assert.Equal("", drop.Log.ToString());
    }

    [Fact]
    public async Task Put_DiskBelowItsFloor_503WithRetryAfter()
    {
        await using var drop = await RunningDrop.SetUpAsync(options => new ServerOptions
        {
            Drop = new() { DataDirectory = options.Drop.DataDirectory, FreeSpaceFloorInMebibytes = int.MaxValue }, Source = options.Source, Reviewer = options.Reviewer,
        });
        var upload = await UploadClient.NewAsync(drop.Source);
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/reports/{upload.Id}") { Content = new ByteArrayContent(SealedBytes.Text()) };
        request.Content.Headers.ContentType = new("application/octet-stream");
        request.Headers.Add("Ticket", upload.Paid());
        using var answer = await drop.Source.SendAsync(request);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains("full", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Put_TicketMissingForeignOrOfAnotherUpload_403()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        await using var other = await RunningDrop.SetUpAsync();
        var upload = await UploadClient.NewAsync(drop.Source);
        var foreign = (await UploadClient.NewAsync(other.Source)).At(drop.Source);
        var second = await UploadClient.NewAsync(drop.Source);
        var text = SealedBytes.Text();
        Assert.Equal(HttpStatusCode.Forbidden, await foreign.PutTextAsync(text));
        Assert.Equal(HttpStatusCode.Forbidden, await upload.SendAsync(HttpMethod.Put, "", text, null));
        Assert.Equal(HttpStatusCode.Forbidden, await upload.PutTextAsync(text, upload.Ticket));
        Assert.Equal(HttpStatusCode.Forbidden, await upload.PutTextAsync(text, upload.Ticket + ".XY"));
        Assert.Equal(HttpStatusCode.Forbidden, await upload.PutTextAsync(text, second.Paid()));
        Assert.Equal(HttpStatusCode.Forbidden, await upload.PutPartAsync(0, text, second.Paid()));
        Assert.Equal(HttpStatusCode.Forbidden, await upload.CommitAsync(1, 1, second.Paid()));
        Assert.Empty(await drop.Stores.Reports.ListDaysAsync(None));
    }

    [Fact]
    public async Task Put_TicketOlderThanTenMinutes_403UnlessTheUploadHasBegun()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var (late, begun, repeated) = (await UploadClient.NewAsync(drop.Source), await UploadClient.NewAsync(drop.Source), await UploadClient.NewAsync(drop.Source));
        var (text, parts) = (SealedBytes.Text(), UploadClient.Cut(SealedBytes.Large()));
        await begun.PutPartAsync(1, parts[1]);
        await repeated.PutTextAsync(text);
        drop.Time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Forbidden, await late.PutTextAsync(text));
        Assert.Equal(HttpStatusCode.NoContent, await begun.PutPartAsync(0, parts[0]));
        Assert.Equal(HttpStatusCode.NoContent, await repeated.PutTextAsync(text));
    }

    [Fact]
    public async Task Put_Unpaid_403AndPaid204()
    {
        await using var drop = await RunningDrop.SetUpAsync(options => new ServerOptions
        {
            Drop = options.Drop, Source = options.Source, Reviewer = options.Reviewer, Tickets = new() { LeastDifficulty = 6 },
        });
        var upload = await UploadClient.NewAsync(drop.Source);
        Assert.Equal(6, upload.Difficulty);
        Assert.Equal(HttpStatusCode.Forbidden, await upload.PutTextAsync(SealedBytes.Text(), Unpaid(upload, 0)));
        Assert.Equal(HttpStatusCode.NoContent, await upload.PutTextAsync(SealedBytes.Text()));

        var large = await UploadClient.NewAsync(drop.Source);
        var part = new byte[IReportStore.PartSizeInBytes];
        Assert.Equal(HttpStatusCode.NoContent, await large.PutPartAsync(64, part, large.Paid(block: 1)));
        Assert.Equal(HttpStatusCode.Forbidden, await large.PutPartAsync(65, part, Unpaid(large, 1)));
        Assert.Equal(HttpStatusCode.Forbidden, await large.CommitAsync(1, 1, Unpaid(large, 0)));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("1e1")]
    [InlineData("999999")]
    [InlineData("99999999999999999999")]
    public async Task PutPart_MalformedNumber_400(string n)
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var upload = await UploadClient.NewAsync(drop.Source);
        Assert.Equal(HttpStatusCode.BadRequest, await upload.SendAsync(HttpMethod.Put, $"/parts/{n}", new byte[10], upload.Paid()));
    }

    [Fact]
    public async Task PutPart_EmptyTooLargeOrPlain_Refused()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var upload = await UploadClient.NewAsync(drop.Source);
        Assert.Equal(HttpStatusCode.BadRequest, await upload.PutPartAsync(1, []));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await upload.PutPartAsync(1, new byte[IReportStore.PartSizeInBytes + 1]));
        Assert.Equal(HttpStatusCode.BadRequest, await upload.PutPartAsync(0, new byte[1000]));
        Assert.Empty(await upload.PartsAsync());
    }

    [Fact]
    public async Task Parts_AnyOrderAtTwoServers_CommitMakesTheReport()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        await using var second = await drop.SecondAsync();
        var here = await UploadClient.NewAsync(drop.Source);
        var there = here.At(second.Source);
        var bytes = SealedBytes.Large();
        var parts = UploadClient.Cut(bytes);
        Assert.Equal(4, parts.Count);
        Assert.Equal(HttpStatusCode.NoContent, await there.PutPartAsync(2, parts[2]));
        Assert.Equal(HttpStatusCode.NoContent, await here.PutPartAsync(0, parts[0]));
        Assert.Equal(HttpStatusCode.BadRequest, await here.CommitAsync(4, bytes.Length));
        Assert.Equal(HttpStatusCode.NoContent, await here.PutPartAsync(2, parts[2]));
        Assert.Equal(HttpStatusCode.Conflict, await here.PutPartAsync(2, parts[1]));
        Assert.Equal(new[] { 0, 2 }, await there.PartsAsync());
        await there.PutPartAsync(3, parts[3]);
        await there.PutPartAsync(1, parts[1]);
        Assert.Empty(await drop.Stores.Reports.ListDaysAsync(None));

        Assert.Equal(HttpStatusCode.BadRequest, await here.CommitAsync(3, bytes.Length));
        Assert.Equal(HttpStatusCode.BadRequest, await here.CommitAsync(4, bytes.Length - 1));
        Assert.Equal(HttpStatusCode.NoContent, await there.CommitAsync(4, bytes.Length));
        Assert.Equal(HttpStatusCode.NoContent, await here.CommitAsync(4, bytes.Length));
        Assert.Equal(new[] { 0, 1, 2, 3 }, await here.PartsAsync());
        Assert.Equal(bytes.Length, Assert.Single(await drop.Stores.Reports.ListReportsAsync(drop.Today, null, 10, None)).SizeInBytes);
    }

    [Fact]
    public async Task Commit_OfATextOrOfALengthNoClassGives_400()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var text = SealedBytes.Text();
        var small = await UploadClient.NewAsync(drop.Source);
        await small.PutPartAsync(0, text);
        Assert.Equal(HttpStatusCode.BadRequest, await small.CommitAsync(1, text.Length));
        var odd = await UploadClient.NewAsync(drop.Source);
        var bytes = SealedBytes.Of(300_001, 2);
        await odd.PutPartAsync(0, bytes);
        Assert.Equal(HttpStatusCode.BadRequest, await odd.CommitAsync(1, bytes.Length));
        Assert.Empty(await drop.Stores.Reports.ListDaysAsync(None));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"parts\":1}")]
    [InlineData("{\"parts\":1.0,\"bytes\":1}")]
    [InlineData("{\"parts\":1,\"bytes\":1,\"bytes\":2}")]
    [InlineData("{\"parts\":-1,\"bytes\":1}")]
    [InlineData("{\"parts\":999999999999,\"bytes\":1}")]
    [InlineData("[")]
    [InlineData("")]
    public async Task Commit_Malformed_400(string body)
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var upload = await UploadClient.NewAsync(drop.Source);
        Assert.Equal(HttpStatusCode.BadRequest, await upload.SendAsync(
            HttpMethod.Post, "/commit", System.Text.Encoding.UTF8.GetBytes(body), upload.Paid(), "application/json"));
    }

    [Fact]
    public async Task Upload_ThatHasBegun_GoesOnForTwoDaysAndNotIntoTheThird()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var day = drop.Today;
        var upload = await UploadClient.NewAsync(drop.Source);
        var bytes = SealedBytes.Large();
        var parts = UploadClient.Cut(bytes);
        await upload.PutPartAsync(0, parts[0]);
        await drop.AdvanceToAsync(day.AddDays(1));
        Assert.Equal(HttpStatusCode.NoContent, await upload.PutPartAsync(1, parts[1]));
        await drop.AdvanceToAsync(day.AddDays(2));
        Assert.Equal(HttpStatusCode.NoContent, await upload.PutPartAsync(2, parts[2]));
        Assert.Equal(new[] { 0, 1, 2 }, await upload.PartsAsync());
        await drop.AdvanceToAsync(day.AddDays(3));
        Assert.Equal(HttpStatusCode.Forbidden, await upload.PutPartAsync(3, parts[3]));
        Assert.Empty(await upload.PartsAsync());
        Assert.Null(await drop.Stores.Days.ReadKeyAsync(day, None));
        Assert.DoesNotContain(day, await drop.Stores.Reports.ListOpenDaysAsync(None));
    }

    [Fact]
    public async Task Upload_BegunBeforeMidnight_BelongsToTheDayOfItsTicket()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var day = drop.Today;
        await drop.AdvanceAsync(new DateTimeOffset(day.ToDateTime(new TimeOnly(23, 55)), TimeSpan.Zero) - drop.Time.GetUtcNow());
        var upload = await UploadClient.NewAsync(drop.Source);
        await drop.AdvanceAsync(TimeSpan.FromMinutes(9));
        Assert.Equal(HttpStatusCode.NoContent, await upload.PutTextAsync(SealedBytes.Text()));
        Assert.Equal(day, Assert.Single(await drop.Stores.Reports.ListDaysAsync(None)).Day);
    }

    [Fact]
    public async Task GetTicket_NotSetUp_503WithRetryAfter()
    {
        await using var drop = await RunningDrop.EmptyAsync();
        using var answer = await drop.Source.GetAsync("/api/v1/ticket");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains("\"type\":\"urn:securedrop:not-set-up\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var roster = await drop.Source.GetAsync("/api/v1/roster");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, roster.StatusCode);
        Assert.NotNull(roster.Headers.RetryAfter);
    }

    private static string Unpaid(UploadClient upload, uint block) => Enumerable.Range(0, 1000)
        .Select(n => $"{upload.Ticket}.{n:x8}")
        .First(value => Solution.LeadingZeroBits(value, upload.IdBytes, block) < upload.Difficulty);
}
