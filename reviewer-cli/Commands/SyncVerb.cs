using System.CommandLine;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary><c>sync</c>: fetches whole days and posts the day's batch of replies.</summary>
internal sealed class SyncVerb(Surroundings around) : Verb(around, "sync",
    "Fetches what came, all of every day, and posts today's batch of replies. Goes on where the last one broke.",
    "reviewer sync", "reviewer sync --proxy socks5h://127.0.0.1:9050", "reviewer sync --json")
{
    protected override Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel) => call.WithHomeAsync(async home =>
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
            call.Screen.Alarm($"{problem.Message}");
        }

        call.Screen.Line($"{Summary(result)}");
        if (result.Undelivered.Count > 0)
        {
            call.Screen.Line($"{Words(result.Undelivered)}", LineStyle.Strong);
        }

        if (result.GoneDays.Count > 0)
        {
            call.Screen.Line($"{Gone(result)}", LineStyle.Faint);
        }

        if (result.Batch is { } batch)
        {
            call.Screen.Line($"{Words(batch)}", LineStyle.Faint);
        }

        call.Screen.Json(new SyncOutput(result.New, result.FollowUps, result.Marked, result.FetchedBytes, result.IdentitiesDestroyed, result.Batch,
            result.Alarms, [.. result.GoneDays.Select(Days.Text)], result.RosterProblem?.Message,
            [.. result.Undelivered.Select(u => new UndeliveredOutput(u.Id, Days.Text(u.Day), u.Reason))]), OutputJson.Default.SyncOutput);
        return result.RosterProblem is not null ? ExitCode.RosterRefused
            : result.Alarms.Count > 0 ? ExitCode.Alarm
            : result.Undelivered.Count > 0 ? ExitCode.NotDelivered : ExitCode.Ok;
    });

    internal static string Words(BatchResult batch)
    {
        string sent = batch.Posted
            ? $"Today's batch is posted{(batch.InBatch > 0 ? $" with {batch.InBatch} part{(batch.InBatch == 1 ? "" : "s")} of answers" : "")}."
            : "The drop is closed, so no batch could be posted.";
        string waiting = batch.Waiting > 0 ? $" {batch.Waiting} more wait for the batches of the next days." : "";
        string lost = batch.GivenUp > 0 ? $" {batch.GivenUp} waited longer than {Crypto.Replies.ReplyDays.MaxWaitInDays} days and were given up: write them again (`reviewer inbox --unanswered`)." : "";
        return sent + waiting + lost;
    }

    internal static string Words(List<Undelivered> undelivered)
    {
        bool isOne = undelivered.Count == 1;
        return $"{undelivered.Count} report{(isOne ? "" : "s")} that the server lists {(isOne ? "was" : "were")} not delivered: "
            + EarlyEnds.Named([.. undelivered.Select(u => $"{u.Id} of {Days.Text(u.Day)} ({u.Reason})")])
            + $". The next `reviewer sync` asks for {(isOne ? "it" : "them")} again; if it stays so, tell whoever runs the server.";
    }

    internal static string Gone(SyncResult result) => $"No longer on the server: {EarlyEnds.Named([.. result.GoneDays.Select(Days.Text)])}.";

    internal static string Summary(SyncResult result)
    {
        if (result.New == 0)
        {
            return "Nothing new.";
        }

        string marked = result.Marked > 0 ? $", {result.Marked} with something to look at first" : "";
        return $"{result.New} new ({result.FollowUps} of them follow-ups){marked}. `reviewer inbox --new` lists them.";
    }
}
