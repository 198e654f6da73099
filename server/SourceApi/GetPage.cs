namespace SecureDrop.Server.SourceApi;

internal static class GetPage
{
    public static async Task HandleAsync(HttpContext context, Page page)
    {
        var response = context.Response;
        response.Headers.ContentSecurityPolicy = page.ContentSecurityPolicy;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = page.Html.Length;
        await response.Body.WriteAsync(page.Html, context.RequestAborted);
    }
}
