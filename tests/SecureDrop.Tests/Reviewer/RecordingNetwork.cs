namespace SecureDrop.Tests.Reviewer;

/// <summary>All that the server sees of the tool: of each request its line, the names and lengths of its headers, its range and the length of
/// its body, in order. The bodies that hide (a batch, a login) are of random bytes; all else is compared as it is.</summary>
internal sealed class RecordingNetwork(List<string> seen) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        byte[] body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        // The scheme only: a token is random.
        IEnumerable<string> headers = request.Headers.Concat(request.Content is null ? [] : request.Content.Headers)
            .Select(h => $"{h.Key}: {(h.Key == "Authorization" ? "Bearer" : string.Join(',', h.Value))}").Order(StringComparer.Ordinal);
        seen.Add($"{request.Method} {request.RequestUri!.PathAndQuery} [{string.Join("; ", headers)}] {body.Length}");
        return await base.SendAsync(request, cancellationToken);
    }
}
