using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using SecureDrop.Crypto.ProofOfWork;

namespace SecureDrop.Benchmarks.Drop;

/// <summary>One upload of a source: its ticket, its id, and the calls of it. What the server refuses is a <see cref="RefusedException"/>.</summary>
internal sealed class Upload
{
    internal const int PartSizeInBytes = 1 << 20;

    private readonly HttpClient _server;
    private readonly string _ticket;
    private readonly int _difficulty;
    private readonly string _path;
    private readonly ConcurrentDictionary<int, string> _paid = new();

    private Upload(HttpClient server, string ticket, int difficulty)
    {
        (_server, _ticket, _difficulty) = (server, ticket, difficulty);
        _path = $"/api/v1/reports/{Convert.ToHexStringLower(Ticket.UploadId(ticket))}";
    }

    internal static async Task<Upload> BeginAsync(HttpClient server)
    {
        using HttpResponseMessage offer = await server.GetAsync("/api/v1/ticket");
        await RefusedException.ThrowIfRefusedAsync(offer);
        using JsonDocument answer = JsonDocument.Parse(await offer.Content.ReadAsByteArrayAsync());
        return new Upload(server, answer.RootElement.GetProperty("ticket").GetString()!, answer.RootElement.GetProperty("difficulty").GetInt32());
    }

    /// <summary>Of a report of so many bytes.</summary>
    internal static int PartsOf(long sizeInBytes) => (int)((sizeInBytes + PartSizeInBytes - 1) / PartSizeInBytes);

    /// <summary>A whole report of the smallest class.</summary>
    internal Task PutTextAsync(ReadOnlyMemory<byte> sealedBytes) => SendAsync(HttpMethod.Put, _path, new ReadOnlyMemoryContent(sealedBytes), "application/octet-stream", 0);

    /// <summary>One part of a larger report.</summary>
    internal Task PutPartAsync(int part, HttpContent content) =>
        SendAsync(HttpMethod.Put, $"{_path}/parts/{part}", content, "application/octet-stream", part / Solution.PartsPerBlock);

    /// <summary>The end of a larger report.</summary>
    internal Task CommitAsync(long sizeInBytes)
    {
        byte[] commit = JsonSerializer.SerializeToUtf8Bytes(new { parts = PartsOf(sizeInBytes), bytes = sizeInBytes });
        return SendAsync(HttpMethod.Post, $"{_path}/commit", new ReadOnlyMemoryContent(commit), "application/json", 0);
    }

    /// <summary>A larger report from a file, several parts in flight, and its commit.</summary>
    internal async Task PutFileAsync(string path, int inFlight)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path);
        long size = RandomAccess.GetLength(file);
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
        {
            byte[] buffer = new byte[PartSizeInBytes];
            for (int n; (n = Interlocked.Increment(ref next)) < PartsOf(size);)
            {
                int length = await RandomAccess.ReadAsync(file, buffer, (long)n * PartSizeInBytes);
                await PutPartAsync(n, new ReadOnlyMemoryContent(buffer.AsMemory(0, length)));
            }
        }));
        await CommitAsync(size);
    }

    private async Task SendAsync(HttpMethod method, string path, HttpContent body, string type, int block)
    {
        using HttpRequestMessage request = new(method, path) { Content = body };
        body.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Headers.Add("Ticket", _paid.GetOrAdd(block, n => Solution.Solve(_ticket, (uint)n, _difficulty)));
        using HttpResponseMessage answer = await _server.SendAsync(request);
        await RefusedException.ThrowIfRefusedAsync(answer);
    }
}
