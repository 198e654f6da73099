using Microsoft.Net.Http.Headers;

namespace SecureDrop.Server.Intake;

internal static class MediaType
{
    public const string Octets = "application/octet-stream";
    public const string Json = "application/json";
    public const string Form = "multipart/form-data";
    public const string Html = "text/html";
    public const string OpenMetrics = "application/openmetrics-text";

    /// <summary>
    /// Whether the body says that it is of this type and not coded: bytes are judged and kept as they are, so a coding would be
    /// ignored, and what is kept would not be what the client meant. Parameters (a charset) are not looked at.
    /// </summary>
    public static bool Is(HttpRequest request, string type) =>
        request.Headers.ContentEncoding.Count == 0
        && MediaTypeHeaderValue.TryParse(request.ContentType, out var header) && header.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);
}
