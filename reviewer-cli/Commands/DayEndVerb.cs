using System.CommandLine;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary><c>day end</c>: ends a day on the server early.</summary>
internal sealed class DayEndVerb : Verb
{
    private readonly Argument<string> _day = new("day") { Description = "The day.", HelpName = "YYYY-MM-DD" };

    public DayEndVerb(Surroundings around)
        : base(around, "end", "Ends a day on the server before its time. It takes effect no sooner than 7 days after that day, so that all reviewers have it by then.",
            "reviewer day end 2026-10-01") => Add(_day);

    protected override Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel)
    {
        if (!Days.TryParse(call.Parsed.GetRequiredValue(_day), out DateOnly day))
        {
            throw new ReviewerException(ExitCode.BadInput, "A day is written such as 2026-11-24.");
        }

        return call.WithHomeAsync(async home =>
        {
            call.Questions.Confirm($"End {day} on the server, with everything that was told on it? The other reviewers' next `sync` tells them.");
            using ReviewerApi api = call.Api(home);
            if (!Days.TryParse(await api.EndDayAsync(day, cancel), out DateOnly endsOn))
            {
                throw new ReviewerException(ExitCode.Refused, "The server took it, but does not say when the day ends: `reviewer sync` shows what is there.");
            }

            EarlyEnds.Remember(home.Index, day, endsOn);
            home.SaveIndex();
            call.Screen.Line($"{day} and all that was told on it goes from the server on {endsOn}. The other reviewers' next `sync` tells them.");
            call.Screen.Json(new DayEndOutput(Days.Text(day), Days.Text(endsOn)), OutputJson.Default.DayEndOutput);
            return ExitCode.Ok;
        });
    }
}
