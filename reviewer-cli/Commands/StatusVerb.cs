using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary><c>status</c>: how things stand, and what is due.</summary>
internal sealed class StatusVerb(Surroundings around) : Verb(around, "status",
    "Shows how things stand here and at the server, and what is due.", "reviewer status", "reviewer status --json")
{
    private const int LongestWarningInCells = 240;
    private const int LongestDayInCells = 20;

    // Ours has a few. An endless list would push what stands above it out of every scroll-back.
    private const int MostWarnings = 20;

    protected override Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel) => call.WithHomeAsync(async home =>
    {
        DeskStatus desk = DeskStatus.Of(home);
        Screen screen = call.Screen;
        screen.Line($"{desk.New} new, {desk.Unanswered} unanswered, {desk.Reports} reports on this disk");
        if (desk.Alarms > 0)
        {
            screen.Alarm($"{desk.Alarms} report{(desk.Alarms == 1 ? " has" : "s have")} an alarm: `reviewer inbox` shows which.");
        }

        screen.Line($"answers: {desk.RepliesInBatch} in today's batch, {desk.RepliesWaiting} waiting");
        screen.Line($"home      {desk.Home}");
        screen.Line($"drop key  {desk.DropKey ?? "not known yet"}");
        screen.Line($"roster    {(desk.RosterVersion is null ? "none yet" : $"version {desk.RosterVersion}, ends {Days.Text(desk.RosterExpires!.Value)}")}");
        screen.Line($"your key  sealed to until {desk.KeyLastDay} ({desk.Identities} kept)");
        (ServerOutput? server, string? problem) = await AskServerAsync(call, home, cancel);
        screen.Line($"server    {desk.Server ?? "none"}{(server is null ? "" : $", its day is {TerminalText.Line(server.Day, LongestDayInCells)}")}");
        foreach (string warning in (server?.Warnings ?? []).Take(MostWarnings))
        {
            screen.Line($"          {TerminalText.Line(warning, LongestWarningInCells)}");
        }

        if (server is not null && server.Day != Days.Text(home.Clock.Today()))
        {
            screen.Line($"          this machine's day is {home.Clock.Today()}: one of the two clocks is wrong");
        }

        if (problem is not null)
        {
            screen.Note($"{problem}");
        }

        foreach (string due in desk.Due)
        {
            screen.Line($"due: {due}", LineStyle.Strong);
        }

        screen.Json(new StatusOutput(desk, server, problem), OutputJson.Default.StatusOutput);
        return ExitCode.Ok;
    });

    private static async Task<(ServerOutput? Server, string? Problem)> AskServerAsync(Invocation call, UnlockedHome home, CancellationToken cancel)
    {
        if (home.Settings.Server is null)
        {
            return (null, null);
        }

        try
        {
            using ReviewerApi api = call.Api(home);
            WireStatus status = await api.StatusAsync(cancel);
            return (new ServerOutput(status.Day, status.SetUp, status.PublishAtOnce, status.ShardBits, status.Warnings ?? []), null);
        }
        catch (ReviewerException e)
        {
            return (null, e.Message);
        }
    }
}
