using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using SecureDrop.Crypto.Replies;
using SecureDrop.Server.Options;
using Xunit;

namespace SecureDrop.Tests.Server.SourceApi;

public sealed class DeadDropTests
{
    [Fact]
    public async Task Batch_IsOutWhenItsDayHasEndedAndNotBefore()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var alice = await drop.LoggedInAsync(drop.DropKeys.Alice);
        var (day, entries) = (drop.Today, Batches.New());
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(alice, entries));
        Assert.Empty(await IndexAsync(drop));
        using (var early = await drop.Source.GetAsync($"/api/v1/dead-drops/{day:yyyy-MM-dd}/0"))
            Assert.Equal(HttpStatusCode.NotFound, early.StatusCode);

        drop.Time.Advance(TimeSpan.FromDays(1));
        var index = Assert.Single(await IndexAsync(drop));
        Assert.Equal((day.ToString("yyyy-MM-dd"), 0, 8L * DeadDropSlot.SizeInBytes), (index.Day, index.ShardBits, Assert.Single(index.Bytes)));
        var slots = await drop.Source.GetByteArrayAsync($"/api/v1/dead-drops/{day:yyyy-MM-dd}/0");
        Assert.Equal(entries.Select(entry => Convert.ToHexString(entry.Slot.Span)).Order(), slots.Chunk(DeadDropSlot.SizeInBytes).Select(Convert.ToHexString));
    }

    [Fact]
    public async Task Batch_PublishedAtOnceWhereSoSet_AndTheServerSaysSo()
    {
        await using var drop = await RunningDrop.SetUpAsync(AtOnce);
        using var alice = await drop.LoggedInAsync(drop.DropKeys.Alice);
        await PostAsync(alice, Batches.New());
        var second = Batches.New();
        await PostAsync(alice, second);
        Assert.Equal(8L * DeadDropSlot.SizeInBytes, Assert.Single(Assert.Single(await IndexAsync(drop)).Bytes));
        var slots = await drop.Source.GetByteArrayAsync($"/api/v1/dead-drops/{drop.Today:yyyy-MM-dd}/0");
        Assert.Equal(second.Select(entry => Convert.ToHexString(entry.Slot.Span)).Order(), slots.Chunk(DeadDropSlot.SizeInBytes).Select(Convert.ToHexString));
        Assert.Contains("published at once", drop.Log.ToString());
        var status = await drop.Reviewers.GetByteArrayAsync("/api/v1/status");
        Assert.Equal("True", RunningDrop.Member(status, "publishAtOnce"));
        Assert.Contains("published at once", RunningDrop.Member(status, "warnings"));
    }

    [Fact]
    public async Task Index_ListsDaysWithoutSlotsAndForgetsThemAfterThirty()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var first = drop.Today;
        await drop.AdvanceAsync(TimeSpan.FromDays(3));
        Assert.Equal([first, first.AddDays(1), first.AddDays(2)], (await IndexAsync(drop)).Select(entry => DateOnly.Parse(entry.Day)));
        while (drop.Today < first.AddDays(30))
            await drop.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal(first, DateOnly.Parse((await IndexAsync(drop))[0].Day));
        await drop.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal(first.AddDays(1), DateOnly.Parse((await IndexAsync(drop))[0].Day));
        using var gone = await drop.Source.GetAsync($"/api/v1/dead-drops/{first:yyyy-MM-dd}/0");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Batch_WidthOfTheDay_StaysThoughTheRosterWidens()
    {
        await using var drop = await RunningDrop.SetUpAsync(shardBits: 1);
        using var alice = await drop.LoggedInAsync(drop.DropKeys.Alice);
        using (var wider = await drop.PutRosterAsync(drop.NewRoster(2) with { ShardBits = 4 }))
            Assert.Equal(HttpStatusCode.NoContent, wider.StatusCode);
        Assert.Equal("1", RunningDrop.Member(await drop.Reviewers.GetByteArrayAsync("/api/v1/status"), "shardBits"));
        Assert.Equal(HttpStatusCode.Conflict, await PostAsync(alice, Batches.New(shard: 2)));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(alice, Batches.New(shard: 1)));
        drop.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(await drop.LoggedInAsync(drop.DropKeys.Alice), Batches.New(shard: 15)));
        Assert.Equal(new[] { 0, 8L * DeadDropSlot.SizeInBytes }, Assert.Single(await IndexAsync(drop)).Bytes);
    }

    [Fact]
    public async Task Batch_MalformedOrOfPlainBytes_400AndTheOneBeforeStays()
    {
        await using var drop = await RunningDrop.SetUpAsync(AtOnce);
        using var alice = await drop.LoggedInAsync(drop.DropKeys.Alice);
        var good = Batches.New();
        await PostAsync(alice, good);
        var batch = DeadDropBatch.Write(Batches.New());
        var plain = batch.ToArray();
        plain.AsSpan(2 + 32, 100).Clear();
        foreach (var body in new[] { [], batch[..^1], [.. batch, 0], batch[..(batch.Length / 8)], plain })
            Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(alice, body));
        var slots = await drop.Source.GetByteArrayAsync($"/api/v1/dead-drops/{drop.Today:yyyy-MM-dd}/0");
        Assert.Equal(good.Select(entry => Convert.ToHexString(entry.Slot.Span)).Order(), slots.Chunk(DeadDropSlot.SizeInBytes).Select(Convert.ToHexString));
    }

    [Theory]
    [InlineData("2026-11-31/0", HttpStatusCode.BadRequest)]
    [InlineData("yesterday/0", HttpStatusCode.BadRequest)]
    [InlineData("2026-11-24/-1", HttpStatusCode.BadRequest)]
    [InlineData("2026-11-24/00", HttpStatusCode.BadRequest)]
    [InlineData("2026-11-24/1", HttpStatusCode.NotFound)]
    [InlineData("1999-01-01/0", HttpStatusCode.NotFound)]
    public async Task GetDeadDrop_NoSuchOne_Refused(string path, HttpStatusCode expected)
    {
        await using var drop = await RunningDrop.SetUpAsync();
        drop.Time.Advance(TimeSpan.FromDays(1));
        using var answer = await drop.Source.GetAsync("/api/v1/dead-drops/" + path);
        Assert.Equal(expected, answer.StatusCode);
    }

    private static ServerOptions AtOnce(ServerOptions options) => new()
    {
        Drop = options.Drop, Source = options.Source, Reviewer = options.Reviewer, DeadDrop = new() { PublishAtOnce = true },
    };

    private static Task<HttpStatusCode> PostAsync(HttpClient reviewer, IReadOnlyList<DeadDropEntry> entries) => PostAsync(reviewer, DeadDropBatch.Write(entries));

    private static async Task<HttpStatusCode> PostAsync(HttpClient reviewer, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var answer = await reviewer.PostAsync("/api/v1/dead-drop", content);
        return answer.StatusCode;
    }

    private static async Task<List<Entry>> IndexAsync(RunningDrop drop) =>
        JsonSerializer.Deserialize<List<Entry>>(await drop.Source.GetByteArrayAsync("/api/v1/dead-drops"), JsonSerializerOptions.Web)!;

    private sealed record Entry(string Day, int ShardBits, long[] Bytes);
}
