using Microsoft.AspNetCore.Http.Features;
using SecureDrop.Server.Rosters;

namespace SecureDrop.Server.SourceApi.Plain;

internal static class PostPlain
{
    public static async Task<PlainAnswer> HandleAsync(HttpRequest request, RosterDesk rosters, PlainIntake intake, CancellationToken cancel)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = PlainIntake.MostReadInBytes;
        if (await rosters.ReadAsync(cancel) is not { } drop)
            return PlainAnswer.Of(PlainFault.NotSetUp);
        return await intake.TakeAsync(request, cancel) is { } fault ? PlainAnswer.Of(fault, drop.Roster) : PlainAnswer.Arrived();
    }
}
