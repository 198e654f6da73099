using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk;

/// <summary>
/// Days that end on the server. Whoever has one reviewer's session key can end them early, so every desk says it, once, while what was told on
/// them can still be fetched; and says which days are gone.
/// </summary>
internal static class EarlyEnds
{
    // A server that ends everything must not push what else there is to say out of sight.
    private const int MostNamed = 5;

    /// <summary>Remembers that this desk knows of it: it was asked here, or has been said.</summary>
    public static void Remember(InboxIndex index, DateOnly day, DateOnly endsOn)
    {
        if (!index.Days.TryGetValue(day, out DayState? state))
        {
            index.Days.Add(day, state = new DayState());
        }

        state.EndsOn = endsOn;
    }

    /// <summary>One sentence for the days that somebody else ended since the last look; null where there are none.</summary>
    public static string? Alarm(InboxIndex index, IEnumerable<(DateOnly Day, WireDay Listed)> days)
    {
        List<string> found = [];
        foreach ((DateOnly day, WireDay listed) in days)
        {
            if (Days.TryParse(listed.EndsOn, out DateOnly endsOn) && (!index.Days.TryGetValue(day, out DayState? state) || state.EndsOn != endsOn))
            {
                found.Add($"{Days.Text(day)} (goes on {Days.Text(endsOn)})");
                Remember(index, day, endsOn);
            }
        }

        return found.Count == 0
            ? null
            : $"Ended early on the server, with a reviewer's session key: {Named(found)}. All of you run `reviewer sync` before then. "
                + "If none of you did it, that key is stolen: new keys for its owner, and a new roster.";
    }

    /// <summary>Days that the server listed once and does not list any more, each told once.</summary>
    public static IReadOnlyList<DateOnly> Gone(InboxIndex index, IEnumerable<(DateOnly Day, WireDay Listed)> days)
    {
        HashSet<DateOnly> listed = [.. days.Select(d => d.Day)];
        List<DateOnly> gone = [];
        foreach ((DateOnly day, DayState state) in index.Days)
        {
            bool isGone = !listed.Contains(day);
            if (isGone && !state.IsGone)
            {
                gone.Add(day);
            }

            state.IsGone = isGone;
        }

        return gone;
    }

    public static string Named(IReadOnlyCollection<string> days) =>
        string.Join(", ", days.Take(MostNamed)) + (days.Count > MostNamed ? $" and {days.Count - MostNamed} more" : "");
}
