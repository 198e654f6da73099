using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using SecureDrop.Crypto.Replies;
using SecureDrop.Server.Days;
using SecureDrop.Server.Metrics;
using SecureDrop.Server.Options;
using SecureDrop.Server.Rosters;
using SecureDrop.Server.Storage;
using Xunit;

namespace SecureDrop.Tests.Server.Metrics;

/// <summary>Whoever asks for the metrics every second learns nothing of what happens between two days' turns.</summary>
public sealed class ExpositionTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Answer_WhateverHappensInADay_IsTheSameByteForByte()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        // Begun yesterday, whose day is still open, and committed today.
        var (late, large) = (await UploadClient.NewAsync(drop.Source), UploadClient.Cut(SealedBytes.Large()));
        for (var n = 0; n < large.Count; n++)
            Assert.Equal(HttpStatusCode.NoContent, await late.PutPartAsync(n, large[n]));
        await drop.AdvanceToAsync(drop.Today.AddDays(1));
        await drop.Server.Timer.LookAsync(None);
        var before = await AskAsync(drop);
        Assert.Contains("securedrop_recipients 2\n", before);

        async Task NothingIsSeenOfAsync(Func<Task> what)
        {
            await what();
            Assert.Equal(before, await AskAsync(drop));
            await drop.AdvanceAsync(TimeSpan.FromMinutes(1));
            await drop.Server.Timer.LookAsync(None);
            Assert.Equal(before, await AskAsync(drop));
        }

        await NothingIsSeenOfAsync(async () => Assert.Equal(HttpStatusCode.NoContent, await late.CommitAsync(large.Count, large.Sum(part => part.Length))));
        await NothingIsSeenOfAsync(async () => Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text())));
        await NothingIsSeenOfAsync(async () => Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutLargeAsync(SealedBytes.Large())));
        await NothingIsSeenOfAsync(() => FillAsync(drop, drop.Today, 300));
        await NothingIsSeenOfAsync(() => FillAsync(drop, drop.Today.AddDays(-1), 300));
        await NothingIsSeenOfAsync(() => Task.WhenAll(Enumerable.Range(0, 200).Select(async _ => (await drop.Source.GetAsync("/nothing")).Dispose())));
        await NothingIsSeenOfAsync(async () =>
        {
            using var alice = await drop.LoggedInAsync(drop.DropKeys.Alice);
            using var batch = new ByteArrayContent(DeadDropBatch.Write(Batches.New()));
            batch.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            using var answer = await alice.PostAsync("/api/v1/dead-drop", batch);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        });
        await NothingIsSeenOfAsync(async () => (await drop.PutRosterAsync(drop.NewRoster(2))).EnsureSuccessStatusCode().Dispose());
    }

    [Fact]
    public async Task Uploads_AreToldOnceTheirDayIsComplete_AndNotBefore()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var day = drop.Today;
        // As many as are told whatever chance says.
        await FillAsync(drop, day, (int)DropFigures.SmallestReports * 2);
        for (var n = 1; n <= DropFigures.ReportsAreOf + 1; n++)
        {
            await drop.AdvanceToAsync(day.AddDays(n));
            await drop.Server.Timer.LookAsync(None);
            Assert.Equal(n == DropFigures.ReportsAreOf, Uploads(await drop.Reviewers.GetStringAsync("/metrics")) > 0);
        }
    }

    /// <summary>Each draw of its own would be one more look at the number behind it.</summary>
    [Fact]
    public async Task Uploads_AskedOfManyServersAndStarts_AreTheSameNumber()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var day = drop.Today;
        // Told as 0 or as 128, by a chance of a half: twenty draws that agree would be one in 2^19.
        await FillAsync(drop, day, (int)DropFigures.SmallestReports * 3 / 2);
        for (var n = 1; n <= DropFigures.ReportsAreOf; n++)
            await drop.AdvanceToAsync(day.AddDays(n));
        await drop.Server.Timer.LookAsync(None);
        HashSet<long> told = [Uploads(await drop.Reviewers.GetStringAsync("/metrics"))];
        for (var n = 0; n < 20; n++)
        {
            var rosters = new RosterDesk(new ServerOptions(), drop.Stores.Rosters, drop.Time);
            using var another = new Exposition(rosters, drop.Server.Days, new DayKeyRing(drop.Stores.Days, drop.Time), drop.Stores.Reports, drop.Stores.DeadDrops);
            await another.RefreshAsync(None);
            told.Add(Uploads(Encoding.UTF8.GetString(another.Text!.Value.Span)));
        }
        Assert.Single(told);
    }

    /// <summary>Of other days and for other purposes it is another number: over many, as even as chance is.</summary>
    [Fact]
    public void Chance_OfManyDays_IsSpreadAndDiffersByPurpose()
    {
        const int Keys = 1000;
        var drawn = Enumerable.Range(0, Keys).Select(_ =>
        {
            using var key = new DayKey(new DateOnly(2026, 11, 24), RandomNumberGenerator.GetBytes(IDayStore.KeySizeInBytes));
            return (Uploads: key.ChanceOf("uploads"), Free: key.ChanceOf("free"), Again: key.ChanceOf("uploads"));
        }).ToList();
        Assert.All(drawn, chance => Assert.True(chance.Uploads is >= 0 and < 1 && chance.Uploads == chance.Again && chance.Uploads != chance.Free));
        // In each tenth a hundred, give or take 9.5: seven of these are one run in 10^11.
        Assert.All(Enumerable.Range(0, 10), tenth => Assert.InRange(drawn.Count(chance => (int)(chance.Uploads * 10) == tenth), 33, 167));
    }

    /// <summary>Were the day's text made by the first who comes, its change would be the time of a visit.</summary>
    [Fact]
    public async Task Answer_AfterMidnight_ChangesWithTheServersOwnMinuteAndNotWithAVisit()
    {
        await using var drop = await RunningDrop.EmptyAsync(start: RunningDrop.Start.AddHours(13).AddMinutes(59).AddSeconds(30));
        // The server's first minute, which begins by itself, must be over: the next is half past.
        for (var n = 0; n < 600 && (await drop.Reviewers.GetAsync("/metrics")).StatusCode != HttpStatusCode.OK; n++)
            await Task.Delay(50);
        var before = await AskAsync(drop);
        (await drop.PutRosterAsync(drop.NewRoster(1), drop.SetupToken)).EnsureSuccessStatusCode().Dispose();
        var day = drop.Today;
        drop.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(day.AddDays(1), drop.Today);
        (await drop.Source.GetAsync("/api/v1/dead-drops")).EnsureSuccessStatusCode().Dispose();
        Assert.Contains(await drop.Stores.DeadDrops.ListAsync(None), kept => kept.Day == drop.Today);
        Assert.Equal(Body(before), Body(await AskAsync(drop)));
        await drop.Server.Timer.LookAsync(None);
        Assert.Contains("securedrop_roster_version 1\n", await AskAsync(drop));
    }

    [Fact]
    public async Task Answer_OfARunningServer_HasTheMetricsOfTheTableAndNoOther()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        await drop.AdvanceToAsync(drop.Today.AddDays(1));
        await drop.Server.Timer.LookAsync(None);
        Assert.Equal(
            DropMeter.All.Select(instrument => OpenMetricsExporter.NameOf(instrument.Name, instrument.Unit)).Order(StringComparer.Ordinal),
            OpenMetricsText.Parse(await drop.Reviewers.GetStringAsync("/metrics")).Select(metric => metric.Name));
    }

    private static long Uploads(string metrics) => OpenMetricsText.Parse(metrics).Single(metric => metric.Name == "securedrop_uploads").Value;

    private static async Task FillAsync(RunningDrop drop, DateOnly day, int texts)
    {
        var text = SealedBytes.Text();
        await Task.WhenAll(Enumerable.Range(0, texts).Select(async _ =>
            Assert.Equal(StoreOutcome.Stored, await drop.Stores.Reports.StoreTextAsync(day, StoredId.FromBytes(RandomNumberGenerator.GetBytes(StoredId.SizeInBytes)), text, None))));
    }

    /// <summary>The whole answer, as it lies on the wire.</summary>
    private static Task<string> AskAsync(RunningDrop drop) =>
        RawClients.AskAsync(drop.Reviewers.BaseAddress!, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), patienceInMilliseconds: 30_000);

    private static string Body(string answer) => answer[answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)..];
}
