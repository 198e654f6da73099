using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using SecureDrop.Crypto.ProofOfWork;
using SecureDrop.Server.Storage;

namespace SecureDrop.Tests.Server;

/// <summary>A source's upload: its ticket, its id, and the calls of it.</summary>
internal sealed class UploadClient(HttpClient http, string ticket, int difficulty)
{
    public string Ticket { get; } = ticket;
    public int Difficulty { get; } = difficulty;
    public byte[] IdBytes { get; } = Crypto.ProofOfWork.Ticket.UploadId(ticket);
    public string Id => Convert.ToHexStringLower(IdBytes);

    public static async Task<UploadClient> NewAsync(HttpClient http)
    {
        var answer = await http.GetByteArrayAsync("/api/v1/ticket");
        return new UploadClient(http, RunningDrop.Member(answer, "ticket"), int.Parse(RunningDrop.Member(answer, "difficulty")));
    }

    /// <summary>The same upload, at another server.</summary>
    public UploadClient At(HttpClient other) => new(other, Ticket, Difficulty);

    public string Paid(uint block = 0) => Solution.Solve(Ticket, block, Difficulty);

    public Task<HttpStatusCode> PutTextAsync(byte[] bytes, string? header = null) => SendAsync(HttpMethod.Put, "", bytes, header ?? Paid());

    public Task<HttpStatusCode> PutPartAsync(int n, byte[] bytes, string? header = null) =>
        SendAsync(HttpMethod.Put, $"/parts/{n}", bytes, header ?? Paid((uint)(n / Solution.PartsPerBlock)));

    public Task<HttpStatusCode> CommitAsync(int parts, long bytes, string? header = null) =>
        SendAsync(HttpMethod.Post, "/commit", JsonSerializer.SerializeToUtf8Bytes(new { parts, bytes }), header ?? Paid(), "application/json");

    public async Task<int[]> PartsAsync()
    {
        using var document = JsonDocument.Parse(await http.GetByteArrayAsync($"/api/v1/reports/{Id}/parts"));
        return [.. document.RootElement.GetProperty("parts").EnumerateArray().Select(part => part.GetInt32())];
    }

    /// <summary>All parts and the commit.</summary>
    public async Task<HttpStatusCode> PutLargeAsync(byte[] bytes)
    {
        var parts = Cut(bytes);
        for (var n = 0; n < parts.Count; n++)
        {
            var status = await PutPartAsync(n, parts[n]);
            if (status != HttpStatusCode.NoContent)
                return status;
        }
        return await CommitAsync(parts.Count, bytes.Length);
    }

    public static IReadOnlyList<byte[]> Cut(byte[] bytes) => [.. bytes.Chunk(IReportStore.PartSizeInBytes)];

    public async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, byte[] body, string? ticketHeader, string type = "application/octet-stream", string? id = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/reports/{id ?? Id}{path}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (ticketHeader is not null)
            request.Headers.Add("Ticket", ticketHeader);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }
}
