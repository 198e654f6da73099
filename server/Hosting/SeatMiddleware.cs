namespace SecureDrop.Server.Hosting;

/// <summary>Tells a connection's seat when a request begins and ends.</summary>
internal sealed class SeatMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var seat = context.Features.Get<Connections.Seat>();
        seat?.Begin();
        try
        {
            await next(context);
        }
        finally
        {
            seat?.End();
        }
    }
}
