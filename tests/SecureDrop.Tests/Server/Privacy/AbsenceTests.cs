using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Xunit;

namespace SecureDrop.Tests.Server.Privacy;

/// <summary>
/// What is not there is not there in one way: unknown, expired, not yet, wrong. Status, body and headers are equal byte for byte;
/// time is compared as a whole, by the chance that one answer of a kind takes longer than one of the other.
/// </summary>
public sealed class AbsenceTests
{
    /// <summary>Pairs of answers in a round. The deviation of the chance from one half, by chance alone, is then some 0.02.</summary>
    private const int Pairs = 300;

    /// <summary>As far as the chance may be from one half. Generous: other programs run on this machine.</summary>
    private const double Bound = 0.15;

    private const int Rounds = 4;

    /// <summary>
    /// Cases in which less has to be looked at, which tells nobody anything: whoever sends none knows it; whether a key is a reviewer's stands in
    /// the roster; and whose ticket it is knows how old it is, and which upload it is for.
    /// </summary>
    private static readonly string[] SaysWhatItsSenderKnows =
        ["none", "a key of nobody", "another's signature", "another origin", "nonsense", "one too old", "one for another upload"];

    [Theory]
    [InlineData("dead drops")]
    [InlineData("parts")]
    [InlineData("reports")]
    [InlineData("sessions")]
    [InlineData("logins")]
    [InlineData("tickets")]
    [InlineData("days")]
    public async Task WhatIsNotThere_UnknownExpiredOrWrong_OneAnswer(string what)
    {
        await using var drop = await RunningDrop.SetUpAsync(options => new()
        {
            Drop = options.Drop, Source = options.Source, Reviewer = options.Reviewer, Retention = new() { ReportDays = 8, DeadDropDays = 1 },
        });
        var session = await PrepareAsync(drop);
        var answers = new Dictionary<string, List<string>>();
        foreach (var (name, ask) in await CasesAsync(drop, session, what))
        {
            using var request = ask();
            using var answer = await ClientOf(drop, what).SendAsync(request);
            var text = $"{(int)answer.StatusCode}\n{answer.Headers}{answer.Content.Headers}\n{await answer.Content.ReadAsStringAsync()}";
            answers.TryAdd(text, []);
            answers[text].Add(name);
        }
        Assert.True(answers.Count == 1, string.Join("\n\n", answers.Select(answer => $"{string.Join(", ", answer.Value)}: {answer.Key}")));
    }

    [Theory]
    [InlineData("dead drops")]
    [InlineData("parts")]
    [InlineData("reports")]
    [InlineData("sessions")]
    [InlineData("days")]
    [InlineData("logins")]
    [InlineData("tickets")]
    public async Task WhatIsNotThere_ByTheTimeItTakes_CannotBeTold(string what)
    {
        await using var drop = await RunningDrop.SetUpAsync(options => new()
        {
            Drop = options.Drop, Source = options.Source, Reviewer = options.Reviewer, Retention = new() { ReportDays = 8, DeadDropDays = 1 },
        });
        var session = await PrepareAsync(drop);
        var cases = (await CasesAsync(drop, session, what)).Where(each => !SaysWhatItsSenderKnows.Contains(each.Name)).ToList();
        var client = ClientOf(drop, what);
        for (var n = 0; n < 100; n++)
            await TimeAsync(client, cases[n % cases.Count].Ask);
        foreach (var (name, ask) in cases.Skip(1))
        {
            var chance = 0.5;
            for (var round = 0; round < Rounds; round++)
            {
                var (first, second) = (new List<long>(Pairs), new List<long>(Pairs));
                // Interleaved, and which comes first changes: whatever else the machine does falls on both.
                for (var n = 0; n < Pairs; n++)
                {
                    if (n % 2 == 0)
                        first.Add(await TimeAsync(client, cases[0].Ask));
                    second.Add(await TimeAsync(client, ask));
                    if (n % 2 == 1)
                        first.Add(await TimeAsync(client, cases[0].Ask));
                }
                chance = ChanceOfLonger(first, second);
                if (Math.Abs(chance - 0.5) < Bound)
                    break;
            }
            TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {cases[0].Name} and {name}: {chance:F3}");
            Assert.True(Math.Abs(chance - 0.5) < Bound, $"{cases[0].Name} and {name} can be told apart by their time: {chance:F3}");
        }
    }

    [Fact]
    public void ChanceOfLonger_OfKnownSamples_IsMannWhitneysU()
    {
        Assert.Equal(0.5, ChanceOfLonger([1, 2, 3], [1, 2, 3]));
        Assert.Equal(1, ChanceOfLonger([1, 2], [3, 4]));
        Assert.Equal(0, ChanceOfLonger([3, 4], [1, 2]));
        Assert.Equal(0.75, ChanceOfLonger([1, 3], [2, 4]));
    }

    private static HttpClient ClientOf(RunningDrop drop, string what) => what is "dead drops" or "parts" or "tickets" ? drop.Source : drop.Reviewers;

    /// <summary>A drop that has lived: reports of an ended day, a day whose dead drop is gone, one that is hidden yet.</summary>
    private static async Task<Lived> PrepareAsync(RunningDrop drop)
    {
        var first = drop.Today;
        var upload = await UploadClient.NewAsync(drop.Source);
        Assert.Equal(HttpStatusCode.NoContent, await upload.PutTextAsync(SealedBytes.Text()));
        var report = (await drop.Stores.Reports.ListReportsAsync(first, null, 1, CancellationToken.None))[0].Id.ToString();
        // Days end one an hour at most.
        for (var day = 1; day <= 10; day++)
            await drop.AdvanceToAsync(first.AddDays(day));
        for (var hour = 0; hour < 6; hour++)
            await drop.AdvanceAsync(TimeSpan.FromMinutes(61));
        Assert.Null(await drop.Stores.Reports.FindAsync(SecureDrop.Server.Storage.StoredId.TryParse(report, out var id) ? id : default, CancellationToken.None));
        using (await drop.PutRosterAsync(drop.NewRoster(2)))
        {
            var old = await drop.LogInAsync(drop.DropKeys.Alice);
            var staleChallenge = await drop.ChallengeAsync();
            var stale = await UploadClient.NewAsync(drop.Source);
            drop.Time.Advance(TimeSpan.FromMinutes(61));
            return new Lived(await drop.LogInAsync(drop.DropKeys.Alice), old, staleChallenge, upload, stale, report, first);
        }
    }

    private sealed record Lived(string Token, string OldToken, string StaleChallenge, UploadClient Expired, UploadClient Stale, string Report, DateOnly First);

    private static async Task<List<(string Name, Func<HttpRequestMessage> Ask)>> CasesAsync(RunningDrop drop, Lived lived, string what)
    {
        HttpRequestMessage Get(string path, string? token = null, HttpMethod? method = null)
        {
            var request = new HttpRequestMessage(method ?? HttpMethod.Get, "/api/v1/" + path);
            if (token is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return request;
        }
        string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        const string Unknown = "0123456789abcdef0123456789abcdef";
        switch (what)
        {
            case "dead drops":
                return
                [
                    ("a day before the drop", () => Get("dead-drops/1999-12-31/0")), ("a day that has ended", () => Get($"dead-drops/{Day(lived.First)}/0")),
                    ("today, not yet published", () => Get($"dead-drops/{Day(drop.Today)}/0")), ("a day to come", () => Get($"dead-drops/{Day(drop.Today.AddDays(9))}/0")),
                    ("a shard there is not", () => Get($"dead-drops/{Day(drop.Today.AddDays(-1))}/1")),
                ];
            case "parts":
                return [("an unknown id", () => Get($"reports/{Unknown}/parts")), ("one whose day's key is gone", () => Get($"reports/{lived.Expired.Id}/parts")), ("one of a ticket not used", () => Get($"reports/{lived.Stale.Id}/parts"))];
            case "reports":
                return [("an unknown id", () => Get($"reports/{Unknown}", lived.Token)), ("one whose day has ended", () => Get($"reports/{lived.Report}", lived.Token)), ("an upload's id", () => Get($"reports/{lived.Expired.Id}", lived.Token))];
            case "sessions":
                return
                [
                    ("a token never given", () => Get("days", new string('A', lived.Token.Length))), ("one that is over", () => Get("days", lived.OldToken)),
                    ("another spelling of one", () => Get("days", lived.Token + "=")), ("none", () => Get("days")),
                ];
            case "days":
                return [("a day before the drop", () => Get("days/1999-12-31", lived.Token, HttpMethod.Delete)), ("a day that has ended", () => Get($"days/{Day(lived.First)}", lived.Token, HttpMethod.Delete)), ("a day to come", () => Get($"days/{Day(drop.Today.AddDays(9))}", lived.Token, HttpMethod.Delete))];
            case "logins":
                var fresh = await drop.ChallengeAsync();
                var bob = drop.DropKeys.Bob.Session;
                using (var stranger = Crypto.Minisign.MinisignKeyPair.Generate())
                {
                    var bodies = new (string Name, byte[] Body)[]
                    {
                        ("a challenge never given", Login(bob, "nonsense", drop.Server.ReviewerAddress)), ("one that is over", Login(bob, lived.StaleChallenge, drop.Server.ReviewerAddress)),
                        ("a key of nobody", Login(stranger, fresh, drop.Server.ReviewerAddress)),
                        ("another's signature", Login(bob.PublicKey, await drop.ChallengeAsync(), drop.Server.ReviewerAddress, stranger)), ("another origin", Login(bob, await drop.ChallengeAsync(), "http://elsewhere.example")),
                    };
                    return [.. bodies.Select(body => (body.Name, (Func<HttpRequestMessage>)(() => new HttpRequestMessage(HttpMethod.Post, "/api/v1/session") { Content = RunningDrop.Json(body.Body) })))];
                }
            default:
                var other = await UploadClient.NewAsync(drop.Source);
                var forged = new string('A', Crypto.ProofOfWork.Ticket.LengthInCharacters);
                HttpRequestMessage Put(string id, string? ticket)
                {
                    var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/reports/{id}") { Content = new ByteArrayContent(SealedBytes.Text()) };
                    request.Content.Headers.ContentType = new("application/octet-stream");
                    if (ticket is not null)
                        request.Headers.Add("Ticket", ticket);
                    return request;
                }
                return
                [
                    ("none", () => Put(Unknown, null)), ("one too old", () => Put(lived.Stale.Id, lived.Stale.Paid())), ("one of a day whose key is gone", () => Put(lived.Expired.Id, lived.Expired.Paid())),
                    ("one for another upload", () => Put(Unknown, other.Paid())), ("nonsense", () => Put(Unknown, "nonsense")), ("a forged one", () => Put(Convert.ToHexStringLower(Crypto.ProofOfWork.Ticket.UploadId(forged)), forged + ".00")),
                ];
        }
    }

    private static byte[] Login(Crypto.Minisign.MinisignKeyPair key, string challenge, string origin) => Login(key.PublicKey, challenge, origin, key);

    private static byte[] Login(Crypto.Minisign.MinisignPublicKey key, string challenge, string origin, Crypto.Minisign.MinisignKeyPair by) =>
        RunningDrop.Json(Crypto.Minisign.SignedStatement.Sign(Crypto.Minisign.StatementPurpose.Session, new Crypto.Rosters.SessionStatement(origin, challenge, key).Write(), by))
            .ReadAsByteArrayAsync().GetAwaiter().GetResult();

    private static async Task<long> TimeAsync(HttpClient client, Func<HttpRequestMessage> ask)
    {
        using var request = ask();
        var start = Stopwatch.GetTimestamp();
        using var answer = await client.SendAsync(request);
        return Stopwatch.GetTimestamp() - start;
    }

    /// <summary>Mann and Whitney's U over the number of pairs: the chance that one of the second took longer than one of the first.</summary>
    private static double ChanceOfLonger(List<long> first, List<long> second)
    {
        var sum = 0.0;
        foreach (var one in first)
            sum += second.Sum(other => other > one ? 1 : other == one ? 0.5 : 0);
        return sum / first.Count / second.Count;
    }
}
