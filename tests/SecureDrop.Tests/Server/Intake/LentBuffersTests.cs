using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Xunit;

namespace SecureDrop.Tests.Server.Intake;

/// <summary>Bodies lie in buffers that are lent again and again. Lent to two at once, one source's bytes would be stored as another's.</summary>
public sealed class LentBuffersTests
{
    private const int Uploads = 48;

    [Fact]
    public async Task Uploads_ManyAtOnceAThirdBrokenOff_EachIsKeptAsItWasSent()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var sent = new ConcurrentDictionary<string, string>();
        await Parallel.ForAsync(0, Uploads, async (n, _) =>
        {
            var upload = await UploadClient.NewAsync(drop.Source);
            var bytes = SealedBytes.Large(RandomNumberGenerator.GetInt32(100_000, 2_000_000));
            if (n % 3 == 0)
                await BreakOffAsync(drop, upload, UploadClient.Cut(bytes)[0]);
            Assert.Equal(HttpStatusCode.NoContent, await upload.PutLargeAsync(bytes));
            Assert.True(sent.TryAdd(Convert.ToHexString(SHA256.HashData(bytes)), upload.Id));
        });

        using var reviewer = await drop.LoggedInAsync(drop.DropKeys.Alice);
        var reports = await drop.Stores.Reports.ListReportsAsync(drop.Today, null, Uploads + 1, CancellationToken.None);
        Assert.Equal(Uploads, reports.Count);
        var received = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(reports, async (report, cancel) =>
        {
            var bytes = await reviewer.GetByteArrayAsync($"/api/v1/reports/{report.Id}", cancel);
            received.Add(Convert.ToHexString(SHA256.HashData(bytes)));
        });
        Assert.Equal(sent.Keys.Order(), received.Order());
    }

    private static async Task BreakOffAsync(RunningDrop drop, UploadClient upload, byte[] part)
    {
        using var clients = new RawClients();
        var stream = await clients.SendAsync(drop.Source.BaseAddress!,
            $"PUT /api/v1/reports/{upload.Id}/parts/0 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
            + $"Ticket: {upload.Paid()}\r\nContent-Length: {part.Length}\r\n\r\n");
        await stream.WriteAsync(part.AsMemory(0, part.Length / 2));
    }
}
