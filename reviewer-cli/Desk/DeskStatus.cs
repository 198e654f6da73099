using System.Text;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk.Rosters;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk;

/// <summary>How things stand at this desk, and what is due.</summary>
internal sealed record DeskStatus(string Home, string Name, string? DropKey, string? Server, int Reports, int New, int Unanswered, int Alarms,
    int RepliesWaiting, int RepliesInBatch, DateOnly? LastSync, DateOnly? LastBatch, long? RosterVersion, DateOnly? RosterExpires,
    int Identities, DateOnly KeyLastDay, bool DropKeyOnThisDisk, IReadOnlyList<string> Due)
{
    private const int WarnDays = 14;

    public static DeskStatus Of(UnlockedHome home)
    {
        DateOnly today = home.Clock.Today();
        Roster? roster = new RosterKnowledge(home).Newest();
        // A key that was made but never reached the server is one that no source seals to.
        HashSet<string> published = [.. home.Index.Recipients.Select(r => r.Statement)];
        long[] unpublished = [.. home.Keys.MadeStatements.Where(s => !published.Contains(s)).Select(s => RecipientStatement.Parse(Encoding.UTF8.GetBytes(s)).Serial)];
        OwnIdentity known = home.Keys.Identities.LastOrDefault(i => i.Serial is not { } serial || !unpublished.Contains(serial)) ?? home.Keys.Identities[^1];
        // The identity is kept for as long as any roster may have named it; sources seal to it as long as this one does.
        DateOnly keyLastDay = known.Serial is null && KeyRenewal.InRoster(home, roster) is { } me && me.Recipient.Key.Equals(known.Identity.Recipient)
            ? me.Recipient.LastDay : known.LastDay;
        bool dropKeyHere = File.Exists(home.Home.DropKey);
        List<string> due = [];
        if (home.Keys.DropKey is null)
        {
            due.Add("The drop is not known yet: `reviewer join LINK`.");
        }

        if (roster is not null && roster.Expires < today.AddDays(WarnDays))
        {
            due.Add($"The roster ends on {Days.Text(roster.Expires)}; then nobody can tell anything. Whoever holds the drop key: `reviewer roster sign`, `reviewer roster publish`.");
        }

        if (home.Keys.Identities[^1].Serial is { } newest && unpublished.Contains(newest))
        {
            due.Add("A new key was made but no source knows it yet: `reviewer key renew` again.");
        }
        else if (keyLastDay < today.AddDays(7))
        {
            due.Add($"Your key is sealed to until {Days.Text(keyLastDay)}: `reviewer key renew`.");
        }

        if (KeyTerm.DestroyedInRoster(home, roster, today) is { } destroyed)
        {
            due.Add(destroyed);
        }

        if (KeyRenewal.UndoneByRoster(home, roster, today) is { } undone)
        {
            due.Add(undone);
        }

        if (home.Index.LastSync is null || home.Index.LastSync < today.AddDays(-1))
        {
            due.Add("Reports wait to be fetched: `reviewer sync`.");
        }

        if (home.Settings.Server is { } server && ServerAddress.IsInTheClear(server))
        {
            due.Add($"{server} is reached without TLS: whoever is on the line can take your session, and end days by it. Use https, an onion address, or a tunnel to this machine.");
        }

        if (dropKeyHere)
        {
            due.Add($"The drop key lies on this disk ({home.Home.DropKey}): move it to a stick.");
        }

        return new DeskStatus(home.Home.Path, home.Keys.Name, home.Keys.DropKey?.Text, home.Settings.Server, home.Index.Reports.Count,
            home.Index.Reports.Count(r => !r.IsOpened), home.Index.Reports.Count(r => !r.IsAnswered && r.Conversation is not null),
            home.Index.Reports.Count(r => r.Alarms.Count > 0), home.Index.Outbox.Count(p => p.PostedOn is null),
            home.Index.Outbox.Count(p => p.PostedOn is not null), home.Index.LastSync, home.Index.LastBatch, roster?.Version, roster?.Expires,
            home.Keys.Identities.Count, keyLastDay, dropKeyHere, due);
    }
}
