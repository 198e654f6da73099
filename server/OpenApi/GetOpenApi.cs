using System.Text;

namespace SecureDrop.Server.OpenApi;

/// <summary>Both documents, on the reviewers' listener only: the sources' side has nothing to explore.</summary>
internal static class GetOpenApi
{
    public static Task Reviewer(HttpContext context) => WriteAsync(context, context.RequestServices);

    public static Task Source(HttpContext context, SourceServices source) => WriteAsync(context, source.Services);

    private static async Task WriteAsync(HttpContext context, IServiceProvider services)
    {
        var json = Encoding.UTF8.GetBytes(await ApiDocument.WriteAsync(services, context.RequestAborted));
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }
}

/// <summary>The services of the sources' application, from which its document is made.</summary>
internal sealed record SourceServices(IServiceProvider Services);
