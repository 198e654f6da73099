using System.Net.Http.Headers;
using System.Text;
using SecureDrop.Server.SourceApi.Plain;

namespace SecureDrop.Tests.Server.SourceApi.Plain;

/// <summary>Forms as browsers send them, byte by byte.</summary>
internal static class Forms
{
    public const string Boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW";

    public static byte[] Of(byte[] file, string name = "report.age", string field = MultipartFile.Field) => Parts([Part(file, name, field)]);

    public static byte[] Parts(params byte[][] parts) =>
        [.. parts.SelectMany(part => part), .. Encoding.ASCII.GetBytes($"--{Boundary}--\r\n")];

    public static byte[] Part(byte[] file, string name = "report.age", string field = MultipartFile.Field) =>
    [
        .. Encoding.UTF8.GetBytes($"--{Boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"),
        .. file, .. "\r\n"u8,
    ];

    public static async Task<(int Status, string Page)> PostAsync(HttpClient client, byte[] body, string type = $"multipart/form-data; boundary={Boundary}")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var answer = await client.PostAsync("/plain", content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
