using SecureDrop.Server.Privacy;

namespace SecureDrop.Server.SourceApi;

/// <summary>
/// One call, one URL: a query string would be a place where a link, an extension or a proxy could hang an identifier. The page
/// itself opens under any, since a link that somebody decorated on its way must not stand between a source and the drop.
/// </summary>
internal sealed class NoQueryString : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Request.QueryString.HasValue ? Refusals.Malformed : await next(context);
}
