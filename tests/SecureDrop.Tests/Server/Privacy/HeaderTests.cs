using System.Text.Json;
using SecureDrop.Server.SourceApi.Plain;
using Xunit;

namespace SecureDrop.Tests.Server.Privacy;

/// <summary>
/// Every documented answer of both listeners, as its header lines lie on the wire: exactly the ones listed here, none more and none
/// fewer. A route or status that is documented and not asked for here fails the test.
/// </summary>
public sealed class HeaderTests
{
    /// <summary>Documented, and not to be had here: a slow body takes half an hour (see MalformedRequestTests), these ask no store.</summary>
    private static readonly string[] NotAsked = ["GET /api/v1/status 503", "POST /api/v1/session/challenge 503", "GET /metrics 503"];

    internal static readonly string[] Everywhere =
    [
        "Cache-Control: no-store", "Cross-Origin-Embedder-Policy: require-corp", "Cross-Origin-Opener-Policy: same-origin",
        "Cross-Origin-Resource-Policy: same-origin", "Date: Tue, 24 Nov 2026 00:00:00 GMT", "Origin-Agent-Cluster: ?1",
        "Permissions-Policy: accelerometer=(), ambient-light-sensor=(), autoplay=(), battery=(), bluetooth=(), browsing-topics=(), camera=(), "
            + "clipboard-read=(), clipboard-write=(), display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), "
            + "hid=(), identity-credentials-get=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), "
            + "picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), storage-access=(), usb=(), web-share=(), "
            + "window-management=(), xr-spatial-tracking=()",
        "Referrer-Policy: no-referrer", "X-Content-Type-Options: nosniff", "X-DNS-Prefetch-Control: off", "X-Frame-Options: DENY",
        "X-Robots-Tag: noindex, nofollow, noarchive",
    ];

    internal const string DenyAll = "Content-Security-Policy: default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'; sandbox";

    private static readonly Dictionary<string, string[]> Kinds = new()
    {
        ["page"] = ["Content-Type: text/html; charset=utf-8", "Content-Length: n", $"Content-Security-Policy: {RunningDrop.PagePolicy}"],
        ["plain"] = ["Content-Type: text/html; charset=utf-8", "Content-Length: n", $"Content-Security-Policy: {PlainView.Policy}"],
        ["json"] = ["Content-Type: application/json; charset=utf-8", "Transfer-Encoding: chunked", DenyAll],
        ["signed"] = ["Content-Type: application/json", "Content-Length: n", DenyAll],
        ["metrics"] = ["Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8", "Content-Length: n", DenyAll],
        ["octets"] = ["Content-Type: application/octet-stream", "Content-Length: n", DenyAll],
        ["stream"] = ["Content-Type: application/octet-stream", "Transfer-Encoding: chunked", DenyAll],
        ["nothing"] = [DenyAll],
        ["problem"] = ["Content-Type: application/problem+json", "Content-Length: n", DenyAll],
    };

    [Fact]
    public async Task Headers_OfEveryDocumentedAnswer_AreExactlyTheseOnes()
    {
        await using var drop = await RunningDrop.SetUpAsync(options => new()
        {
            Drop = options.Drop, Source = options.Source, Reviewer = options.Reviewer, DeadDrop = new() { PublishAtOnce = true },
        });
        var (seen, wrong) = (new HashSet<string>(), new List<string>());
        foreach (var asked in await DocumentedAnswers.AllAsync(drop))
            await CompareAsync(drop, asked, seen, wrong);
        var failing = await DocumentedAnswers.BeforeTheStoresFailAsync(drop);
        await drop.LoseStoresAsync();
        await drop.Server.Timer.LookAsync(CancellationToken.None);
        foreach (var asked in failing)
            await CompareAsync(drop, asked, seen, wrong);
        Assert.Equal([], wrong);
        var (source, reviewer) = await drop.Server.DescribeAsync(CancellationToken.None);
        var documented = Documented(source, "source").Concat(Documented(reviewer, "reviewer"))
            .Where(answer => !answer.EndsWith(" 408", StringComparison.Ordinal) && !NotAsked.Any(not => answer.EndsWith(not, StringComparison.Ordinal)));
        Assert.Equal([], documented.Where(answer => !seen.Contains(answer)));
    }

    private static async Task CompareAsync(RunningDrop drop, Asked asked, HashSet<string> seen, List<string> wrong)
    {
        var address = (asked.IsSource ? drop.Source : drop.Reviewers).BaseAddress!;
        var answer = await RawClients.AskAsync(address, asked.Request, patienceInMilliseconds: 30_000);
        if (!answer.StartsWith($"HTTP/1.1 {asked.Status} ", StringComparison.Ordinal))
        {
            wrong.Add($"{asked.Route}: wanted {asked.Status}, got {answer[..Math.Min(400, answer.Length)]}");
            return;
        }
        var lines = answer[..answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n")[1..]
            .Select(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal) ? "Content-Length: n" : line);
        var expected = Everywhere.Concat(Kinds[asked.Kind]).Concat(asked.More).Order(StringComparer.Ordinal);
        if (!expected.SequenceEqual(lines.Order(StringComparer.Ordinal)))
            wrong.Add($"{asked.Route} {asked.Status}: {string.Join("\n", lines.Except(expected).Select(line => "+ " + line).Concat(expected.Except(lines).Select(line => "- " + line)))}");
        seen.Add($"{(asked.IsSource ? "source" : "reviewer")} {asked.Route} {asked.Status}");
    }

    private static IEnumerable<string> Documented(string json, string listener)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().SelectMany(method =>
            method.Value.GetProperty("responses").EnumerateObject().Select(answer => $"{listener} {method.Name.ToUpperInvariant()} {path.Name} {answer.Name}")))];
    }
}
