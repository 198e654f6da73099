using Microsoft.Net.Http.Headers;

namespace SecureDrop.Server.Intake;

internal static class MediaType
{
    public const string Octets = "application/octet-stream";
    public const string Json = "application/json";

    /// <summary>Whether the body says that it is of this type; parameters (a charset) are not looked at.</summary>
    public static bool Is(HttpRequest request, string type) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var header) && header.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);
}
