using SecureDrop.Crypto.Rosters;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Rosters;

namespace SecureDrop.Server.ReviewerApi;

/// <summary>Lets a request pass whose token belongs to a reviewer of the present roster: who left the roster is out at once.</summary>
internal sealed class RequireSession(Sessions sessions, RosterDesk rosters) : IEndpointFilter
{
    private const string Scheme = "Bearer ";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.Request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && await sessions.FindAsync(header[Scheme.Length..], http.RequestAborted) is { } sessionKey
            && await rosters.ReadAsync(http.RequestAborted) is { } drop && drop.ReviewerOf(sessionKey) is { } reviewer)
        {
            http.Features.Set(reviewer);
            // A reviewer who fetches a long day does not make way for whoever else reaches this listener.
            http.Features.Get<Connections.Seat>()?.Hold();
            return await next(context);
        }
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Refusals.NotLoggedIn;
    }

    /// <summary>The reviewer whom the filter let pass.</summary>
    public static RosterReviewer ReviewerOf(HttpContext context) =>
        context.Features.Get<RosterReviewer>() ?? throw new InvalidOperationException("This address is not behind a session.");
}
