using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Replies;
using Xunit;

namespace SecureDrop.Tests.Server.Privacy;

/// <summary>
/// Requests that are nearly right, spoilt at random, on the wires of both listeners: never a 5xx, never a word in the log, and
/// what the stores hold is afterwards what it was before. <c>SECUREDROP_FUZZ_SEED</c> and <c>SECUREDROP_FUZZ_REQUESTS</c> replay
/// or lengthen a run; a failure prints its seed and number.
/// </summary>
public sealed class RawBytesTests
{
    private const string Id = "00000000000000000000000000000000";
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("source")]
    [InlineData("reviewer")]
    public async Task Listener_SentSpoiltRequests_No5xxAndTheStoresAreAsBefore(string listener)
    {
        var seed = Setting("SECUREDROP_FUZZ_SEED", 20261124);
        var requests = Setting("SECUREDROP_FUZZ_REQUESTS", 600);
        await using var drop = await RunningDrop.SetUpAsync(options => new()
        {
            Drop = options.Drop, Source = options.Source, Reviewer = options.Reviewer, DeadDrop = new() { PublishAtOnce = true },
        });
        await FillAsync(drop);
        await drop.Server.Timer.LookAsync(None);
        var seeds = listener == "source" ? await SourceAsync(drop) : await ReviewerAsync(drop);
        var address = (listener == "source" ? drop.Source : drop.Reviewers).BaseAddress!;
        var before = await ContentsAsync(drop);
        var log = drop.Log.ToString();

        // Spoilt by nothing, each is answered by its handler and not by a parser before it: else the run would prove little.
        foreach (var (request, status) in seeds)
            Assert.StartsWith($"HTTP/1.1 {status}", await RawClients.AskAsync(address, request, patienceInMilliseconds: 30_000));
        Assert.Equal(before, await ContentsAsync(drop));

        var mutator = new RequestMutator((ulong)seed);
        var statuses = new SortedDictionary<string, int>();
        for (var n = 0; n < requests; n++)
        {
            var spoilt = mutator.Mutate(seeds[mutator.Below(seeds.Count)].Request, seeds[mutator.Below(seeds.Count)].Request);
            var answer = await RawClients.AskAsync(address, spoilt);
            // The one before may have left a body unfinished, and until its end is noticed its upload takes no other.
            for (var wait = 0; wait < 100 && answer.Contains("The drop is busy", StringComparison.Ordinal); wait++)
            {
                await Task.Delay(50);
                answer = await RawClients.AskAsync(address, spoilt);
            }
            foreach (Match match in Regex.Matches(answer, "^HTTP/1.1 (?<status>[0-9]{3}) ", RegexOptions.Multiline, TimeSpan.FromSeconds(10)))
                statuses[match.Groups["status"].Value] = statuses.GetValueOrDefault(match.Groups["status"].Value) + 1;
            // 505 is the web server's word for a version of HTTP that it does not speak, and no fault.
            Assert.False(
                Regex.IsMatch(answer, "^HTTP/1.1 5(?!05 )", RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10)) || drop.Log.ToString() != log,
                $"seed {seed}, request {n}: {drop.Log} {answer[..Math.Min(answer.Length, 200)]} for {Convert.ToBase64String(spoilt)}");
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{listener}: {requests} requests, seed {seed}: {string.Join(", ", statuses.Select(status => $"{status.Value} × {status.Key}"))}");
        Assert.Superset(new HashSet<string> { "200", "400", listener == "source" ? "403" : "401", "404", "405", "421" }, statuses.Keys.ToHashSet());
        Assert.Equal(before, await ContentsAsync(drop));
        (await drop.Source.GetAsync("/")).EnsureSuccessStatusCode().Dispose();
    }

    /// <summary>A text, a large report and a batch, so that there is something to spoil.</summary>
    private static async Task FillAsync(RunningDrop drop)
    {
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text()));
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutLargeAsync(SealedBytes.Large()));
        using var alice = await drop.LoggedInAsync(drop.DropKeys.Alice);
        using var batch = new ByteArrayContent(DeadDropBatch.Write(Batches.New()));
        batch.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var answer = await alice.PostAsync("/api/v1/dead-drop", batch);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private static async Task<List<(byte[] Request, string Status)>> SourceAsync(RunningDrop drop)
    {
        var upload = await UploadClient.NewAsync(drop.Source);
        var ticket = $"Ticket: {upload.Paid()}\r\n";
        // One byte short: whatever else is spoilt in it, its length is none that a report has.
        var text = SealedBytes.Text().SkipLast(1).ToArray();
        return
        [
            (Get("/"), "200"), (Get("/api/v1/roster"), "200"), (Get("/api/v1/ticket"), "200"), (Get("/api/v1/dead-drops"), "200"),
            (Get($"/api/v1/dead-drops/{drop.Today:yyyy-MM-dd}/0"), "200"), (Get("/api/v1/dead-drops/1999-12-31/0"), "404"), (Get($"/api/v1/reports/{upload.Id}/parts"), "200"),
            (With("PUT", $"/api/v1/reports/{upload.Id}", ticket, "application/octet-stream", text), "400"),
            (With("PUT", $"/api/v1/reports/{upload.Id}/parts/0", ticket, "application/octet-stream", new byte[3000]), "400"),
            (With("PUT", $"/api/v1/reports/{Id}/parts/1", ticket, "application/octet-stream", new byte[100]), "403"),
            (With("POST", $"/api/v1/reports/{upload.Id}/commit", ticket, "application/json", "{\"parts\":4,\"bytes\":3672085}"u8), "400"),
            (With("POST", $"/api/v1/reports/{Id}/commit", "", "application/json", "{}"u8), "403"),
            (Encoding.ASCII.GetBytes($"PUT /api/v1/reports/{upload.Id} HTTP/1.1\r\nHost: localhost\r\n{ticket}Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nage-e\r\n3;x=y\r\nncr\r\n0\r\nT: t\r\n\r\n"), "400"),
        ];
    }

    private static async Task<List<(byte[] Request, string Status)>> ReviewerAsync(RunningDrop drop)
    {
        var session = $"Authorization: Bearer {await drop.LogInAsync(drop.DropKeys.Alice)}\r\n";
        var day = drop.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var report = (await drop.Stores.Reports.ListReportsAsync(drop.Today, null, 10, None))[0].Id;
        using var stranger = MinisignKeyPair.Generate();
        var roster = await RunningDrop.Json(SignedStatement.Sign(StatementPurpose.Roster, drop.NewRoster(2).Write(), stranger), "token").ReadAsByteArrayAsync();
        var other = await RunningDrop.Json(SignedStatement.Sign(StatementPurpose.Recipient, "{}"u8.ToArray(), stranger)).ReadAsByteArrayAsync();
        return
        [
            (Get("/api/v1/roster"), "200"), (Get("/api/v1/status"), "200"), (Get("/openapi.json"), "200"), (Get("/health/live"), "200"), (Get("/health/ready"), "200"), (Get("/metrics"), "200"), (Get("/api/v1/days"), "401"), (Get("/api/v1/days", session), "200"),
            (Get($"/api/v1/days/{day}/reports?after={Id}", session), "200"), (Get($"/api/v1/days/{day}/texts?after={report}", session), "200"),
            (Get($"/api/v1/days/{day}/copies", session), "200"), (Get($"/api/v1/reports/{report}", session + "Range: bytes=10-20\r\n"), "206"),
            (With("POST", "/api/v1/session/challenge", "", "", []), "200"), (With("PUT", "/api/v1/roster", "", "application/json", roster), "403"),
            (With("PUT", "/api/v1/recipient", "", "application/json", other), "400"), (With("PUT", "/api/v1/successor", "", "application/json", other), "400"),
            (With("DELETE", "/api/v1/roster", "", "", []), "405"), (With("POST", "/api/v1/session", "", "application/json", other), "403"), (With("DELETE", "/api/v1/days/1999-12-31", session, "", []), "404"),
            (With("POST", "/api/v1/dead-drop", session, "application/octet-stream", DeadDropBatch.Write(Batches.New()).AsSpan()[..^1]), "400"),
        ];
    }

    private static byte[] Get(string path, string headers = "") => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");

    private static byte[] With(string method, string path, string headers, string type, ReadOnlySpan<byte> body) =>
        [.. Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}{(type == "" ? "" : $"Content-Type: {type}\r\n")}Content-Length: {body.Length}\r\n\r\n"), .. body];

    /// <summary>Everything that a caller could see of the stores, and what is never shown, as one text.</summary>
    private static async Task<string> ContentsAsync(RunningDrop drop)
    {
        var (stores, text) = (drop.Stores, new StringBuilder());
        foreach (var day in await stores.Reports.ListDaysAsync(None))
        {
            text.AppendLine(day.ToString());
            foreach (var report in await stores.Reports.ListReportsAsync(day.Day, null, 1000, None))
            {
                text.AppendLine(report.ToString());
                for (var n = 0; n < Math.Max(1, report.Parts); n++)
                    text.AppendLine(Convert.ToHexString(SHA256.HashData((await stores.Reports.ReadPartAsync(day.Day, report.Id, n, None))!.Value.Span)));
            }
        }
        foreach (var day in await stores.DeadDrops.ListAsync(None))
        {
            text.AppendLine($"{day.Day} {day.ShardBits} {day.IsPublished}");
            foreach (var slot in await stores.DeadDrops.ReadSlotsAsync(day.Day, 0, null, 1000, None))
                text.AppendLine(Convert.ToHexString(SHA256.HashData(slot.Span)));
            foreach (var copy in await stores.DeadDrops.ReadCopiesAsync(day.Day, null, 1000, None))
                text.AppendLine($"{copy.Id} {Convert.ToHexString(SHA256.HashData(copy.SealedBytes.Span))}");
        }
        var roster = (await stores.Rosters.ReadAsync(None))!;
        text.AppendLine($"{roster.Revision} {Convert.ToHexString(SHA256.HashData(roster.Answer.Span))} {await stores.Rosters.ReadSetupTokenHashAsync(None)}");
        text.AppendJoin(' ', await stores.Days.ListKeyDaysAsync(None)).AppendLine();
        text.AppendJoin(' ', await stores.Days.ListEarlyEndsAsync(None)).AppendLine();
        text.AppendJoin(' ', await stores.Reports.ListOpenDaysAsync(None)).AppendLine();
        return text.ToString();
    }

    private static long Setting(string name, long otherwise) =>
        long.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
