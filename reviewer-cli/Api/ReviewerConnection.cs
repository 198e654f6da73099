using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Api;

/// <summary>
/// How this tool speaks to a server. Every answer may come from an attacker: sizes are bounded, shapes are checked, redirects are not
/// followed, and what goes wrong becomes one sentence (<see cref="ReviewerException"/>, unreachable or refused).
/// </summary>
internal sealed class ReviewerConnection : IDisposable
{
    private const int LongestAnswerInBytes = 16 * 1024 * 1024;
    private const int LongestSmallAnswerInBytes = 65_536;
    private const int LongestTokenInCharacters = 4_096;

    // Ours have one sentence. More would be wrapped by the terminal, and could pose as lines of this program.
    private const int LongestSentenceInCells = 240;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly HttpClient _http;
    private readonly string _origin;
    private readonly MinisignKeyPair? _sessionKey;
    private string? _token;

    public ReviewerConnection(string origin, Uri? proxy, MinisignKeyPair? sessionKey, HttpMessageHandler? handler = null)
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
            SslOptions = new SslClientAuthenticationOptions
            {
                // Else an issuer that is left out is fetched from where the certificate says, and past the proxy: whoever is on the line (a Tor
                // exit, with any certificate at all) would learn this machine's address.
                CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck },
            },
        }, disposeHandler: handler is null)
        {
            BaseAddress = new Uri(origin + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public void Dispose() => _http.Dispose();

    /// <summary>A body of a media type.</summary>
    public static ByteArrayContent Content(byte[] bytes, string mediaType)
    {
        ByteArrayContent content = new(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return content;
    }

    /// <summary>An answer in JSON.</summary>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, bool session, CancellationToken cancel)
    {
        byte[] body = await BytesAsync(path, session, cancel);
        return Parse(body, type);
    }

    /// <summary>A request under a session whose answer is JSON.</summary>
    public async Task<T> AskAsync<T>(Func<HttpRequestMessage> make, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await SendAsync(make, session: true, cancel);
        return Parse(await ReadAllAsync(answer, LongestAnswerInBytes, cancel), type);
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

    /// <summary>A whole answer, of bounded length.</summary>
    public async Task<byte[]> BytesAsync(string path, bool session, CancellationToken cancel)
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

    /// <summary>An answer as it comes, from a byte on.</summary>
    /// <exception cref="InvalidDataException">The server begins elsewhere.</exception>
    public async Task<Stream> StreamAsync(string path, long fromByte, CancellationToken cancel)
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
            throw new InvalidDataException("not continued where it broke off");
        }

        return new StallGuard(await answer.Content.ReadAsStreamAsync(cancel), answer, Patience);
    }

    /// <summary>Sends what <paramref name="make"/> makes, once more where a session has run out; any other refusal is thrown.</summary>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, bool session, CancellationToken cancel)
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
        WireChallenge challenge = Parse(await ReadAllAsync(asked, LongestSmallAnswerInBytes, cancel), WireJson.Default.WireChallenge);
        byte[] statement = JsonSerializer.SerializeToUtf8Bytes(
            new WireSession("securedrop-session/1", _origin, challenge.Challenge, _sessionKey.PublicKey.Text), WireJson.Default.WireSession);
        SignedStatement signed = SignedStatement.Sign(StatementPurpose.Session, statement, _sessionKey);
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(
            new WireStatement(Encoding.UTF8.GetString(statement), signed.Signature), WireJson.Default.WireStatement);
        using HttpResponseMessage answer = await SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, "api/v1/session") { Content = Content(body, "application/json") }, false, cancel);
        string token = Parse(await ReadAllAsync(answer, LongestSmallAnswerInBytes, cancel), WireJson.Default.WireToken).Token;
        return token.Length is > 0 and <= LongestTokenInCharacters && token.All(c => c is > ' ' and < '\x7f')
            ? token : throw Nonsense("its session token is not one");
    }

    private async Task<ReviewerException> RefusedAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        string? title = null;
        if (answer.Content.Headers.ContentType?.MediaType is "application/problem+json" or "application/json")
        {
            try
            {
                title = Parse(await ReadAllAsync(answer, LongestSmallAnswerInBytes, cancel), WireJson.Default.WireProblem).Title;
            }
            catch (ReviewerException)
            {
                // A refusal without a readable reason is still a refusal.
            }
        }

        string said = string.IsNullOrWhiteSpace(title) ? $"status {(int)answer.StatusCode}" : TerminalText.Line(title.Trim(), LongestSentenceInCells);
        return new ServerRefusalException($"The server {_origin} refused: {said.TrimEnd('.')}.", answer.StatusCode);
    }

    private ReviewerException Unreachable(Exception e) => new(ExitCode.Unreachable,
        $"The server {_origin} cannot be reached or the connection broke ({Innermost(e)}). Nothing is lost: run the command again.", e);

    /// <summary>An answer that no server of this project gives.</summary>
    public ReviewerException Nonsense(string what, Exception? e = null) => new(ExitCode.Refused,
        $"{_origin} does not answer like a server of this project: {what}. Is the address right (--server)?", e);

    private static string Innermost(Exception e)
    {
        while (e.InnerException is not null)
        {
            e = e.InnerException;
        }

        // It may repeat what the server sent (a status line that is none, say).
        return e is OperationCanceledException ? "no answer in time" : TerminalText.Line(e.Message.TrimEnd('.'), LongestSentenceInCells);
    }
}
