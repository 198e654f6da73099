using SecureDrop.Server.Intake;
using SecureDrop.Server.OpenApi;
using SecureDrop.Server.SourceApi.Plain;
using Body = SecureDrop.Server.OpenApi.Body;

namespace SecureDrop.Server.SourceApi;

/// <summary>The source's side: no authentication, no cookie, no query string.</summary>
internal static class SourceEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", GetPage.HandleAsync).ExcludeFromDescription().WithMetadata(new AnswersAt(typeof(PageGate)));
        routes.MapGet(PlainRefusals.Path, GetPlain.HandleAsync)
            .Describe("getPlain", "Without JavaScript: who can read, the lines that seal, and a form.").Answers(Body.Page).RefusesAsPage(503)
            .WithMetadata(new AnswersAt(typeof(PlainPageGate)));
        routes.MapPost(PlainRefusals.Path, PostPlain.HandleAsync)
            .Describe("postPlain", "One sealed file from that form.").Takes(Body.Form).Answers(Body.Page).RefusesAsPage(400, 408, 413, 503);
        var api = routes.MapGroup("/api/v1").AddEndpointFilter<NoQueryString>();
        api.MapGet("/roster", GetRoster.HandleAsync)
            .Describe("getRoster", "The signed roster with all that is needed to check it.").Answers(Body.Roster).Refuses(400, 503).WithMetadata(new AnswersAt(typeof(RosterAnswerGate)));
        api.MapGet("/ticket", GetTicket.HandleAsync)
            .Describe("getTicket", "Leave to make one upload.").Refuses(400, 503);
        api.MapPut("/reports/{id}", PutReport.HandleAsync)
            .Describe("putReport", "A whole report of the smallest class.").Takes(Body.Sealed).NeedsTicket().Refuses(400, 403, 408, 409, 413, 503);
        api.MapPut("/reports/{id}/parts/{n}", PutPart.HandleAsync)
            .Describe("putPart", "Part n, from 0, of a larger report: 1 MiB each but the last.").Takes(Body.Sealed).NeedsTicket().Refuses(400, 403, 408, 409, 413, 503);
        api.MapGet("/reports/{id}/parts", GetParts.HandleAsync)
            .Describe("getParts", "The parts that have arrived; none for an unknown id.").Refuses(400, 503);
        api.MapPost("/reports/{id}/commit", PostCommit.HandleAsync)
            .Describe("postCommit", "From here on the report exists.").Takes(Body.Commit).NeedsTicket().Refuses(400, 403, 408, 409, 413, 503);
        api.MapGet("/dead-drops", GetDeadDrops.HandleAsync)
            .Describe("getDeadDrops", "The days whose dead drops are kept.").Refuses(400, 503);
        api.MapGet("/dead-drops/{day}/{shard}", GetDeadDrop.HandleAsync)
            .Describe("getDeadDrop", "The slots of one dead drop, one after another.").Answers(Body.Slots).Refuses(400, 404, 503).WithMetadata(new AnswersAt(typeof(DeadDropGate)));
    }
}
