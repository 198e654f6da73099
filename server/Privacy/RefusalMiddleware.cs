using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Privacy;

/// <summary>
/// The outermost step: headers first, then the name the client dialled, then the handler; and whatever goes wrong becomes one
/// of the refusals, never a stack trace and never a 500 that an attacker could aim for.
/// </summary>
public sealed class RefusalMiddleware(RequestDelegate next, ResponseHeaders headers, HostNames hosts, RefusalForm form, ServerLog log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        headers.Apply(context.Response);
        var refusal = HasTwoLengths(context.Request) ? Refusals.Malformed
            : hosts.Allows(context.Request.Host) ? await RunAsync(context)
            : Refusals.WrongHost;
        if (refusal is null || context.Response.HasStarted)
            return;
        try
        {
            await form.Of(context.Request, refusal).ExecuteAsync(context);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or BadHttpRequestException)
        {
            context.Abort();
        }
    }

    /// <summary>
    /// Content-Length beside Transfer-Encoding, which the web server would ignore and rename: a proxy in front that believes the
    /// other of the two would take the rest of one client's body for the next one's request (RFC 9112, 6.1).
    /// </summary>
    private static bool HasTwoLengths(HttpRequest request)
    {
        var hasTwo = request.Headers.TransferEncoding.Count > 0 && request.Headers.ContainsKey("X-Content-Length");
        if (hasTwo)
            request.HttpContext.Response.Headers.Connection = "close";
        return hasTwo;
    }

    private async Task<Refusal?> RunAsync(HttpContext context)
    {
        try
        {
            await next(context);
            return context.Response switch
            {
                { HasStarted: true } => null,
                { StatusCode: StatusCodes.Status404NotFound } => Refusals.NotFound,
                { StatusCode: StatusCodes.Status405MethodNotAllowed } => Refusals.MethodNotAllowed,
                { StatusCode: StatusCodes.Status416RangeNotSatisfiable } => Refusals.NoSuchRange,
                { StatusCode: >= 400 } => Refusals.Malformed,
                _ => null,
            };
        }
        catch (BadHttpRequestException e)
        {
            return e.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => Refusals.TooLarge,
                StatusCodes.Status408RequestTimeout => Refusals.TooSlow,
                _ => Refusals.Malformed,
            };
        }
        catch (Exception e) when (e is OperationCanceledException || (context.RequestAborted.IsCancellationRequested && e is IOException))
        {
            // Nothing is cancelled here but for a client that left or had to make way, of which the token may hear later than the body does.
            // It is no fault: a line of the log for it would be one for a visit.
            context.Abort();
            return null;
        }
        catch (StoreException e)
        {
            // Not a line in the log for each: whoever reads it would learn when somebody came. The day keeper's look says it once.
            if (e is { IsAway: false, IsFull: false })
                log.Fault(e);
            if (context.Response.HasStarted)
                context.Abort();
            return e.IsAway ? Refusals.StoreAway : e.IsFull ? Refusals.Full : Refusals.Fault;
        }
#pragma warning disable CA1031 // The last one: what is left is a fault of this server or its disk, and the client may try again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.Fault(e);
            if (context.Response.HasStarted)
                context.Abort();
            return Refusals.Busy;
        }
    }
}
