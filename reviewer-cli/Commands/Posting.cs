using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Desk.Rosters;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary>Posts the day's batch outside of a sync.</summary>
/// <remarks>The roster is fetched on the way; what is wrong with it wants a person's eyes whatever the command was for.</remarks>
internal static class Posting
{
    public static async Task<(BatchResult Batch, bool HadAlarm)> PostAsync(Invocation call, UnlockedHome home, CancellationToken cancel)
    {
        using ReviewerApi api = call.Api(home);
        WireStatus status = await api.StatusAsync(cancel);
        RosterKnowledge knowledge = new(home);
        VerifiedRoster verified = knowledge.Take(await api.RosterAsync(cancel), home.Clock.Today());
        foreach (string alarm in knowledge.Alarms)
        {
            call.Screen.Alarm($"{alarm}");
        }

        return (await new ReplyOutbox(home).PostAsync(api, status, verified, cancel), knowledge.Alarms.Count > 0);
    }
}
