using System.Net;
using System.Text;
using Xunit;

namespace SecureDrop.Tests.Server.Privacy;

/// <summary>What every answer has and lacks, whatever was asked.</summary>
public sealed class ResponseTests
{
    private static readonly (string Method, string Path, int Status)[] SourceRequests =
    [
        ("GET", "/", 200), ("GET", "/api/v1/roster", 200), ("GET", "/api/v1/ticket", 200), ("GET", "/api/v1/dead-drops", 200),
        ("GET", "/api/v1/dead-drops/2026-01-01/0", 404), ("GET", "/api/v1/dead-drops/x/0", 400), ("GET", "/nothing", 404),
        ("POST", "/", 405), ("HEAD", "/", 405), ("OPTIONS", "/api/v1/roster", 405), ("PUT", "/api/v1/reports/00", 400),
        ("PUT", "/api/v1/reports/00000000000000000000000000000000", 403), ("GET", "/api/v1/reports/00000000000000000000000000000000/parts", 200),
        ("POST", "/api/v1/reports/00000000000000000000000000000000/commit", 403), ("GET", "/api/v1/days", 404), ("GET", "/openapi.json", 404), ("GET", "/health/live", 404), ("GET", "/health/ready", 404), ("GET", "/metrics", 404),
        ("GET", "/%7f", 404), ("GET", "/api/v1/../../etc/passwd", 404), ("PROPFIND", "/", 405),
        ("TRACE", "/", 405), ("HEAD", "/api/v1/ticket", 405), ("OPTIONS", "*", 404), ("DELETE", "/api/v1/reports/00000000000000000000000000000000", 405),
        ("GET", "/?fbclid=1", 200), ("GET", "/api/v1/roster?a=b", 400), ("GET", "/api/v1/ticket?", 400), ("GET", "/api/v1/dead-drops?a", 400),
        ("GET", "/api/v1/dead-drops/2026-01-01/0?a", 400), ("GET", "/api/v1/reports/00000000000000000000000000000000/parts?a", 400),
        ("PUT", "/api/v1/reports/00000000000000000000000000000000?a", 400), ("GET", "/api/v1/reports/%30%300000000000000000000000000000%zz/parts", 400),
        ("GET", "/api/v1/reports/0000000000000000000000000000000%2f/parts", 400), ("GET", "/api/v1/dead-drops/2026-01-01%2f0/0", 400),
    ];

    private static readonly (string Method, string Path, int Status)[] ReviewerRequests =
    [
        ("GET", "/", 404), ("GET", "/api/v1/status", 200), ("GET", "/api/v1/days", 401), ("DELETE", "/api/v1/days/x", 401), ("GET", "/openapi.json", 200),
        ("GET", "/openapi-source.json", 200), ("GET", "/api/v1/ticket", 404), ("PUT", "/api/v1/roster", 400), ("POST", "/api/v1/session", 400),
        ("POST", "/api/v1/session/challenge", 200), ("PATCH", "/api/v1/days", 405), ("GET", "/health/live", 200),
        ("GET", "/health/ready", 200), ("GET", "/metrics", 200), ("GET", "/metrics/", 200), ("GET", "/health", 404), ("POST", "/metrics", 405),
    ];

    [Fact]
    public async Task Answer_OfEveryKind_HasEveryHeaderAndNoneThatTells()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        await drop.Server.Timer.LookAsync(CancellationToken.None);
        foreach (var (client, requests) in new[] { (drop.Source, SourceRequests), (drop.Reviewers, ReviewerRequests) })
        {
            foreach (var (method, path, status) in requests)
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                using var answer = await client.SendAsync(request);
                Assert.True(status == (int)answer.StatusCode, $"{method} {path}: {(int)answer.StatusCode}");
                var headers = answer.Headers.Concat(answer.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
                Assert.Equal("Tue, 24 Nov 2026 00:00:00 GMT", headers["Date"]);
                Assert.Equal("no-store", headers["Cache-Control"]);
                Assert.Equal("no-referrer", headers["Referrer-Policy"]);
                Assert.Equal("nosniff", headers["X-Content-Type-Options"]);
                Assert.Equal("same-origin", headers["Cross-Origin-Opener-Policy"]);
                Assert.Equal("same-origin", headers["Cross-Origin-Resource-Policy"]);
                Assert.Equal("DENY", headers["X-Frame-Options"]);
                Assert.Contains("camera=()", headers["Permissions-Policy"]);
                Assert.All(["Server", "ETag", "Last-Modified", "Set-Cookie", "X-Powered-By", "Via", "Expires"], name => Assert.False(headers.ContainsKey(name), name));
                var csp = headers["Content-Security-Policy"];
                Assert.Equal(status == 405, headers.ContainsKey("Allow"));
                if (path[..Math.Min(2, path.Length)] is "/" or "/?" && status == 200)
                    Assert.Equal(RunningDrop.PagePolicy, csp);
                else
                    Assert.All(["default-src 'none'", "form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'"], part => Assert.Contains(part, csp));
                if (status >= 400 && method != "HEAD")
                {
                    Assert.Equal("application/problem+json", headers["Content-Type"]);
                    var problem = await answer.Content.ReadAsStringAsync();
                    Assert.Matches("^\\{\"title\":\"[^\"]+\\.\",\"status\":" + status + "\\}$", problem);
                }
            }
        }
        Assert.Equal("", drop.Log.ToString());
        Assert.Equal(3, drop.Output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Refusal_OfAnUnknownHost_IsTheSameEverywhere()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var bodies = new HashSet<string>();
        foreach (var (client, path) in new[] { (drop.Source, "/"), (drop.Source, "/nothing"), (drop.Source, "/api/v1/roster"), (drop.Reviewers, "/api/v1/status") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = "evil.example";
            using var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
            bodies.Add(await answer.Content.ReadAsStringAsync());
        }
        Assert.Single(bodies);
    }

    [Fact]
    public async Task Refusal_OfATicket_IsTheSameForUnknownExpiredAndWrong()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var (expired, other) = (await UploadClient.NewAsync(drop.Source), await UploadClient.NewAsync(drop.Source));
        drop.Time.Advance(TimeSpan.FromMinutes(11));
        var answers = new HashSet<string>();
        foreach (var (id, ticket) in new[] { (expired.Id, expired.Paid()), (other.Id, expired.Paid()), (other.Id, "nonsense"), (other.Id, new string('A', 76) + ".00"), (other.Id, null) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/reports/{id}") { Content = new ByteArrayContent(SealedBytes.Text()) };
            request.Content.Headers.ContentType = new("application/octet-stream");
            if (ticket is not null)
                request.Headers.Add("Ticket", ticket);
            using var answer = await drop.Source.SendAsync(request);
            answers.Add($"{(int)answer.StatusCode} {answer.Headers} {await answer.Content.ReadAsStringAsync()}");
        }
        Assert.StartsWith("403", Assert.Single(answers));
    }
}
