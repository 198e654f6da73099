using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.Privacy;

namespace SecureDrop.Server.Intake;

/// <summary>The page, which whoever has nothing else needs first.</summary>
public sealed class PageGate(LimitOptions limits, TimeProvider time) : Gate(limits.AnswersAtOnce, time);

/// <summary>The page without JavaScript: whoever floods one of the two pages leaves the other.</summary>
public sealed class PlainPageGate(LimitOptions limits, TimeProvider time) : Gate(limits.AnswersAtOnce, time);

/// <summary>The roster, without which nothing can be sealed.</summary>
public sealed class RosterAnswerGate(LimitOptions limits, TimeProvider time) : Gate(limits.AnswersAtOnce, time);

/// <summary>Dead drops, the longest answers.</summary>
public sealed class DeadDropGate(LimitOptions limits, TimeProvider time) : Gate(limits.AnswersAtOnce, time);

/// <summary>On a route: its answer is long enough for a slow reader to hold up, so it is given at a gate.</summary>
internal sealed record AnswersAt(Type Gate);

/// <summary>
/// Long answers have places too: a reader that takes a byte a second holds memory and a connection, and must not hold them against
/// those who read. Nobody takes longer than <see cref="BodyReader.Deadline"/>.
/// </summary>
internal sealed class AnswerMiddleware(RequestDelegate next, RefusalForm form, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<AnswersAt>() is not { } at)
        {
            await next(context);
            return;
        }
        using var place = ((Gate)context.RequestServices.GetRequiredService(at.Gate)).TryEnter();
        if (place is null)
        {
            await form.Of(context.Request, Refusals.Busy).ExecuteAsync(context);
            return;
        }
        context.Features.Get<Connections.Seat>()?.Hold();
        using var deadline = new CancellationTokenSource(BodyReader.Deadline, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, place.Lost, context.RequestAborted);
        context.Features.Set(place);
        var aborted = context.RequestAborted;
        context.RequestAborted = any.Token;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (any.IsCancellationRequested)
        {
            context.Abort();
        }
        finally
        {
            context.RequestAborted = aborted;
        }
    }
}
