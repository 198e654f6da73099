using System.Net;
using System.Security.Cryptography;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.Storage;
using Xunit;

namespace SecureDrop.Tests.Server.Storage.Sqlite;

/// <summary>
/// Files that something else overwrote, cut or emptied. What shows at a glance stops the start with one sentence; what does not takes
/// that day, and no other, from those who ask for it.
/// </summary>
public sealed class DamagedFileTests
{
    private const int PageSizeInBytes = 16 << 10;
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<string, string> Damages()
    {
        var all = new TheoryData<string, string>();
        foreach (var name in new[] { "state.sqlite", "reports-2026-11-24.sqlite", "dead-drop-2026-11-24.sqlite" })
        {
            foreach (var how in new[] { "overwritten", "cut", "cut within its head", "emptied" })
                all.Add(name, how);
        }
        return all;
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Start_DamagedFile_OneSentenceThatNamesItAndWithoutItTheOthersAreServed(string name, string how)
    {
        await using var stores = new SqliteStores();
        var (day, id, bytes) = (new DateOnly(2026, 11, 24), StoredId.FromBytes(RandomNumberGenerator.GetBytes(StoredId.SizeInBytes)), new byte[70_293]);
        foreach (var days in new[] { 0, 1 })
        {
            await stores.Reports.StoreTextAsync(day.AddDays(days), id, bytes, None);
            await stores.DeadDrops.BeginDayAsync(day.AddDays(days), 0, None);
        }
        await stores.State.ReadOrCreateKeyAsync(day, new byte[32], None);
        await stores.CloseAsync();
        var file = Path.Combine(stores.Path, name);
        await using (var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite))
        {
            if (how == "overwritten")
                await stream.WriteAsync(RandomNumberGenerator.GetBytes(4096), None);
            else
                stream.SetLength(how switch { "cut" => stream.Length - PageSizeInBytes, "emptied" => 0, _ => 50 });
        }
        var options = new DropOptions { DataDirectory = stores.Path, FreeSpaceFloorInMebibytes = 1 };
        for (var times = 0; times < 2; times++)
        {
            var refusal = Assert.Throws<StoreException>(() => ServerStores.OpenSqlite(options));
            Assert.StartsWith($"{file} is damaged (", refusal.Message);
            Assert.EndsWith("); stop the server, put back a copy of the file, or move it, with the files that are named after it, out of the data folder, and start again.", refusal.Message);
            Assert.DoesNotContain('\n', refusal.Message);
        }
        // As it says.
        foreach (var named in Directory.GetFiles(stores.Path, name + "*"))
            File.Delete(named);
        await using (var again = ServerStores.OpenSqlite(options))
        {
            Assert.Equal(bytes, Assert.Single(await again.Reports.ReadTextsAsync(day.AddDays(1), null, 10, None)).SealedBytes.ToArray());
            Assert.Contains(day.AddDays(1), (await again.DeadDrops.ListAsync(None)).Select(found => found.Day));
        }
        stores.Open();
    }

    [Fact]
    public async Task Reports_OfOneDayDamagedWithin_OtherDaysAreServedAndItEndsWithItsTime()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var (first, texts) = (drop.Today, new List<byte[]>());
        for (var n = 0; n < 3; n++)
        {
            texts.Add(SealedBytes.Text());
            Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(texts[n]));
            await drop.AdvanceToAsync(drop.Today.AddDays(1));
        }
        var file = Path.Combine(drop.DataFolder, $"reports-{first:yyyy-MM-dd}.sqlite");
        await drop.RestartAsync(() => SpoilAsync(file));
        using var alice = await drop.LoggedInAsync(drop.DropKeys.Alice);

        Assert.Equal(["2026-11-25", "2026-11-26"], Days(await alice.GetStringAsync("/api/v1/days")));
        foreach (var address in new[] { "texts", "reports" })
            await AssertFaultAsync(alice, $"/api/v1/days/{first:yyyy-MM-dd}/{address}");
        await AssertFaultAsync(alice, $"/api/v1/reports/{new string('0', 32)}");
        foreach (var n in new[] { 1, 2 })
            Assert.Equal(texts[n], (await alice.GetByteArrayAsync($"/api/v1/days/{first.AddDays(n):yyyy-MM-dd}/texts"))[20..]);
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(texts[0]));

        // The server's own look says it within a minute, whether anybody came or not.
        await drop.AdvanceAsync(TimeSpan.FromMinutes(1));
        await drop.AdvanceAsync(TimeSpan.FromMinutes(1));
        foreach (var said in new[] { drop.Said, drop.Log.ToString() })
        {
            var fault = Assert.Single(said.Split('\n'), line => line.StartsWith("fault: ", StringComparison.Ordinal));
            Assert.Matches($"^fault: {System.Text.RegularExpressions.Regex.Escape(file)} is damaged \\(.+\\); stop the server, put back a copy .+$", fault);
        }

        Assert.True(File.Exists(file));
        for (var day = drop.Today; day <= first.AddDays(92); day = day.AddDays(1))
            await drop.AdvanceToAsync(day.AddDays(1));
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task DeadDrop_OfOneDayDamagedWithin_IsListedAndRefusedAndOthersAreServed()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var first = drop.Today;
        await PostBatchAsync(drop);
        await drop.AdvanceToAsync(first.AddDays(1));
        await PostBatchAsync(drop);
        await drop.AdvanceToAsync(first.AddDays(2));
        var whole = await drop.Source.GetByteArrayAsync($"/api/v1/dead-drops/{first.AddDays(1):yyyy-MM-dd}/0");
        Assert.NotEmpty(whole);
        var file = Path.Combine(drop.DataFolder, $"dead-drop-{first:yyyy-MM-dd}.sqlite");
        await drop.RestartAsync(() => SpoilAsync(file));

        // A gap in the list would look as if nobody had been answered.
        Assert.Equal([$"{first:yyyy-MM-dd}", $"{first.AddDays(1):yyyy-MM-dd}"], Days(await drop.Source.GetStringAsync("/api/v1/dead-drops")));
        await AssertFaultAsync(drop.Source, $"/api/v1/dead-drops/{first:yyyy-MM-dd}/0");
        Assert.Equal(whole, await drop.Source.GetByteArrayAsync($"/api/v1/dead-drops/{first.AddDays(1):yyyy-MM-dd}/0"));
        await PostBatchAsync(drop);
        await drop.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Single(drop.Said.Split('\n'), line => line.StartsWith($"fault: {file} is damaged (", StringComparison.Ordinal));
        for (var day = drop.Today; day <= first.AddDays(32); day = day.AddDays(1))
            await drop.AdvanceToAsync(day.AddDays(1));
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Start_WhatAKillLeftUnfinished_IsRemoved()
    {
        await using var stores = new SqliteStores();
        await stores.CloseAsync();
        foreach (var name in new[] { "reports-2026-11-20.sqlite.new", "state.sqlite.new", "dead-drop-2026-11-20.sqlite.new-wal" })
            await File.WriteAllBytesAsync(Path.Combine(stores.Path, name), [], None);
        stores.Open();
        Assert.DoesNotContain(Directory.EnumerateFiles(stores.Path), file => file.Contains(".new", StringComparison.Ordinal));
    }

    /// <summary>All pages but the first, which says what the file is.</summary>
    private static async Task SpoilAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        Assert.True(stream.Length > 2 * PageSizeInBytes);
        stream.Position = PageSizeInBytes;
        await stream.WriteAsync(RandomNumberGenerator.GetBytes((int)(stream.Length - PageSizeInBytes)), None);
    }

    private static async Task PostBatchAsync(RunningDrop drop)
    {
        using var alice = await drop.LoggedInAsync(drop.DropKeys.Alice);
        using var content = new ByteArrayContent(SecureDrop.Crypto.Replies.DeadDropBatch.Write(Batches.New()));
        content.Headers.ContentType = new("application/octet-stream");
        using var answer = await alice.PostAsync("/api/v1/dead-drop", content);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private static async Task AssertFaultAsync(HttpClient client, string address)
    {
        using var answer = await client.GetAsync(address);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("The drop has a fault; use another way to reach the reviewers", await answer.Content.ReadAsStringAsync());
    }

    private static IEnumerable<string?> Days(string json)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(day => day.GetProperty("day").GetString())];
    }
}
