using System.Net.Http.Headers;
using System.Text.Json;
using SecureDrop.Crypto.ProofOfWork;

namespace SecureDrop.Benchmarks.Flood;

/// <summary>Floods of whole requests: some hundred connections, on each of which one request follows the other.</summary>
internal sealed class Floods : IDisposable
{
    private readonly HttpClient _http;
    private readonly int _connections;
    private readonly byte[] _text;
    private string[] _tickets = [];
    private int _next = -1;

    internal Floods(Uri server, int connections, byte[] text)
    {
        _connections = connections;
        _text = text;
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
        {
            BaseAddress = server, Timeout = TimeSpan.FromSeconds(30),
        };
    }

    internal Tally Tally { get; private set; } = new();

    /// <summary>Tickets fetched beforehand, at what they cost then.</summary>
    internal async Task HoardAsync(int tickets)
    {
        _tickets = new string[tickets];
        await Parallel.ForAsync(0, tickets, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (n, cancel) =>
        {
            using JsonDocument answer = JsonDocument.Parse(await _http.GetByteArrayAsync("/api/v1/ticket", cancel));
            _tickets[n] = answer.RootElement.GetProperty("ticket").GetString()!;
        });
        Tally = new Tally();
    }

    /// <summary>Uploads as good as any, each under a ticket of its own that costs nothing any more.</summary>
    internal Task TextsAsync(CancellationToken stop) => RunAsync(n => Put(Take(n), "", _text, 0), stop);

    /// <summary>The same without a ticket: the whole body is sent for nothing.</summary>
    internal Task TextsWithoutTicketsAsync(CancellationToken stop) => RunAsync(_ => new HttpRequestMessage(HttpMethod.Put, $"/api/v1/reports/{new string('0', 32)}") { Content = Octets(_text) }, stop);

    /// <summary>Good tickets with nonces that pay nothing: each costs the server a PBKDF2.</summary>
    internal Task BogusNoncesAsync(CancellationToken stop) => RunAsync(n => Put(Take(n), "", [1], n), stop);

    /// <summary>One part of each of thousands of uploads that nobody ends.</summary>
    internal Task OpenUploadsAsync(CancellationToken stop) => RunAsync(n => Put(Take(n), $"/parts/{1 + (n / Math.Max(1, _tickets.Length))}", _text, 0), stop);

    /// <summary>Numbers of parts that no report has.</summary>
    internal Task PartsOutOfRangeAsync(CancellationToken stop) => RunAsync(n => Put(Take(n), $"/parts/{5122 + n}", [1], 0), stop);

    /// <summary>What every visit asks, over and over.</summary>
    internal Task SmallRequestsAsync(int most, CancellationToken stop) => RunAsync(n => n >= most ? null : new HttpRequestMessage(HttpMethod.Get, (n % 4) switch
    {
        0 => "/api/v1/roster",
        1 => "/api/v1/ticket",
        2 => "/api/v1/dead-drops",
        _ => $"/api/v1/reports/{n:x32}/parts",
    }), stop);

    public void Dispose() => _http.Dispose();

    private string Take(int n) => _tickets[n % _tickets.Length];

    private static HttpRequestMessage Put(string ticket, string path, byte[] body, int nonce)
    {
        HttpRequestMessage request = new(HttpMethod.Put, $"/api/v1/reports/{Convert.ToHexStringLower(Ticket.UploadId(ticket))}{path}") { Content = Octets(body) };
        request.Headers.Add("Ticket", $"{ticket}.{(nonce):x8}");
        return request;
    }

    private static ByteArrayContent Octets(byte[] body)
    {
        ByteArrayContent content = new(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return content;
    }

    private Task RunAsync(Func<int, HttpRequestMessage?> next, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, _connections).Select(_ => Task.Run(async () =>
    {
        while (!stop.IsCancellationRequested)
        {
            using HttpRequestMessage? request = next(Interlocked.Increment(ref _next));
            if (request is null)
            {
                return;
            }

            try
            {
                using HttpResponseMessage answer = await _http.SendAsync(request, stop);
                Tally.Answered(answer.StatusCode);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
            {
                if (!stop.IsCancellationRequested)
                {
                    Tally.Broke();
                }
            }
        }
    }, CancellationToken.None)));
}
