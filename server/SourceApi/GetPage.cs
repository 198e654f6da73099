using SecureDrop.Server.Intake;

namespace SecureDrop.Server.SourceApi;

internal static class GetPage
{
    // So that it is seen who takes it slowly.
    private const int PieceInBytes = 16 * 1024;

    public static async Task HandleAsync(HttpContext context, Page page)
    {
        var response = context.Response;
        response.Headers.ContentSecurityPolicy = page.ContentSecurityPolicy;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = page.Html.Length;
        var place = context.Features.Get<Gate.Place>();
        for (var sent = 0; sent < page.Html.Length;)
        {
            var piece = page.Html[sent..Math.Min(page.Html.Length, sent + PieceInBytes)];
            await response.Body.WriteAsync(piece, context.RequestAborted);
            place?.Move(piece.Length);
            sent += piece.Length;
        }
    }
}
