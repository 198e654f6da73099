using System.Net;
using System.Text.Json;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Reports;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Storage;
using Xunit;

namespace SecureDrop.Tests.Server.SourceApi;

/// <summary>The largest report there is, every part of it over the wire: 5 GiB to 64 recipients. Only the store is a stand-in.</summary>
public sealed class LargestReportTests
{
    private const int Parts = 5122;
    private const int Recipients = SizeClass.MaxStanzas;
    private static readonly long SizeInBytes = AgeSizes.SealedSizeInBytes(Recipients, SizeClass.LargestInBytes);
    private static readonly int LastInBytes = (int)(SizeInBytes - ((Parts - 1L) * IReportStore.PartSizeInBytes));

    [Fact]
    public async Task Upload_OfTheLargestClass_PartByPartAndOneByteOrPartMoreOrFewerIsRefused()
    {
        Assert.Equal(Parts, SealedForm.MostParts);
        var store = new LengthStore();
        await using var drop = await RunningDrop.SetUpAsync(reports: store);
        var upload = await UploadClient.NewAsync(drop.Source);
        var (first, other, last) = (FirstPart(), new byte[IReportStore.PartSizeInBytes], new byte[LastInBytes]);
        await Parallel.ForAsync(0, Parts - 1, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (n, _) =>
            Assert.Equal(HttpStatusCode.NoContent, await upload.PutPartAsync(n, n == 0 ? first : other)));

        // One part fewer than the class has, and one byte fewer or more than its last part.
        Assert.Equal(HttpStatusCode.BadRequest, await upload.CommitAsync(Parts, SizeInBytes));
        Assert.Equal(HttpStatusCode.BadRequest, await upload.CommitAsync(Parts - 1, SizeInBytes - LastInBytes));
        foreach (var wrong in new[] { LastInBytes - 1, LastInBytes + 1 })
        {
            var twin = await RepeatAsync(drop, store, upload, without: 0);
            Assert.Equal(HttpStatusCode.NoContent, await twin.PutPartAsync(Parts - 1, new byte[wrong]));
            Assert.Equal(HttpStatusCode.BadRequest, await twin.CommitAsync(Parts, SizeInBytes));
            Assert.Equal(HttpStatusCode.BadRequest, await twin.CommitAsync(Parts, SizeInBytes - LastInBytes + wrong));
        }
        // One part more than any class has, and a hole that the right number of bytes does not hide.
        Assert.Equal(HttpStatusCode.BadRequest, await upload.PutPartAsync(Parts, last));
        var holed = await RepeatAsync(drop, store, upload, without: 1);
        Assert.Equal(HttpStatusCode.NoContent, await holed.PutPartAsync(Parts - 1, last));
        Assert.Equal(HttpStatusCode.BadRequest, await holed.CommitAsync(Parts, SizeInBytes));
        Assert.Equal(HttpStatusCode.BadRequest, await holed.CommitAsync(Parts - 1, SizeInBytes - IReportStore.PartSizeInBytes));

        Assert.Equal(HttpStatusCode.NoContent, await upload.PutPartAsync(Parts - 1, last));
        foreach (var (parts, bytes) in new[] { (Parts, SizeInBytes - 1), (Parts, SizeInBytes + 1), (Parts - 1, SizeInBytes), (Parts + 1, SizeInBytes) })
            Assert.Equal(HttpStatusCode.BadRequest, await upload.CommitAsync(parts, bytes));
        Assert.Empty(await store.ListDaysAsync(CancellationToken.None));
        Assert.Equal(HttpStatusCode.NoContent, await upload.CommitAsync(Parts, SizeInBytes));
        Assert.Equal(HttpStatusCode.NoContent, await upload.CommitAsync(Parts, SizeInBytes));
        Assert.Equal(Enumerable.Range(0, Parts), await upload.PartsAsync());
        await AssertListedAsync(drop);
    }

    private static async Task AssertListedAsync(RunningDrop drop)
    {
        using var reviewer = await drop.LoggedInAsync(drop.DropKeys.Alice);
        var today = SecureDrop.Crypto.Json.Day.Write(drop.Today);
        using var days = JsonDocument.Parse(await reviewer.GetByteArrayAsync("/api/v1/days"));
        Assert.Equal(SizeInBytes, days.RootElement.EnumerateArray().Single().GetProperty("bytes").GetInt64());
        using var reports = JsonDocument.Parse(await reviewer.GetByteArrayAsync($"/api/v1/days/{today}/reports"));
        Assert.Equal(SizeInBytes, reports.RootElement.EnumerateArray().Single().GetProperty("bytes").GetInt64());
    }

    /// <summary>Another upload, of which the server has the same parts already, all but the last so many.</summary>
    private static async Task<UploadClient> RepeatAsync(RunningDrop drop, LengthStore store, UploadClient upload, int without)
    {
        var key = await drop.Server.Keys.TodaysAsync(CancellationToken.None);
        var twin = await UploadClient.NewAsync(drop.Source);
        store.Repeat(key.StoredIdOf(upload.IdBytes), key.StoredIdOf(twin.IdBytes), without);
        return twin;
    }

    /// <summary>A true header to 64 recipients, then bytes that only a recipient could tell from sealed ones.</summary>
    private static byte[] FirstPart()
    {
        var identities = Enumerable.Range(0, Recipients).Select(_ => HybridIdentity.Generate()).ToList();
        var part = new byte[IReportStore.PartSizeInBytes];
        SealedBytes.Seal(1, [.. identities.Select(identity => (IAgeRecipient)identity.Recipient)]).CopyTo(part, 0);
        identities.ForEach(identity => identity.Dispose());
        return part;
    }
}
