using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Api;

/// <summary>
/// Client of the reviewer's routes. Every answer may come from an attacker: sizes are bounded, shapes are checked, redirects are not
/// followed, and what goes wrong becomes one sentence (<see cref="ReviewerException"/>, unreachable or refused).
/// </summary>
internal sealed class ReviewerApi : IDisposable
{
    /// <summary>Longest sealed text: 64 hybrid stanzas around 65,536 bytes (protocol, "Size of an age file").</summary>
    public const int LongestTextInBytes = 86 + 1557 * 64 + 65_536 + 16;

    /// <summary>Longest sealed copy of a reply: 64 hybrid stanzas around 8,192 bytes.</summary>
    public const int LongestCopyInBytes = 86 + 1557 * 64 + 8_192 + 16;

    private const int LongestAnswerInBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly HttpClient _http;
    private readonly string _origin;
    private readonly MinisignKeyPair? _sessionKey;
    private string? _token;

    public ReviewerApi(string origin, Uri? proxy, MinisignKeyPair? sessionKey, HttpMessageHandler? handler = null)
    {
        ServerAddress.RequireProxyForOnion(origin, proxy);
        _origin = origin;
        _sessionKey = sessionKey;
        _http = new HttpClient(handler ?? new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // Only the proxy that was asked for: one named in the environment could carry the visit around Tor.
            UseProxy = proxy is not null,
            Proxy = proxy is null ? null : new WebProxy(proxy),
            ConnectTimeout = Patience,
        }, disposeHandler: handler is null)
        {
            BaseAddress = new Uri(origin + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public async Task<byte[]> RosterAsync(CancellationToken cancel) => await BytesAsync("api/v1/roster", session: false, cancel);

    public Task<WireStatus> StatusAsync(CancellationToken cancel) => GetAsync("api/v1/status", WireJson.Default.WireStatus, false, cancel);

    public Task PutRosterAsync(WireStatement roster, CancellationToken cancel) => PutAsync("api/v1/roster", roster, cancel);

    public Task PutRecipientAsync(WireStatement statement, CancellationToken cancel) => PutAsync("api/v1/recipient", statement, cancel);

    public Task PutSuccessorAsync(WireStatement statement, CancellationToken cancel) => PutAsync("api/v1/successor", statement, cancel);

    public Task<List<WireDay>> DaysAsync(CancellationToken cancel) => GetAsync("api/v1/days", WireJson.Default.ListWireDay, true, cancel);

    /// <summary>All ids of a day, asked for page by page.</summary>
    public async Task<List<WireReport>> ReportsAsync(DateOnly day, CancellationToken cancel)
    {
        List<WireReport> all = [];
        while (true)
        {
            string after = all.Count == 0 ? "" : "?after=" + all[^1].Id;
            List<WireReport> page = await GetAsync($"api/v1/days/{Days.Text(day)}/reports{after}", WireJson.Default.ListWireReport, true, cancel);
            foreach (WireReport report in page)
            {
                // The id becomes a file name: nothing but 32 hex digits may.
                if (!IsId(report.Id) || report.Bytes <= 0 || (all.Count > 0 && string.CompareOrdinal(report.Id, all[^1].Id) <= 0))
                {
                    throw Nonsense("its list of reports is not one");
                }

                all.Add(report);
            }

            if (page.Count == 0)
            {
                return all;
            }
        }
    }

    /// <summary>The smallest class of a day in one stream, after an id.</summary>
    public Task<Stream> TextsAsync(DateOnly day, string? after, CancellationToken cancel) =>
        StreamAsync($"api/v1/days/{Days.Text(day)}/texts" + (after is null ? "" : "?after=" + after), 0, cancel);

    /// <summary>A day's copies of replies in one stream, after an id.</summary>
    public Task<Stream> CopiesAsync(DateOnly day, string? after, CancellationToken cancel) =>
        StreamAsync($"api/v1/days/{Days.Text(day)}/copies" + (after is null ? "" : "?after=" + after), 0, cancel);

    /// <summary>One report from a byte on.</summary>
    public Task<Stream> ReportAsync(string id, long fromByte, CancellationToken cancel) => StreamAsync("api/v1/reports/" + id, fromByte, cancel);

    /// <summary>This reviewer's batch of the day.</summary>
    public async Task PostBatchAsync(byte[] batch, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Post, "api/v1/dead-drop")
        {
            Content = Octets(batch),
        }, true, cancel);
    }

    public async Task EndDayAsync(DateOnly day, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await SendAsync(
            () => new HttpRequestMessage(HttpMethod.Delete, $"api/v1/days/{Days.Text(day)}"), true, cancel);
    }

    public void Dispose() => _http.Dispose();

    internal static bool IsId(string id) => id.Length == 32 && id.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    private static ByteArrayContent Octets(byte[] bytes)
    {
        ByteArrayContent content = new(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return content;
    }

    private async Task PutAsync(string path, WireStatement statement, CancellationToken cancel)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(statement, WireJson.Default.WireStatement);
        using HttpResponseMessage answer = await SendAsync(() =>
        {
            ByteArrayContent content = new(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return new HttpRequestMessage(HttpMethod.Put, path) { Content = content };
        }, false, cancel);
    }

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, bool session, CancellationToken cancel)
    {
        byte[] body = await BytesAsync(path, session, cancel);
        return Parse(body, type);
    }

    private T Parse<T>(byte[] body, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw Nonsense("its answer is empty");
        }
        catch (JsonException e)
        {
            throw Nonsense("its answer is not the JSON this program reads", e);
        }
    }

    private async Task<byte[]> BytesAsync(string path, bool session, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), session, cancel);
        return await ReadAllAsync(answer, LongestAnswerInBytes, cancel);
    }

    private async Task<byte[]> ReadAllAsync(HttpResponseMessage answer, int longestInBytes, CancellationToken cancel)
    {
        try
        {
            await using StallGuard body = new(await answer.Content.ReadAsStreamAsync(cancel), answer, Patience);
            using MemoryStream all = new();
            byte[] buffer = new byte[65_536];
            int read;
            while ((read = await body.ReadAsync(buffer, cancel)) > 0)
            {
                all.Write(buffer, 0, read);
                if (all.Length > longestInBytes)
                {
                    throw Nonsense("its answer is far too long");
                }
            }

            return all.ToArray();
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw Unreachable(e);
        }
    }

    private async Task<Stream> StreamAsync(string path, long fromByte, CancellationToken cancel)
    {
        HttpResponseMessage answer = await SendAsync(() =>
        {
            HttpRequestMessage request = new(HttpMethod.Get, path);
            if (fromByte > 0)
            {
                request.Headers.Range = new RangeHeaderValue(fromByte, null);
            }

            return request;
        }, true, cancel);
        // A server that ignores the range sends the beginning again: appended to what is there, it would spoil the file.
        if (fromByte > 0 && (answer.StatusCode != HttpStatusCode.PartialContent || answer.Content.Headers.ContentRange?.From != fromByte))
        {
            answer.Dispose();
            throw Nonsense("it does not go on where the download stopped");
        }

        return new StallGuard(await answer.Content.ReadAsStreamAsync(cancel), answer, Patience);
    }

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, bool session, CancellationToken cancel)
    {
        for (bool again = false; ; again = true)
        {
            if (session)
            {
                _token ??= await LogInAsync(cancel);
            }

            HttpResponseMessage answer = await SendOnceAsync(make, session ? _token : null, cancel);
            if (answer.IsSuccessStatusCode)
            {
                return answer;
            }

            if (session && answer.StatusCode == HttpStatusCode.Unauthorized && !again)
            {
                // A session lasts an hour; a shell or a long sync outlives it.
                _token = null;
                answer.Dispose();
                continue;
            }

            using (answer)
            {
                throw await RefusedAsync(answer, cancel);
            }
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(Func<HttpRequestMessage> make, string? token, CancellationToken cancel)
    {
        using HttpRequestMessage request = make();
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using CancellationTokenSource stalled = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        stalled.CancelAfter(Patience);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stalled.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw Unreachable(e);
        }
    }

    private async Task<string> LogInAsync(CancellationToken cancel)
    {
        if (_sessionKey is null)
        {
            throw new InvalidOperationException("This call needs a session key.");
        }

        using HttpResponseMessage asked = await SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, "api/v1/session/challenge"), false, cancel);
        WireChallenge challenge = Parse(await ReadAllAsync(asked, 65_536, cancel), WireJson.Default.WireChallenge);
        byte[] statement = JsonSerializer.SerializeToUtf8Bytes(
            new WireSession("securedrop-session/1", _origin, challenge.Challenge, _sessionKey.PublicKey.Text), WireJson.Default.WireSession);
        SignedStatement signed = SignedStatement.Sign(StatementPurpose.Session, statement, _sessionKey);
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(
            new WireStatement(Encoding.UTF8.GetString(statement), signed.Signature), WireJson.Default.WireStatement);
        using HttpResponseMessage answer = await SendAsync(() =>
        {
            ByteArrayContent content = new(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return new HttpRequestMessage(HttpMethod.Post, "api/v1/session") { Content = content };
        }, false, cancel);
        string token = Parse(await ReadAllAsync(answer, 65_536, cancel), WireJson.Default.WireToken).Token;
        return token.Length is > 0 and < 4096 && token.All(char.IsAsciiLetterOrDigit)
            || token.All(c => c is > ' ' and < '\x7f') ? token : throw Nonsense("its session token is not one");
    }

    private async Task<ReviewerException> RefusedAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        string? title = null;
        if (answer.Content.Headers.ContentType?.MediaType is "application/problem+json" or "application/json")
        {
            try
            {
                title = Parse(await ReadAllAsync(answer, 65_536, cancel), WireJson.Default.WireProblem).Title;
            }
            catch (ReviewerException)
            {
                // A refusal without a readable reason is still a refusal.
            }
        }

        string said = string.IsNullOrWhiteSpace(title) ? $"status {(int)answer.StatusCode}" : title.Trim();
        return new ServerRefusal((int)answer.StatusCode, said).AsReviewerException(_origin);
    }

    private ReviewerException Unreachable(Exception e) => new(ExitCode.Unreachable,
        $"The server {_origin} cannot be reached or the connection broke ({Innermost(e)}). Nothing is lost: run the command again.", e);

    private ReviewerException Nonsense(string what, Exception? e = null) => new(ExitCode.Refused,
        $"{_origin} does not answer like a server of this project: {what}. Is the address right (--server)?", e);

    private static string Innermost(Exception e)
    {
        while (e.InnerException is not null)
        {
            e = e.InnerException;
        }

        return e is OperationCanceledException ? "no answer in time" : e.Message.TrimEnd('.');
    }
}

/// <summary>A refusal with the reason the server gave.</summary>
internal sealed class ServerRefusal(int status, string said) : Exception(said)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    public ReviewerException AsReviewerException(string origin) =>
        new(Terminal.ExitCode.Refused, $"The server {origin} refused: {Message.TrimEnd('.')}.", this);
}
