using System.Net;
using System.Security.Cryptography;
using System.Text;
using SecureDrop.Server.SourceApi.Plain;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Server.SourceApi.Plain;

/// <summary>What the form takes, and what it does not: that is answered by a page, and nothing of it is anywhere in the folder.</summary>
public sealed class PlainFormTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(65_536)]
    [InlineData(3 << 20)]
    public async Task Form_WithASealedFile_IsStoredAsAnyOther(int plaintextBytes)
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var file = SealedBytes.Of(plaintextBytes, 2);
        var (status, page) = await Forms.PostAsync(drop.Source, Forms.Of(file, "名字 of my own.age"));
        Assert.Equal(200, status);
        Assert.Contains("The sealed file has arrived", page);
        Assert.Contains("密封好的文件已送达", page);
        var report = Assert.Single(await drop.Stores.Reports.ListReportsAsync(drop.Today, null, 10, None));
        Assert.Equal(file.Length, report.SizeInBytes);
        var stored = new List<byte>();
        for (var n = 0; n < Math.Max(1, report.Parts); n++)
            stored.AddRange((await drop.Stores.Reports.ReadPartAsync(drop.Today, report.Id, n, None))!.Value.ToArray());
        Assert.Equal(file, stored);
    }

    public static TheoryData<string, int, string> Refused => new()
    {
        { "empty", 400, "No file was chosen" },
        { "plain", 400, "This file is not sealed" },
        { "armoured", 400, "written as letters" },
        { "classic", 400, "not to keys as the reviewers have them" },
        { "cut", 400, "its size is none that reports have" },
        { "unpadded", 400, "its size is none that reports have" },
        { "two", 400, "More than one file or field" },
        { "message", 400, "More than one file or field" },
        { "broken", 400, "not what the form sends" },
        { "large", 413, "larger than the 16 MiB" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Form_WithAnythingElse_APageThatSaysWhatIsWrongAndNothingStored(string kind, int expected, string sentence)
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var text = SealedBytes.Text();
        var (status, page) = await Forms.PostAsync(drop.Source, kind switch
        {
            "empty" => Forms.Of([], ""),
            "plain" => Forms.Of("Dear editor, I work at the harbour."u8.ToArray()),
            "armoured" => Forms.Of(Encoding.ASCII.GetBytes("-----BEGIN AGE ENCRYPTED FILE-----\n" + Convert.ToBase64String(text))),
            "classic" => Forms.Of(SealedBytes.Seal(65_536, [new X25519Recipient(RandomNumberGenerator.GetBytes(32))])),
            "cut" => Forms.Of(text[..^1]),
            "unpadded" => Forms.Of(SealedBytes.Of(10_240, 2)),
            "two" => Forms.Parts(Forms.Part(text), Forms.Part(text)),
            "message" => Forms.Parts(Forms.Part(text, field: "message")),
            "broken" => Forms.Of(text)[..^20],
            _ => Forms.Of(new byte[20 << 20]),
        });
        Assert.Equal(expected, status);
        Assert.Contains(sentence, page);
        Assert.Contains("<h1>没有发送</h1>", page);
        NothingIsStored(drop);
    }

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=other")]
    public async Task Form_OfAnotherType_Refused(string type)
    {
        await using var drop = await RunningDrop.SetUpAsync();
        Assert.Equal(400, (await Forms.PostAsync(drop.Source, Forms.Of(SealedBytes.Text()), type)).Status);
        NothingIsStored(drop);
    }

    [Theory]
    [InlineData("Content-Length: 10737418240")]
    [InlineData("Content-Length: 10737418240\r\nExpect: 100-continue")]
    public async Task Form_OfTenGigabytes_RefusedBeforeItIsRead(string length)
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var clients = new RawClients();
        var answer = await RawClients.ReadToEndAsync(await clients.SendAsync(drop.Source.BaseAddress!,
            $"POST /plain HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n{length}\r\n\r\n--b\r\n"));
        Assert.StartsWith("HTTP/1.1 413", answer);
        Assert.Contains("larger than the 16 MiB", answer);
        NothingIsStored(drop);
    }

    [Fact]
    public async Task Form_WithoutALengthAndWithoutAnEnd_RefusedWithinItsBound()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var endless = new StreamContent(new EndlessStream());
        endless.Headers.ContentType = new("multipart/form-data") { Parameters = { new("boundary", "b") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/plain") { Content = endless };
        request.Headers.TransferEncodingChunked = true;
        try
        {
            using var answer = await drop.Source.SendAsync(request);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        }
        catch (HttpRequestException)
        {
            // It was cut off while it still sent: the refusal may be lost on the way.
        }
        NothingIsStored(drop);
        (await drop.Source.GetAsync("/plain")).EnsureSuccessStatusCode().Dispose();
        Assert.Equal("", drop.Log.ToString());
    }

    [Fact]
    public async Task Form_ThatBreaksOff_NothingStored()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var body = Forms.Of(SealedBytes.Text());
        using (var clients = new RawClients())
        {
            var stream = await clients.SendAsync(drop.Source.BaseAddress!,
                $"POST /plain HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary={Forms.Boundary}\r\nContent-Length: {body.Length}\r\n\r\n");
            await stream.WriteAsync(body.AsMemory(0, body.Length - 1));
        }
        (await drop.Source.GetAsync("/plain")).EnsureSuccessStatusCode().Dispose();
        NothingIsStored(drop);
        Assert.Equal("", drop.Log.ToString());
    }

    [Fact]
    public async Task Form_BeyondItsQuota_RefusedUntilThereIsRoomAgain()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var roster = await drop.PutRosterAsync(drop.NewRoster(2) with { Channels = [new("telephone", "+00 0000 0001", new Dictionary<string, string> { ["en"] = "Night desk", ["zh-Hans"] = "夜班" })] });
        var form = Forms.Of(SealedBytes.Text());
        for (var n = 0; n < PlainQuota.MostReports; n++)
            Assert.Equal(200, (await Forms.PostAsync(drop.Source, form)).Status);
        var (status, page) = await Forms.PostAsync(drop.Source, form);
        Assert.Equal(503, status);
        Assert.Contains("Too many files were sent through this form", page);
        Assert.Contains("Night desk</bdi> <bdi>&#x2B;00 0000 0001", page);
        Assert.Contains("夜班</bdi>", page);
        // What is no report costs nothing of it, and another way in stays open.
        (status, page) = await Forms.PostAsync(drop.Source, Forms.Of([1]));
        Assert.Equal(400, status);
        Assert.DoesNotContain("Night desk", page);
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text()));
        drop.Time.Advance(PlainQuota.ReportEvery);
        Assert.Equal(200, (await Forms.PostAsync(drop.Source, form)).Status);
        Assert.Equal(503, (await Forms.PostAsync(drop.Source, form)).Status);
    }

    [Fact]
    public void Quota_OfBytes_IsGivenBackWithinTheDay()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var quota = new PlainQuota(time);
        Assert.True(quota.TryTake(PlainQuota.MostBytes));
        Assert.False(quota.TryTake(1 << 20));
        time.Advance(TimeSpan.FromDays(1) / 256);
        Assert.False(quota.TryTake((1 << 20) + 1));
        Assert.True(quota.TryTake((1 << 20) - 1));
        time.Advance(TimeSpan.FromDays(30));
        Assert.False(quota.TryTake(PlainQuota.MostBytes + 1));
        Assert.True(quota.TryTake(PlainQuota.MostBytes));
    }

    [Fact]
    public async Task Form_MoreAtOnceThanThereArePlaces_BusyAndThePageOfTheDropGoesOn()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var clients = new RawClients();
        for (var n = 0; n < PlainLargeGate.MostAtOnce; n++)
        {
            var holder = await clients.SendAsync(drop.Source.BaseAddress!,
                "POST /plain HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000000\r\nExpect: 100-continue\r\n\r\n");
            // Asked for once the place is taken.
            await holder.ReadExactlyAsync(new byte["HTTP/1.1 100 Continue\r\n\r\n".Length]);
        }
        var large = Forms.Of(SealedBytes.Large());
        var (status, page) = await Forms.PostAsync(drop.Source, large);
        Assert.Equal(503, status);
        Assert.Contains("The drop is busy", page);
        // Whoever holds the places of larger files holds none of the others.
        Assert.Equal(200, (await Forms.PostAsync(drop.Source, Forms.Of(SealedBytes.Text()))).Status);
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text()));
    }

    [Fact]
    public async Task Form_OfADropThatIsNotSetUp_503()
    {
        await using var drop = await RunningDrop.EmptyAsync();
        var (status, page) = await Forms.PostAsync(drop.Source, Forms.Of(SealedBytes.Text()));
        Assert.Equal(503, status);
        Assert.Contains("not set up yet", page);
    }

    // In whatever file: the day's is there before anybody comes.
    private static void NothingIsStored(RunningDrop drop) =>
        Assert.All(Directory.GetFiles(drop.DataFolder, "*.sqlite*"), file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            Assert.Equal(-1, bytes.AsSpan().IndexOf("age-encryption.org/v1"u8));
        });

    private sealed class EndlessStream : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => count;
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
