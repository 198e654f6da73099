using System.Net.Http.Headers;
using System.Text.Json;
using SecureDrop.Crypto.ProofOfWork;

namespace SecureDrop.Benchmarks.Flood;

/// <summary>Floods of whole requests: some hundred connections, on each of which one request follows the answer to the one before.</summary>
internal sealed class Floods : IDisposable
{
    private readonly HttpClient _http;
    private readonly int _connections;
    private readonly byte[] _text;
    private readonly Tally _tally;
    private int _next = -1;

    internal Floods(Uri server, int connections, byte[] text, Tally tally)
    {
        (_connections, _text, _tally) = (connections, text, tally);
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
        {
            BaseAddress = server, Timeout = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>Tickets fetched beforehand, at what they cost then.</summary>
    internal async Task<string[]> HoardAsync(int count)
    {
        string[] tickets = new string[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (n, cancel) => tickets[n] = (await OfferAsync(cancel)).Ticket);
        return tickets;
    }

    /// <summary>Texts as good as any, under these tickets, which cost nothing any more.</summary>
    internal Task TextsAsync(string[] tickets, CancellationToken stop) => RunAsync(n => Put(tickets[n % tickets.Length], "", _text, 0), stop);

    /// <summary>Texts as good as any, each under a new ticket that is paid at the difficulty of the moment by one core of this machine.</summary>
    internal async Task TextsThatPayAsync(CancellationToken stop)
    {
        using SemaphoreSlim core = new(1);
        await RunAsync(async _ =>
        {
            (string ticket, int difficulty) = await OfferAsync(stop);
            await core.WaitAsync(stop);
            try
            {
                string value = Solution.Solve(ticket, 0, difficulty, stop);
                return Put(ticket, "", _text, value[(ticket.Length + 1)..]);
            }
            finally
            {
                core.Release();
            }
        }, stop);
    }

    /// <summary>Texts without a ticket: the whole body is sent for nothing.</summary>
    internal Task TextsWithoutTicketsAsync(CancellationToken stop) =>
        RunAsync(_ => new HttpRequestMessage(HttpMethod.Put, $"/api/v1/reports/{new string('0', 32)}") { Content = Octets(_text) }, stop);

    /// <summary>One part after another of uploads that nobody ends.</summary>
    internal Task PartsAsync(string[] tickets, int firstPart, byte[] part, CancellationToken stop) =>
        RunAsync(n => Put(tickets[n % tickets.Length], $"/parts/{firstPart + (n / tickets.Length)}", part, 0), stop);

    /// <summary>Numbers of parts that no report has.</summary>
    internal Task PartsOutOfRangeAsync(string[] tickets, CancellationToken stop) => RunAsync(n => Put(tickets[n % tickets.Length], $"/parts/{5122 + n}", [1], 0), stop);

    /// <summary>Sealed files through the form without JavaScript, and as many that are not sealed.</summary>
    internal Task FormsAsync(CancellationToken stop)
    {
        byte[][] forms = [Form(_text), Form(new byte[_text.Length])];
        return RunAsync(n =>
        {
            ByteArrayContent form = new(forms[n % 2]);
            form.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
            return new HttpRequestMessage(HttpMethod.Post, "/plain") { Content = form };
        }, stop);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>As a browser writes it.</summary>
    private static byte[] Form(byte[] file) =>
    [
        .. "--b\r\nContent-Disposition: form-data; name=\"sealed\"; filename=\"report.age\"\r\nContent-Type: application/octet-stream\r\n\r\n"u8, .. file, .. "\r\n--b--\r\n"u8,
    ];

    private async Task<(string Ticket, int Difficulty)> OfferAsync(CancellationToken cancel)
    {
        using JsonDocument answer = JsonDocument.Parse(await _http.GetByteArrayAsync("/api/v1/ticket", cancel));
        return (answer.RootElement.GetProperty("ticket").GetString()!, answer.RootElement.GetProperty("difficulty").GetInt32());
    }

    private static HttpRequestMessage Put(string ticket, string path, byte[] body, int nonce) => Put(ticket, path, body, $"{nonce:x8}");

    private static HttpRequestMessage Put(string ticket, string path, byte[] body, string nonce)
    {
        HttpRequestMessage request = new(HttpMethod.Put, $"/api/v1/reports/{Convert.ToHexStringLower(Ticket.UploadId(ticket))}{path}") { Content = Octets(body) };
        request.Headers.Add("Ticket", $"{ticket}.{nonce}");
        return request;
    }

    private static ByteArrayContent Octets(byte[] body)
    {
        ByteArrayContent content = new(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return content;
    }

    private Task RunAsync(Func<int, HttpRequestMessage> next, CancellationToken stop) => RunAsync(n => Task.FromResult(next(n)), stop);

    private Task RunAsync(Func<int, Task<HttpRequestMessage>> next, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, _connections).Select(_ => Task.Run(async () =>
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using HttpRequestMessage request = await next(Interlocked.Increment(ref _next));
                using HttpResponseMessage answer = await _http.SendAsync(request, stop);
                _tally.Sent(1);
                _tally.Answered((int)answer.StatusCode);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or System.Net.Sockets.SocketException)
            {
                if (!stop.IsCancellationRequested)
                {
                    _tally.Broke();
                }
            }
        }
    }, CancellationToken.None)));
}
