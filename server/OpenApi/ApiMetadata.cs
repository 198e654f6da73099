using Microsoft.AspNetCore.Http.Metadata;

namespace SecureDrop.Server.OpenApi;

/// <summary>The shape of every refusal, as the document shows it.</summary>
/// <param name="Title">One sentence for a person.</param>
/// <param name="Status">The status code again.</param>
public sealed record Problem(string Title, int Status);

/// <summary>Bodies that handlers read or write by hand, because every byte of them is judged.</summary>
internal enum Body
{
    Sealed,
    Slots,
    Records,
    Batch,
    Roster,
    Earlier,
    Commit,
    Statement,
    FirstRoster,
    Form,
    Page,
    Metrics,
}

internal sealed record TakesBody(Body Body);

internal sealed record AnswersBody(Body Body);

internal sealed record NeedsTicket;

internal sealed record NeedsSession;

internal sealed record TakesAfter;

/// <summary>What the table of routes says of each call, for the document only: nothing here changes what a request may do.</summary>
internal static class ApiMetadata
{
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, string name, string summary) =>
        route.WithName(name).WithSummary(summary);

    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
            route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Problem), [Privacy.Refusal.ContentType]));
        return route;
    }

    public static RouteHandlerBuilder RefusesAsPage(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
            route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(string), [Intake.MediaType.Html]));
        return route;
    }

    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, Body body) => route.WithMetadata(new TakesBody(body));

    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder route, Body body) => route.WithMetadata(new AnswersBody(body));

    public static RouteHandlerBuilder NeedsTicket(this RouteHandlerBuilder route) => route.WithMetadata(new NeedsTicket());

    public static RouteHandlerBuilder NeedsSession(this RouteHandlerBuilder route) => route.WithMetadata(new NeedsSession());

    public static RouteHandlerBuilder TakesAfter(this RouteHandlerBuilder route) => route.WithMetadata(new TakesAfter());
}
