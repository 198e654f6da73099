using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Rosters;

namespace SecureDrop.Server.SourceApi;

internal static class GetTicket
{
    public static async Task<Results<Ok<TicketAnswer>, Refusal>> HandleAsync(TicketOffice tickets, RosterDesk rosters, CancellationToken cancel)
    {
        if (await rosters.ReadAsync(cancel) is null)
            return Refusals.NotSetUp;
        var (ticket, difficulty) = await tickets.IssueAsync(cancel);
        return TypedResults.Ok(new TicketAnswer(ticket, difficulty));
    }
}
