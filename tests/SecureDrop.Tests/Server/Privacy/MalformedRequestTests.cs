using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using SecureDrop.Server.Storage;
using Xunit;

namespace SecureDrop.Tests.Server.Privacy;

/// <summary>Bytes that are not the HTTP anyone expects: no answer of the 5xx kind, and the server goes on.</summary>
public sealed class MalformedRequestTests
{
    /// <summary>Any 5xx but 505: that one is the web server's own word for a version of HTTP that it does not speak, and no fault.</summary>
    private const string Failure = "^HTTP/1.1 5(?!05 )";

    private const string Id = "00000000000000000000000000000000";

    public static TheoryData<string> Requests =>
    [
        "\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        "GET /\u001b[2J HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /%ff%fe HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/reports/%2e%2e%2f/parts HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: local host\r\n\r\n",
        "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n\r\n",
        $"PUT /api/v1/reports/{Id} HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        $"PUT /api/v1/reports/{Id} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
        $"PUT /api/v1/reports/{Id} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9223372036854775807\r\n\r\nxx",
        $"PUT /api/v1/reports/{Id} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
        $"PUT /api/v1/reports/{Id} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        $"PUT /api/v1/reports/{Id} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n9223372036854775808\r\nx",
        $"PUT /api/v1/reports/{Id} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n",
        $"PUT /api/v1/reports/{Id} HTTP/1.1\r\nHost: localhost\r\nTicket: \u0000\r\nContent-Length: 0\r\n\r\n",
        $"PUT /api/v1/reports/{Id} HTTP/1.1\r\nHost: localhost\r\nTicket: a\r\nTicket: b\r\nContent-Length: 0\r\n\r\n",
        $"PUT /api/v1/reports/{Id} HTTP/1.1\r\nHost: localhost\r\nExpect: nonsense\r\nContent-Length: 1\r\n\r\nx",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000",
    ];

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_NotHttpOrNotOurs_No5xxAndTheNextIsAnswered(string request)
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var answer = await SendAsync(drop, Encoding.Latin1.GetBytes(request));
        Assert.DoesNotMatch(Failure, answer);
        Assert.DoesNotContain("Server:", answer);
        Assert.Equal("", drop.Log.ToString());
        (await drop.Source.GetAsync("/")).EnsureSuccessStatusCode().Dispose();
    }

    public static TheoryData<string, string> NotHttp => new()
    {
        { "nonsense\r\n\r\n", "400 Bad Request" },
        { "GET / HTTP/1.1\r\nHost: localhost\r\nno header\r\n\r\n", "400 Bad Request" },
        { "GET / HTTP/1.1\r\n\r\n", "400 Bad Request" },
        { "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", "505 HTTP Version Not Supported" },
        { $"GET /{new string('a', SecureDrop.Server.Hosting.Listener.LongestRequestLineInBytes)} HTTP/1.1\r\n\r\n", "414 URI Too Long" },
        { $"GET / HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Repeat("X: y\r\n", SecureDrop.Server.Hosting.Listener.MostHeaders))}\r\n", "431 Request Header Fields Too Large" },
    };

    /// <summary>The web server's own answer, before any of the applications: as coarse and as closed as every other.</summary>
    [Theory]
    [MemberData(nameof(NotHttp))]
    public async Task Answer_ToWhatIsNotHttp_HasTheHeadersOfEveryOther(string request, string status)
    {
        await using var drop = await RunningDrop.SetUpAsync();
        foreach (var listener in new[] { drop.Source, drop.Reviewers })
        {
            var lines = (await RawClients.AskAsync(listener.BaseAddress!, Encoding.ASCII.GetBytes(request), patienceInMilliseconds: 30_000)).Split("\r\n");
            Assert.Equal($"HTTP/1.1 {status}", lines[0]);
            Assert.Equal([.. new[] { "", "", "Connection: close", "Content-Length: 0", HeaderTests.DenyAll }.Concat(HeaderTests.Everywhere).Order(StringComparer.Ordinal)], lines[1..].Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Refusal_OfAnUploadWithoutATicket_ComesAfterAtMostOnePart()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(drop.Source.BaseAddress!.Host, drop.Source.BaseAddress.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"PUT /api/v1/reports/{Id} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {IReportStore.PartSizeInBytes * 100L}\r\n\r\n"));
        // Nothing of the body is sent: the refusal must not wait for it.
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 403", await reader.ReadLineAsync());
    }

    [Fact]
    public async Task Request_WithTwoLengths_400AndTheConnectionCloses()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var clients = new RawClients();
        // A second request hides in what one of the two lengths calls the body.
        var stream = await clients.SendAsync(drop.Source.BaseAddress!,
            "POST /api/v1/ticket HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 49\r\n\r\n0\r\n\r\nGET /api/v1/ticket HTTP/1.1\r\nHost: localhost\r\n\r\n");
        var answer = await RawClients.ReadToEndAsync(stream);
        Assert.StartsWith("HTTP/1.1 400", answer);
        Assert.Single(Regex.Matches(answer, "HTTP/1.1 ", RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Refusal_OfWhoWaitsForContinue_ComesWithoutIt()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var clients = new RawClients();
        var stream = await clients.SendAsync(drop.Source.BaseAddress!,
            $"PUT /api/v1/reports/{Id} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 70000\r\n\r\n");
        // The first word is the refusal: nothing of the body is asked for.
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 403", await reader.ReadLineAsync());
    }

    [Fact]
    public async Task Upload_OfWhoWaitsForContinue_IsAskedForItsBody()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var (upload, text) = (await UploadClient.NewAsync(drop.Source), SealedBytes.Text());
        using var clients = new RawClients();
        var stream = await clients.SendAsync(drop.Source.BaseAddress!,
            $"PUT /api/v1/reports/{upload.Id} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTicket: {upload.Paid()}\r\nContent-Type: application/octet-stream\r\n"
            + $"Expect: 100-continue\r\nContent-Length: {text.Length}\r\n\r\n");
        var first = new byte[25];
        await stream.ReadExactlyAsync(first);
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", Encoding.ASCII.GetString(first));
        await stream.WriteAsync(text);
        Assert.StartsWith("HTTP/1.1 204", await RawClients.ReadToEndAsync(stream));
    }

    [Theory]
    [InlineData(true, "408")]
    [InlineData(false, "403")]
    public async Task Body_ThatNeverEnds_IsNotAwaitedLongerThanTheDeadline(bool isPaid, string status)
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var upload = await UploadClient.NewAsync(drop.Source);
        using var clients = new RawClients();
        var ticket = isPaid ? $"Ticket: {upload.Paid()}\r\n" : "";
        var stream = await clients.SendAsync(drop.Source.BaseAddress!,
            $"PUT /api/v1/reports/{upload.Id} HTTP/1.1\r\nHost: localhost\r\n{ticket}Content-Type: application/octet-stream\r\nContent-Length: 70000\r\n\r\nage-");
        var answer = RawClients.ReadToEndAsync(stream);
        // Only once the server reads does its deadline run; the request stays as young as its ticket asks, the clock moves in between.
        for (var n = 0; n < 400 && !answer.IsCompleted; n++)
        {
            await Task.WhenAny(answer, Task.Delay(25));
            if (n >= 20)
                drop.Time.Advance(TimeSpan.FromMinutes(31));
        }
        Assert.True(answer.IsCompleted);
        Assert.StartsWith($"HTTP/1.1 {status}", await answer);
    }

    private static Task<string> SendAsync(RunningDrop drop, byte[] request) => RawClients.AskAsync(drop.Source.BaseAddress!, request);
}
