using System.Globalization;
using System.Text;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Replies;
using SecureDrop.Tests.Server.SourceApi.Plain;

namespace SecureDrop.Tests.Server.Privacy;

/// <summary>A request, and what is to come: status, kind of answer, and header lines beyond that kind's.</summary>
internal sealed record Asked(bool IsSource, string Route, int Status, string Kind, byte[] Request, params string[] More);

/// <summary>Requests that get every status of every route.</summary>
internal static class DocumentedAnswers
{
    private const string Id = "00000000000000000000000000000000";
    private const string Old = "1999-12-31";

    public static async Task<List<Asked>> AllAsync(RunningDrop drop)
    {
        const string Report = "/api/v1/reports/{id}";
        const string Octets = "application/octet-stream";
        const string Json = "application/json";
        var (one, two, other) = (await UploadClient.NewAsync(drop.Source), await UploadClient.NewAsync(drop.Source), await UploadClient.NewAsync(drop.Source));
        var (text, large) = (SealedBytes.Text(), UploadClient.Cut(SealedBytes.Large()));
        string Ticket(UploadClient upload) => $"Ticket: {upload.Paid()}\r\n";
        var commit = Encoding.ASCII.GetBytes($"{{\"parts\":{large.Count},\"bytes\":{large.Sum(part => part.Length)}}}");
        var day = drop.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var session = $"Authorization: Bearer {await drop.LogInAsync(drop.DropKeys.Alice)}\r\n";
        await drop.Server.Timer.LookAsync(CancellationToken.None);
        var all = new List<Asked>
        {
            new(true, "GET /", 200, "page", Get("/")), new(true, "POST /", 405, "problem", With("POST", "/", "", "", []), "Allow: GET"),
            new(true, "GET /nothing", 404, "problem", Get("/nothing")), new(true, "GET / host", 421, "problem", "GET / HTTP/1.1\r\nHost: other\r\n\r\n"u8.ToArray()),
            new(true, "GET /plain", 200, "plain", Get("/plain")), new(true, "PUT /plain", 405, "plain", With("PUT", "/plain", "", "", []), "Allow: GET, POST"),
            new(true, "POST /plain", 400, "plain", With("POST", "/plain", "", "text/plain", "x"u8)),
            new(true, "POST /plain", 200, "plain", With("POST", "/plain", "", $"multipart/form-data; boundary={Forms.Boundary}", Forms.Of(text))),
            new(true, "POST /plain", 413, "plain", Huge("POST", "/plain", "multipart/form-data; boundary=b", ""), "Connection: close"),
            new(true, "GET /api/v1/roster", 200, "signed", Get("/api/v1/roster")), new(true, "GET /api/v1/roster", 400, "problem", Get("/api/v1/roster?a")),
            new(true, "GET /api/v1/ticket", 200, "json", Get("/api/v1/ticket")), new(true, "GET /api/v1/ticket", 400, "problem", Get("/api/v1/ticket?a")),
            new(true, "GET /api/v1/dead-drops", 200, "json", Get("/api/v1/dead-drops")), new(true, "GET /api/v1/dead-drops", 400, "problem", Get("/api/v1/dead-drops?a")),
            new(true, "GET /api/v1/dead-drops/{day}/{shard}", 400, "problem", Get("/api/v1/dead-drops/x/0")),
            new(true, "GET /api/v1/dead-drops/{day}/{shard}", 200, "octets", Get($"/api/v1/dead-drops/{day}/0")),
            new(true, "GET /api/v1/dead-drops/{day}/{shard}", 404, "problem", Get($"/api/v1/dead-drops/{Old}/0")),
            new(true, "PUT " + Report, 403, "problem", With("PUT", $"/api/v1/reports/{Id}", "", Octets, text)),
            new(true, "PUT " + Report, 400, "problem", With("PUT", $"/api/v1/reports/{one.Id}", Ticket(one), "text/plain", text)),
            new(true, "PUT " + Report, 413, "problem", Huge("PUT", $"/api/v1/reports/{one.Id}", Octets, Ticket(one)), "Connection: close"),
            new(true, "PUT " + Report, 204, "nothing", With("PUT", $"/api/v1/reports/{one.Id}", Ticket(one), Octets, text)),
            new(true, "PUT " + Report, 409, "problem", With("PUT", $"/api/v1/reports/{one.Id}", Ticket(one), Octets, SealedBytes.Text())),
            new(true, "GET " + Report + "/parts", 200, "json", Get($"/api/v1/reports/{one.Id}/parts")), new(true, "GET " + Report + "/parts", 400, "problem", Get("/api/v1/reports/x/parts")),
            new(true, "PUT " + Report + "/parts/{n}", 400, "problem", With("PUT", $"/api/v1/reports/{two.Id}/parts/00", Ticket(two), Octets, large[0])),
            new(true, "PUT " + Report + "/parts/{n}", 403, "problem", With("PUT", $"/api/v1/reports/{Id}/parts/0", "", Octets, large[0])),
            new(true, "PUT " + Report + "/parts/{n}", 413, "problem", Huge("PUT", $"/api/v1/reports/{two.Id}/parts/0", Octets, Ticket(two)), "Connection: close"),
            new(true, "POST " + Report + "/commit", 400, "problem", With("POST", $"/api/v1/reports/{two.Id}/commit", Ticket(two), Json, commit)),
        };
        all.AddRange(large.Select((part, n) => new Asked(true, "PUT " + Report + "/parts/{n}", 204, "nothing", With("PUT", $"/api/v1/reports/{two.Id}/parts/{n}", Ticket(two), Octets, part))));
        all.AddRange(
        [
            new(true, "PUT " + Report + "/parts/{n}", 409, "problem", With("PUT", $"/api/v1/reports/{two.Id}/parts/1", Ticket(two), Octets, large[0])),
            new(true, "POST " + Report + "/commit", 403, "problem", With("POST", $"/api/v1/reports/{Id}/commit", "", Json, commit)),
            new(true, "POST " + Report + "/commit", 413, "problem", With("POST", $"/api/v1/reports/{two.Id}/commit", Ticket(two), Json, new byte[1025])),
            new(true, "POST " + Report + "/commit", 204, "nothing", With("POST", $"/api/v1/reports/{two.Id}/commit", Ticket(two), Json, commit)),
            // Committed as a text, it cannot be one in parts as well.
            new(true, "POST " + Report + "/commit", 409, "problem", With("POST", $"/api/v1/reports/{two.Id}/commit", Ticket(two), Json, Encoding.ASCII.GetBytes("{\"parts\":1,\"bytes\":" + large.Sum(part => part.Length) + "}"))),
            new(false, "GET /", 404, "problem", Get("/")), new(false, "GET /openapi.json", 200, "signed", Get("/openapi.json")), new(false, "GET /plain", 404, "problem", Get("/plain")),
            new(false, "GET /health/live", 200, "json", Get("/health/live")), new(false, "GET /health/ready", 200, "json", Get("/health/ready")),
            new(false, "GET /metrics", 200, "metrics", Get("/metrics")), new(false, "DELETE /metrics", 405, "problem", With("DELETE", "/metrics", "", "", []), "Allow: GET"),
            new(false, "GET /api/v1/roster", 200, "signed", Get("/api/v1/roster")),
            new(false, "GET /api/v1/roster/earlier", 200, "signed", Get("/api/v1/roster/earlier")), new(false, "GET /api/v1/status", 200, "json", Get("/api/v1/status")),
            new(false, "POST /api/v1/roster", 405, "problem", With("POST", "/api/v1/roster", "", "", []), "Allow: GET, PUT"),
            new(false, "POST /api/v1/session/challenge", 200, "json", With("POST", "/api/v1/session/challenge", "", "", [])),
            new(false, "GET /api/v1/days", 200, "json", Get("/api/v1/days", session)), new(false, "GET /api/v1/days", 401, "problem", Get("/api/v1/days"), "WWW-Authenticate: Bearer"),
            new(false, "DELETE /api/v1/days/{day}", 400, "problem", With("DELETE", "/api/v1/days/x", session, "", [])),
            new(false, "DELETE /api/v1/days/{day}", 401, "problem", With("DELETE", $"/api/v1/days/{day}", "", "", []), "WWW-Authenticate: Bearer"),
            new(false, "DELETE /api/v1/days/{day}", 404, "problem", With("DELETE", $"/api/v1/days/{Old}", session, "", [])),
            new(false, "DELETE /api/v1/days/{day}", 200, "json", With("DELETE", $"/api/v1/days/{day}", session, "", [])),
        ]);
        foreach (var (list, kind) in new[] { ("reports", "json"), ("texts", "stream"), ("copies", "octets") })
        {
            var route = $"GET /api/v1/days/{{day}}/{list}";
            all.AddRange([new(false, route, 200, kind, Get($"/api/v1/days/{day}/{list}", session)), new(false, route, 401, "problem", Get($"/api/v1/days/{day}/{list}"), "WWW-Authenticate: Bearer"),
                new(false, route, 400, "problem", Get($"/api/v1/days/x/{list}", session))]);
        }
        await other.PutTextAsync(text);
        var stored = (await drop.Stores.Reports.ListReportsAsync(drop.Today, null, 1, CancellationToken.None))[0].Id;
        const string Ranges = "Accept-Ranges: bytes";
        all.AddRange(
        [
            new(false, "GET " + Report, 200, "octets", Get($"/api/v1/reports/{stored}", session), Ranges), new(false, "GET " + Report, 206, "octets", Get($"/api/v1/reports/{stored}", session + "Range: bytes=0-9\r\n"), Ranges, $"Content-Range: bytes 0-9/{text.Length}"),
            new(false, "GET " + Report, 416, "problem", Get($"/api/v1/reports/{stored}", session + "Range: bytes=999999-\r\n"), Ranges, $"Content-Range: bytes */{text.Length}"),
            new(false, "GET " + Report, 400, "problem", Get("/api/v1/reports/x", session)), new(false, "GET " + Report, 401, "problem", Get($"/api/v1/reports/{stored}"), "WWW-Authenticate: Bearer"),
            new(false, "GET " + Report, 404, "problem", Get($"/api/v1/reports/{Id}", session)),
        ]);
        var batch = DeadDropBatch.Write(Batches.New());
        all.AddRange(
        [
            new(false, "POST /api/v1/dead-drop", 204, "nothing", With("POST", "/api/v1/dead-drop", session, Octets, batch)),
            new(false, "POST /api/v1/dead-drop", 409, "problem", With("POST", "/api/v1/dead-drop", session, Octets, DeadDropBatch.Write(Batches.New(shard: 1)))),
            new(false, "POST /api/v1/dead-drop", 400, "problem", With("POST", "/api/v1/dead-drop", session, Octets, "x"u8)),
            new(false, "POST /api/v1/dead-drop", 401, "problem", With("POST", "/api/v1/dead-drop", "", Octets, "x"u8), "WWW-Authenticate: Bearer"),
            new(false, "POST /api/v1/dead-drop", 413, "problem", Huge("POST", "/api/v1/dead-drop", Octets, session), "Connection: close"),
        ]);
        all.AddRange(await StatementsAsync(drop));
        return all;
    }

    private static async Task<List<Asked>> StatementsAsync(RunningDrop drop)
    {
        var keys = drop.DropKeys;
        using var stranger = MinisignKeyPair.Generate();
        static byte[] Signed(StatementPurpose purpose, byte[] statement, MinisignKeyPair by) => Bytes(SignedStatement.Sign(purpose, statement, by));
        static byte[] Bytes(SignedStatement signed) => RunningDrop.Json(signed).ReadAsByteArrayAsync().GetAwaiter().GetResult();
        var all = new List<Asked>();
        void Add(string path, int status, byte[] body) =>
            all.Add(new(false, $"{(path == "session" ? "POST" : "PUT")} /api/v1/{path}", status, status == 204 ? "nothing" : status == 200 ? "json" : "problem", With(path == "session" ? "POST" : "PUT", $"/api/v1/{path}", "", "application/json", body)));
        byte[] Recipient(long serial, MinisignKeyPair by, int days = 7) => Signed(StatementPurpose.Recipient, new Crypto.Rosters.RecipientStatement(
            keys.Drop.PublicKey, by.PublicKey, serial, keys.Alice.Age.Recipient, drop.Today, drop.Today.AddDays(days)).Write(), by);
        byte[] Successor(MinisignKeyPair from, MinisignPublicKey to) => Signed(StatementPurpose.Successor, new Crypto.Rosters.Successor(from.PublicKey, to).Write(), from);
        foreach (var path in new[] { "roster", "recipient", "successor", "session" })
        {
            Add(path, 400, "{}"u8.ToArray());
            all.Add(new(false, $"{(path == "session" ? "POST" : "PUT")} /api/v1/{path}", 413, "problem", Huge(path == "session" ? "POST" : "PUT", $"/api/v1/{path}", "application/json", ""), "Connection: close"));
        }
        Add("roster", 403, Signed(StatementPurpose.Roster, drop.NewRoster(2).Write(), stranger));
        Add("roster", 204, Signed(StatementPurpose.Roster, drop.NewRoster(2).Write(), keys.Drop));
        Add("roster", 409, Signed(StatementPurpose.Roster, drop.NewRoster(1).Write(), keys.Drop));
        Add("recipient", 403, Recipient(1, stranger));
        Add("recipient", 204, Recipient(2, keys.Alice.Signing));
        Add("recipient", 409, Recipient(1, keys.Alice.Signing));
        Add("successor", 403, Successor(stranger, keys.Alice.Session.PublicKey));
        for (var n = 0; n <= Crypto.Rosters.RosterAcceptance.MostPendingSuccessors; n++)
        {
            using var next = MinisignKeyPair.Generate();
            Add("successor", n < Crypto.Rosters.RosterAcceptance.MostPendingSuccessors ? 204 : 409, Successor(keys.Drop, next.PublicKey));
        }
        var origin = drop.Server.ReviewerAddress;
        byte[] Login(string challenge) => Signed(StatementPurpose.Session, new SecureDrop.Crypto.Rosters.SessionStatement(origin, challenge, keys.Bob.Session.PublicKey).Write(), keys.Bob.Session);
        Add("session", 403, Login("nonsense"));
        Add("session", 200, Login(await drop.ChallengeAsync()));
        return all;
    }

    /// <summary>The same calls where every store fails: the client is told to try again, and nothing else.</summary>
    public static async Task<List<Asked>> BeforeTheStoresFailAsync(RunningDrop drop)
    {
        var upload = await UploadClient.NewAsync(drop.Source);
        var (ticket, session) = ($"Ticket: {upload.Paid()}\r\n", $"Authorization: Bearer {await drop.LogInAsync(drop.DropKeys.Bob)}\r\n");
        var day = drop.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var signed = await RunningDrop.Json(SignedStatement.Sign(StatementPurpose.Roster, drop.NewRoster(3).Write(), drop.DropKeys.Drop)).ReadAsByteArrayAsync();
        var all = new List<Asked>();
        void Add(bool isSource, string route, byte[] request) =>
            all.Add(new(isSource, route, 503, route.EndsWith("/plain", StringComparison.Ordinal) ? "plain" : "problem", request, "Retry-After: 10"));
        foreach (var path in new[] { "/plain", "/api/v1/roster", "/api/v1/ticket", "/api/v1/dead-drops" })
            Add(true, "GET " + path, Get(path));
        Add(true, "POST /plain", With("POST", "/plain", "", $"multipart/form-data; boundary={Forms.Boundary}", Forms.Of(SealedBytes.Text())));
        Add(true, "GET /api/v1/dead-drops/{day}/{shard}", Get($"/api/v1/dead-drops/{day}/0"));
        Add(true, "GET /api/v1/reports/{id}/parts", Get($"/api/v1/reports/{upload.Id}/parts"));
        Add(true, "PUT /api/v1/reports/{id}", With("PUT", $"/api/v1/reports/{upload.Id}", ticket, "application/octet-stream", SealedBytes.Text()));
        Add(true, "PUT /api/v1/reports/{id}/parts/{n}", With("PUT", $"/api/v1/reports/{upload.Id}/parts/1", ticket, "application/octet-stream", new byte[9]));
        Add(true, "POST /api/v1/reports/{id}/commit", With("POST", $"/api/v1/reports/{upload.Id}/commit", ticket, "application/json", "{\"parts\":2,\"bytes\":2000000}"u8));
        all.Add(new(false, "GET /health/ready", 503, "problem", Get("/health/ready"), "Retry-After: 60"));
        Add(false, "GET /api/v1/roster", Get("/api/v1/roster"));
        Add(false, "GET /api/v1/roster/earlier", Get("/api/v1/roster/earlier"));
        foreach (var path in new[] { "roster", "recipient", "successor" })
            Add(false, $"PUT /api/v1/{path}", With("PUT", $"/api/v1/{path}", "", "application/json", signed));
        var login = new Crypto.Rosters.SessionStatement(drop.Server.ReviewerAddress, await drop.ChallengeAsync(), drop.DropKeys.Bob.Session.PublicKey).Write();
        Add(false, "POST /api/v1/session", With("POST", "/api/v1/session", "", "application/json",
            await RunningDrop.Json(SignedStatement.Sign(StatementPurpose.Session, login, drop.DropKeys.Bob.Session)).ReadAsByteArrayAsync()));
        Add(false, "GET /api/v1/days", Get("/api/v1/days", session));
        foreach (var list in new[] { "reports", "texts", "copies" })
            Add(false, $"GET /api/v1/days/{{day}}/{list}", Get($"/api/v1/days/{day}/{list}", session));
        Add(false, "GET /api/v1/reports/{id}", Get($"/api/v1/reports/{Id}", session));
        Add(false, "POST /api/v1/dead-drop", With("POST", "/api/v1/dead-drop", session, "application/octet-stream", DeadDropBatch.Write(Batches.New())));
        Add(false, "DELETE /api/v1/days/{day}", With("DELETE", $"/api/v1/days/{day}", session, "", []));
        return all;
    }

    private static byte[] Get(string path, string headers = "") => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");

    private static byte[] Huge(string method, string path, string type, string headers) =>
        Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Type: {type}\r\nContent-Length: 10737418240\r\n\r\n");

    private static byte[] With(string method, string path, string headers, string type, ReadOnlySpan<byte> body) =>
        [.. Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}{(type == "" ? "" : $"Content-Type: {type}\r\n")}Content-Length: {body.Length}\r\n\r\n"), .. body];
}
