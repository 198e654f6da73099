using SecureDrop.Server.Health;
using SecureDrop.Server.Metrics;

namespace SecureDrop.Server.ReviewerApi;

/// <summary>For whoever runs the server. No session: it says nothing that may not be said, so nobody has to keep a secret beside a monitor.</summary>
internal static class GetMetrics
{
    public static async Task HandleAsync(HttpContext context, Exposition exposition)
    {
        if (exposition.Text is not { } text)
        {
            await HealthRefusals.Starting.ExecuteAsync(context);
            return;
        }
        context.Response.ContentType = OpenMetricsExporter.ContentType;
        context.Response.ContentLength = text.Length;
        await context.Response.Body.WriteAsync(text, context.RequestAborted);
    }
}
