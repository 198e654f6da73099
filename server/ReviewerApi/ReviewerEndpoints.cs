using SecureDrop.Server.OpenApi;
using SecureDrop.Server.SourceApi;

namespace SecureDrop.Server.ReviewerApi;

/// <summary>The reviewers' side. What hands out or takes sealed blobs asks for a session; statements carry their own authority.</summary>
internal static class ReviewerEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/openapi.json", GetOpenApi.Reviewer).ExcludeFromDescription();
        routes.MapGet("/openapi-source.json", GetOpenApi.Source).ExcludeFromDescription();
        routes.MapGet("/health/live", GetHealth.Live)
            .Describe("getLive", "The server answers.");
        routes.MapGet("/health/ready", GetHealth.Ready)
            .Describe("getReady", "Its store answers and there is somebody to seal to, as found out in the last minute; or what is missing.").Refuses(503);
        routes.MapGet("/metrics", GetMetrics.HandleAsync)
            .Describe("getMetrics", "The day's figures as OpenMetrics text: the same bytes until the next day.").Answers(Body.Metrics).Refuses(503);
        var api = routes.MapGroup("/api/v1");
        api.MapGet("/roster", GetRoster.HandleAsync)
            .Describe("getRoster", "The signed roster with all that is needed to check it.").Answers(Body.Roster).Refuses(503);
        api.MapGet("/roster/earlier", GetEarlier.HandleAsync)
            .Describe("getEarlier", "Rosters and recipients that were handed out before, by which a reviewer who was away judges what came meanwhile.").Answers(Body.Earlier).Refuses(503);
        api.MapGet("/status", GetStatus.HandleAsync)
            .Describe("getStatus", "The server's day and how it is set.").Refuses(503);
        api.MapPut("/roster", PutStatement.RosterAsync)
            .Describe("putRoster", "A roster, signed by the drop key; the first one with the setup token.").Takes(Body.FirstRoster).Refuses(400, 403, 408, 409, 413, 503);
        api.MapPut("/recipient", PutStatement.RecipientAsync)
            .Describe("putRecipient", "A reviewer's new recipient, signed by its signing key.").Takes(Body.Statement).Refuses(400, 403, 408, 409, 413, 503);
        api.MapPut("/successor", PutStatement.SuccessorAsync)
            .Describe("putSuccessor", "The next drop key, signed by the present one.").Takes(Body.Statement).Refuses(400, 403, 408, 409, 413, 503);
        api.MapPost("/session/challenge", PostChallenge.HandleAsync)
            .Describe("postChallenge", "A challenge for one login.").Refuses(503);
        api.MapPost("/session", PostSession.HandleAsync)
            .Describe("postSession", "Log in: the challenge, signed by a session key of the roster.").Takes(Body.Statement).Refuses(400, 403, 408, 413, 503);

        var inside = api.MapGroup("").AddEndpointFilter<RequireSession>();
        inside.MapGet("/days", GetDays.HandleAsync)
            .Describe("getDays", "The days that hold reports or copies.").NeedsSession().Refuses(401, 503);
        inside.MapGet("/days/{day}/reports", GetReports.HandleAsync)
            .Describe("getReports", "Up to 10,000 reports of a day in order of id, after an id.").NeedsSession().TakesAfter().Refuses(400, 401, 503);
        inside.MapGet("/days/{day}/texts", GetTexts.HandleAsync)
            .Describe("getTexts", "The day's texts in order of id: id (16) ‖ length (uint32, big endian) ‖ bytes.").Answers(Body.Records).NeedsSession().TakesAfter().Refuses(400, 401, 503);
        inside.MapGet("/days/{day}/copies", GetCopies.HandleAsync)
            .Describe("getCopies", "The day's copies in order of their random ids, as texts are.").Answers(Body.Records).NeedsSession().TakesAfter().Refuses(400, 401, 503);
        inside.MapGet("/reports/{id}", GetReport.HandleAsync)
            .Describe("getReport", "One report, with ranges.").Answers(Body.Sealed).NeedsSession().Refuses(400, 401, 404, 416, 503);
        inside.MapPost("/dead-drop", PostBatch.HandleAsync)
            .Describe("postBatch", "This reviewer's batch of the day, in place of an earlier one.").Takes(Body.Batch).NeedsSession().Refuses(400, 401, 408, 409, 413, 503);
        inside.MapDelete("/days/{day}", DeleteDay.HandleAsync)
            .Describe("deleteDay", "End a day early, no sooner than seven days after it.").NeedsSession().Refuses(400, 401, 404, 503);
    }
}
