using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using SecureDrop.Crypto.ProofOfWork;

namespace SecureDrop.Benchmarks.Drop;

/// <summary>One upload of a source: its ticket, its id, and the calls of it.</summary>
internal sealed class Upload
{
    private const int PartSizeInBytes = 1 << 20;

    private readonly HttpClient _server;
    private readonly string _ticket;
    private readonly int _difficulty;
    private readonly string _path;

    private Upload(HttpClient server, string ticket, int difficulty)
    {
        (_server, _ticket, _difficulty) = (server, ticket, difficulty);
        _path = $"/api/v1/reports/{Convert.ToHexStringLower(Ticket.UploadId(ticket))}";
    }

    internal static async Task<Upload> BeginAsync(HttpClient server)
    {
        using JsonDocument answer = JsonDocument.Parse(await server.GetByteArrayAsync("/api/v1/ticket"));
        return new Upload(server, answer.RootElement.GetProperty("ticket").GetString()!, answer.RootElement.GetProperty("difficulty").GetInt32());
    }

    /// <summary>A whole report of the smallest class.</summary>
    internal Task PutTextAsync(ReadOnlyMemory<byte> sealedBytes) =>
        SendAsync(HttpMethod.Put, _path, sealedBytes, "application/octet-stream", Solution.Solve(_ticket, 0, _difficulty));

    /// <summary>A larger report from a file, several parts in flight, and its commit.</summary>
    internal async Task PutFileAsync(string path, int inFlight)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path);
        long size = RandomAccess.GetLength(file);
        int parts = (int)((size + PartSizeInBytes - 1) / PartSizeInBytes);
        string[] paid = [.. Enumerable.Range(0, parts / Solution.PartsPerBlock + 1).Select(block => Solution.Solve(_ticket, (uint)block, _difficulty))];
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
        {
            byte[] buffer = new byte[PartSizeInBytes];
            for (int n; (n = Interlocked.Increment(ref next)) < parts;)
            {
                int length = (int)Math.Min(PartSizeInBytes, size - (long)n * PartSizeInBytes);
                await RandomAccess.ReadAsync(file, buffer.AsMemory(0, length), (long)n * PartSizeInBytes);
                await SendAsync(HttpMethod.Put, $"{_path}/parts/{n}", buffer.AsMemory(0, length), "application/octet-stream", paid[n / Solution.PartsPerBlock]);
            }
        }));
        byte[] commit = JsonSerializer.SerializeToUtf8Bytes(new { parts, bytes = size });
        await SendAsync(HttpMethod.Post, $"{_path}/commit", commit, "application/json", paid[0]);
    }

    private async Task SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte> body, string type, string payment)
    {
        using HttpRequestMessage request = new(method, path) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Headers.Add("Ticket", payment);
        using HttpResponseMessage answer = await _server.SendAsync(request);
        if (answer.StatusCode != HttpStatusCode.NoContent)
        {
            throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }
}
