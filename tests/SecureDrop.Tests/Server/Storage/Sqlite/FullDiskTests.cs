using System.Net;
using System.Security.Cryptography;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.Storage;
using SecureDrop.Server.Storage.Sqlite;
using SecureDrop.Tests.Reviewer.Processes;
using Xunit;

namespace SecureDrop.Tests.Server.Storage.Sqlite;

/// <summary>A disk that something else fills to its last byte while the server runs, and that is emptied again.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int SizeInKibibytes = 48 << 10;
    private static readonly DateOnly Day = new(2026, 11, 24);
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private SmallDisk? _disk;

    public void Dispose()
    {
        _disk?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Server_OnADiskThatFills_RefusesWithASentenceKeepsWhatItHasAndGoesOnByItself()
    {
        var path = Mount();
        await using var drop = await RunningDrop.SetUpAsync(options => new ServerOptions
        {
            Drop = new() { DataDirectory = path, FreeSpaceFloorInMebibytes = 1 }, Source = options.Source, Reviewer = options.Reviewer,
            Limits = new() { NearlyFullInMebibytes = 2 },
        });
        var (text, large, first) = (SealedBytes.Text(), SealedBytes.Large(), drop.Today);
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(text));
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutLargeAsync(large));
        using (var alice = await drop.LoggedInAsync(drop.DropKeys.Alice))
        {
            using (_disk!.Fill())
            {
                var refused = await UploadClient.NewAsync(drop.Source);
                await AssertFullAsync(drop, refused, "", SealedBytes.Text());
                await AssertFullAsync(drop, await UploadClient.NewAsync(drop.Source), "/parts/1", new byte[1000]);
                for (var n = 0; n < 3; n++)
                    await drop.AdvanceAsync(TimeSpan.FromMinutes(1));
                await AssertFullAsync(drop, await UploadClient.NewAsync(drop.Source), "", SealedBytes.Text());
                Assert.Equal(
                    "warning: less than 1 MiB (SecureDrop:Drop:FreeSpaceFloorInMebibytes) are free where the store lies, so nothing is taken; what was taken stays. Make room there, and the server goes on by itself\n",
                    drop.Log.ToString());
                await AssertThereAsync(drop, alice, first, text, large);

                // A day that begins on a full disk has no key: nobody is told to hurry back.
                await Assert.ThrowsAnyAsync<Exception>(() => drop.AdvanceToAsync(first.AddDays(1)));
                using (var ticket = await drop.Source.GetAsync("/api/v1/ticket"))
                    await AssertFullAsync(ticket);
                foreach (var address in new[] { "/", "/plain", "/api/v1/roster", "/api/v1/dead-drops" })
                    Assert.Equal(HttpStatusCode.OK, (await drop.Source.GetAsync(address)).StatusCode);
                Assert.Equal(HttpStatusCode.OK, (await drop.Reviewers.GetAsync("/api/v1/status")).StatusCode);
            }
            await drop.AdvanceAsync(TimeSpan.FromMinutes(1));
            Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text()));
            using var later = await drop.LoggedInAsync(drop.DropKeys.Alice);
            await AssertThereAsync(drop, later, first, text, large);
            Assert.Equal(2, (await drop.Stores.DeadDrops.ListAsync(None)).Count);
        }
        var lines = drop.Log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("there is room again where the store lies; the server takes reports", lines);
        // Whatever the midnight could not do is said of the files it could not do it to.
        Assert.All(lines[1..].Where(line => !line.StartsWith("there is room", StringComparison.Ordinal)),
            line => Assert.Matches(@"^fault: The disk of \S+/(state|dead-drop-2026-11-2[45]|reports-2026-11-25)\.sqlite(\.new)? is full; make room on it, and the server goes on by itself\.$", line));
    }

    [Fact]
    public async Task Store_NoByteLeft_FullAndNothingIsHalfThere()
    {
        var path = Mount();
        // Below every floor: what happens when something else takes the last bytes between the look and the write.
        const long NoFloor = long.MinValue / 2;
        var folder = DataFolder.Open(path);
        // So many and so large that a group of them does not fit into the pages that are kept: the disk is full in the midst of it.
        var texts = Enumerable.Range(0, 40).ToDictionary(_ => NewId(), _ => RandomNumberGenerator.GetBytes(200_000));
        var (first, part, bytes) = (texts.First(), NewId(), RandomNumberGenerator.GetBytes(IReportStore.PartSizeInBytes));
        await using (var state = new SqliteStateStore(folder))
        await using (var reports = new SqliteReportStore(folder, NoFloor))
        {
            Assert.Equal(StoreOutcome.Stored, await reports.StoreTextAsync(Day, first.Key, first.Value, None));
            Assert.Equal(StoreOutcome.Stored, await reports.StorePartAsync(Day, part, 0, bytes, None));
            using (_disk!.Fill())
            {
                var outcomes = await Task.WhenAll(texts.Skip(1).Select(text => Task.Run(() => reports.StoreTextAsync(Day, text.Key, text.Value, None))));
                Assert.All(outcomes, outcome => Assert.Equal(StoreOutcome.Full, outcome));
                Assert.Equal(StoreOutcome.Full, await reports.StorePartAsync(Day, part, 1, bytes, None));
                Assert.True((await Assert.ThrowsAsync<StoreException>(() => state.ReadOrCreateKeyAsync(Day, new byte[32], None))).IsFull);
                Assert.True((await Assert.ThrowsAsync<StoreException>(() => reports.BeginDayAsync(Day.AddDays(1), None))).IsFull);
                Assert.Equal(StoreOutcome.AlreadyThere, await reports.StoreTextAsync(Day, first.Key, first.Value, None));
                Assert.Equal(first.Value, Assert.Single(await reports.ReadTextsAsync(Day, null, 100, None)).SealedBytes.ToArray());
                Assert.Equal([0], await reports.ListPartsAsync(Day, part, None));
            }
            foreach (var text in texts)
                Assert.Equal(text.Key == first.Key ? StoreOutcome.AlreadyThere : StoreOutcome.Stored, await reports.StoreTextAsync(Day, text.Key, text.Value, None));
            Assert.Equal(CommitOutcome.Committed, await reports.CommitAsync(Day, part, 1, bytes.Length, None));
            Assert.Equal(new byte[32], await state.ReadOrCreateKeyAsync(Day, new byte[32], None));
            await reports.BeginDayAsync(Day.AddDays(1), None);
        }
        folder.Dispose();
        using (_disk!.Fill())
        {
            // Started on a full disk, it serves what is there, or says why it cannot.
            try
            {
                await using var full = ServerStores.OpenSqlite(new DropOptions { DataDirectory = path, FreeSpaceFloorInMebibytes = 1 });
                Assert.Equal(texts.Count, (await full.Reports.ReadTextsAsync(Day, null, 100, None)).Count);
            }
            catch (StoreException e)
            {
                Assert.Matches("is full; make room on it|not full or read-only", e.Message);
            }
        }
        await using var again = ServerStores.OpenSqlite(new DropOptions { DataDirectory = path, FreeSpaceFloorInMebibytes = 1 });
        Assert.Equal(texts.Count + 1, Assert.Single(await again.Reports.ListDaysAsync(None)).Reports);
        Assert.All(await again.Reports.ReadTextsAsync(Day, null, 100, None), text => Assert.Equal(texts[text.Id], text.SealedBytes.ToArray()));
        Assert.Equal(bytes, (await again.Reports.ReadPartAsync(Day, part, 0, None))!.Value.ToArray());
    }

    private string Mount()
    {
        SmallDisk.OrSkip();
        _disk = new SmallDisk(_folder.File("disk"), SizeInKibibytes);
        return _folder.File("disk");
    }

    private static async Task AssertThereAsync(RunningDrop drop, HttpClient reviewer, DateOnly day, byte[] text, byte[] large)
    {
        var list = await reviewer.GetStringAsync($"/api/v1/days/{day:yyyy-MM-dd}/reports");
        using var reports = System.Text.Json.JsonDocument.Parse(list);
        Assert.Equal(new[] { (long)text.Length, large.Length }.Order(), reports.RootElement.EnumerateArray().Select(report => report.GetProperty("bytes").GetInt64()).Order());
        foreach (var report in reports.RootElement.EnumerateArray())
        {
            var bytes = await reviewer.GetByteArrayAsync($"/api/v1/reports/{report.GetProperty("id").GetString()}");
            Assert.Equal(bytes.Length == text.Length ? text : large, bytes);
        }
        Assert.NotEmpty(await drop.Reviewers.GetStringAsync("/api/v1/roster"));
    }

    private static async Task AssertFullAsync(RunningDrop drop, UploadClient upload, string path, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/reports/{upload.Id}{path}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/octet-stream");
        request.Headers.Add("Ticket", upload.Paid());
        using var answer = await drop.Source.SendAsync(request);
        await AssertFullAsync(answer);
    }

    private static async Task AssertFullAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromHours(1), answer.Headers.RetryAfter?.Delta);
        Assert.Matches("full for now|no room for attachments", await answer.Content.ReadAsStringAsync());
    }

    private static StoredId NewId() => StoredId.FromBytes(RandomNumberGenerator.GetBytes(StoredId.SizeInBytes));
}
