using System.Net;
using System.Text;

namespace SecureDrop.Tests.Reviewer;

/// <summary>A hostile server: the real one's answers, changed on the way. Remembers what it was asked.</summary>
internal sealed class RewritingNetwork : DelegatingHandler
{
    private readonly Func<string, byte[], byte[]?> _rewrite;

    /// <param name="rewrite">From method and path (<c>GET /api/v1/status</c>) and the true body to another one; null leaves it.</param>
    public RewritingNetwork(Func<string, byte[], byte[]?> rewrite)
        : base(new SocketsHttpHandler { UseProxy = false }) => _rewrite = rewrite;

    public List<string> Asked { get; } = [];

    /// <summary>Status of the answers that were changed.</summary>
    public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string what = $"{request.Method} {request.RequestUri!.AbsolutePath}";
        Asked.Add(what);
        HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
        byte[] body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        if (_rewrite(what, body) is not { } other)
        {
            ByteArrayContent same = new(body);
            same.Headers.ContentType = answer.Content.Headers.ContentType;
            answer.Content = same;
            return answer;
        }

        ByteArrayContent content = new(other);
        content.Headers.ContentType = new("application/json");
        return new HttpResponseMessage(Status) { Content = content };
    }
}
