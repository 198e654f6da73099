using Microsoft.Net.Http.Headers;

namespace SecureDrop.Server.Privacy;

/// <summary>
/// The headers of every answer, refusals included. They are set before anything else runs, so that no path can forget them.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="clearnet">What is said on the open web, where the drop is there too.</param>
public sealed class ResponseHeaders(TimeProvider time, Clearnet? clearnet = null)
{
    /// <summary>The policy of everything that is not the page: nothing may load, run, frame or be submitted.</summary>
    public const string DenyAll =
        "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'; sandbox";

    private static readonly string[] Features =
    [
        "accelerometer", "ambient-light-sensor", "autoplay", "battery", "bluetooth", "browsing-topics", "camera", "clipboard-read",
        "clipboard-write", "display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid",
        "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment",
        "picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial", "storage-access", "usb", "web-share",
        "window-management", "xr-spatial-tracking",
    ];

    private static readonly string PermissionsPolicy = string.Join(", ", Features.Select(feature => feature + "=()"));

    public void Apply(HttpResponse response)
    {
        var headers = response.Headers;
        // To the day: with the second, an answer kept anywhere would tell when a visit was. Kestrel leaves a Date that is set alone.
        headers.Date = HeaderUtilities.FormatDate(new DateTimeOffset(time.GetUtcNow().Date, TimeSpan.Zero));
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = DenyAll;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Embedder-Policy"] = "require-corp";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Origin-Agent-Cluster"] = "?1";
        headers["Permissions-Policy"] = PermissionsPolicy;
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Robots-Tag"] = "noindex, nofollow, noarchive";
        headers["X-DNS-Prefetch-Control"] = "off";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        clearnet?.Apply(response.HttpContext.Request, headers);
    }
}
