using SecureDrop.Crypto.Rosters;
using SecureDrop.Server.Rosters;

namespace SecureDrop.Server.SourceApi.Plain;

/// <summary>The page without JavaScript, made anew when the roster or the day is another one: choosing recipients costs signatures.</summary>
internal sealed class PlainPages(RosterDesk rosters, TimeProvider time)
{
    private sealed record Made(long Revision, DateOnly Day, PlainAnswer Answer);

    private Made? _latest;

    public async Task<PlainAnswer> ReadAsync(CancellationToken cancel)
    {
        if (await rosters.ReadAsync(cancel) is not { } drop)
            return PlainAnswer.Of(PlainFault.NotSetUp);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (_latest is { } latest && latest.Revision == drop.Revision && latest.Day == today)
            return latest.Answer;
        // As a source chooses; the key of a link is never sent to a server, so none vouches here.
        var roster = RosterVerifier.Verify(drop.State.Answer, linkKey: null, today);
        var answer = new PlainAnswer(StatusCodes.Status200OK, PlainView.Page(roster, today));
        _latest = new Made(drop.Revision, today, answer);
        return answer;
    }
}
