using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using SecureDrop.Crypto.Replies;
using Xunit;

namespace SecureDrop.Tests.Server.ReviewerApi;

public sealed class DayTests
{
    [Fact]
    public async Task Texts_TakenUpAgainAfterTheLastReceived_EachOnceInOrder()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var alice = await drop.LoggedInAsync(drop.DropKeys.Alice);
        var sent = new List<string>();
        for (var n = 0; n < 20; n++)
        {
            var bytes = SealedBytes.Text();
            sent.Add(Convert.ToHexString(bytes));
            await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(bytes);
        }
        await (await UploadClient.NewAsync(drop.Source)).PutLargeAsync(SealedBytes.Large());
        var url = $"/api/v1/days/{drop.Today:yyyy-MM-dd}/texts";
        var all = Records(await alice.GetByteArrayAsync(url));
        Assert.Equal(sent.Order(), all.Select(record => record.Hex).Order());
        Assert.Equal(all.Select(record => record.Id).Order(), all.Select(record => record.Id));
        var rest = Records(await alice.GetByteArrayAsync($"{url}?after={all[6].Id}"));
        Assert.Equal(all.Skip(7), rest);
        Assert.Empty(await alice.GetByteArrayAsync($"{url}?after={all[^1].Id}"));
        Assert.Empty(await alice.GetByteArrayAsync("/api/v1/days/2020-01-01/texts"));
        using var malformed = await alice.GetAsync(url + "?after=zz");
        Assert.Equal(HttpStatusCode.BadRequest, malformed.StatusCode);
    }

    [Fact]
    public async Task Report_WholeAndByRanges_TheBytesThatWereSent()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var alice = await drop.LoggedInAsync(drop.DropKeys.Alice);
        var bytes = SealedBytes.Large();
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutLargeAsync(bytes));
        using var list = JsonDocument.Parse(await alice.GetByteArrayAsync($"/api/v1/days/{drop.Today:yyyy-MM-dd}/reports"));
        var entry = Assert.Single(list.RootElement.EnumerateArray());
        Assert.Equal(bytes.Length, entry.GetProperty("bytes").GetInt64());
        var url = "/api/v1/reports/" + entry.GetProperty("id").GetString();
        Assert.Equal(bytes, await alice.GetByteArrayAsync(url));
        foreach (var (from, to) in new[] { (0L, 0L), (1_048_570L, 1_048_590L), (bytes.Length - 7L, bytes.Length - 1L) })
        {
            using var answer = await RangeAsync(alice, url, from, to);
            Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
            Assert.Equal(bytes[(int)from..((int)to + 1)], await answer.Content.ReadAsByteArrayAsync());
        }
        using var beyond = await RangeAsync(alice, url, bytes.Length, null);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        Assert.Null(beyond.Headers.ETag);
    }

    [Fact]
    public async Task Copies_AreThereUnderIdsOfTheirOwn()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var alice = await drop.LoggedInAsync(drop.DropKeys.Alice);
        var entries = Batches.New();
        using var content = new ByteArrayContent(DeadDropBatch.Write(entries));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        (await alice.PostAsync("/api/v1/dead-drop", content)).EnsureSuccessStatusCode();
        var day = drop.Today;
        drop.Time.Advance(TimeSpan.FromDays(1));
        using var again = await drop.LoggedInAsync(drop.DropKeys.Bob);
        var copies = Records(await again.GetByteArrayAsync($"/api/v1/days/{day:yyyy-MM-dd}/copies"));
        Assert.Equal(entries.Select(entry => Convert.ToHexString(entry.Copy.Span)).Order(), copies.Select(copy => copy.Hex).Order());
        using var days = JsonDocument.Parse(await again.GetByteArrayAsync("/api/v1/days"));
        Assert.Equal(8, Assert.Single(days.RootElement.EnumerateArray()).GetProperty("copies").GetInt32());
    }

    [Fact]
    public async Task DeleteDay_TakesEffectSevenFullDaysAfterTheDay()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var alice = await drop.LoggedInAsync(drop.DropKeys.Alice);
        var day = drop.Today;
        await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text());
        using (var wish = await alice.DeleteAsync($"/api/v1/days/{day:yyyy-MM-dd}"))
            Assert.Equal(day.AddDays(8).ToString("yyyy-MM-dd"), RunningDrop.Member(await wish.Content.ReadAsByteArrayAsync(), "endsOn"));
        using (var days = JsonDocument.Parse(await alice.GetByteArrayAsync("/api/v1/days")))
            Assert.Equal(day.AddDays(8).ToString("yyyy-MM-dd"), days.RootElement[0].GetProperty("endsOn").GetString());
        await drop.AdvanceToAsync(day.AddDays(7));
        Assert.Single(await drop.Stores.Reports.ListDaysAsync(CancellationToken.None));
        await drop.AdvanceToAsync(day.AddDays(8));
        Assert.Empty(await drop.Stores.Reports.ListDaysAsync(CancellationToken.None));
        using var later = await drop.LoggedInAsync(drop.DropKeys.Alice);
        using var gone = await later.DeleteAsync($"/api/v1/days/{day:yyyy-MM-dd}");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Theory]
    [InlineData("days/2026-13-01/reports")]
    [InlineData("days/2026-1-01/texts")]
    [InlineData("days/x/copies")]
    [InlineData("reports/ABCDEF00000000000000000000000000")]
    [InlineData("reports/00")]
    public async Task Request_MalformedDayOrId_400(string path)
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var alice = await drop.LoggedInAsync(drop.DropKeys.Alice);
        using var answer = await alice.GetAsync("/api/v1/" + path);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static async Task<HttpResponseMessage> RangeAsync(HttpClient client, string url, long from, long? to)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Range = new RangeHeaderValue(from, to);
        return await client.SendAsync(request);
    }

    private static List<(string Id, string Hex)> Records(byte[] stream)
    {
        var records = new List<(string, string)>();
        for (var rest = stream.AsMemory(); rest.Length > 0;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest.Span[16..]);
            records.Add((Convert.ToHexStringLower(rest.Span[..16]), Convert.ToHexString(rest.Span.Slice(20, length))));
            rest = rest[(20 + length)..];
        }
        return records;
    }
}
