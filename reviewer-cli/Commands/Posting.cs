using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary>A sync for the sake of what it posts.</summary>
/// <remarks>
/// Whole, with everything that a sync asks for: by a visit that only posts, a server would know a day on which somebody was answered from
/// one on which nobody was. What is found on the way (a roster that is refused, a day that another ended) wants a person's eyes whatever
/// the command was for.
/// </remarks>
internal static class Posting
{
    public static async Task<(BatchResult Batch, bool HadAlarm)> PostAsync(Invocation call, UnlockedHome home, CancellationToken cancel)
    {
        using ReviewerApi api = call.Api(home);
        SyncResult result;
        using (Meter meter = call.Screen.StartMeter("Fetching", call.Clock))
        {
            result = await new Synchroniser(home, api, meter).RunAsync(cancel);
        }

        foreach (string alarm in result.Alarms)
        {
            call.Screen.Alarm($"{alarm}");
        }

        if (result.RosterProblem is { } problem)
        {
            throw problem;
        }

        if (result.New > 0)
        {
            call.Screen.Note($"Meanwhile: {SyncVerb.Summary(result)}", LineStyle.Faint);
        }

        if (result.Undelivered.Count > 0)
        {
            call.Screen.Note($"{SyncVerb.Words(result.Undelivered)}");
        }

        if (result.GoneDays.Count > 0)
        {
            call.Screen.Note($"{SyncVerb.Gone(result)}", LineStyle.Faint);
        }

        return (result.Batch!, result.Alarms.Count > 0);
    }
}
