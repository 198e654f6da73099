using System.Text;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Reports;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk;

/// <summary>
/// For how long rosters have sources seal to a key of this keystore's: it is kept until then and no longer, and what a roster says of one that
/// is gone already is said to the reviewer.
/// </summary>
internal static class KeyTerm
{
    /// <summary>Takes over what the newest roster says. A key that it names for less long than an earlier one did, or no more, is kept for those who
    /// still have the earlier one, as long as that is no alarm.</summary>
    /// <returns>True if anything moved.</returns>
    public static bool Follow(UnlockedHome home, Roster newest, DateOnly today)
    {
        bool moved = false;
        RecipientStatement[] made = [.. home.Keys.MadeStatements.Select(s => RecipientStatement.Parse(Encoding.UTF8.GetBytes(s)))];
        RosterRecipient? named = KeyRenewal.InRoster(home, newest)?.Recipient;
        foreach (OwnIdentity identity in home.Keys.Identities)
        {
            HybridRecipient key = identity.Identity.Recipient;
            bool isNamed = named is not null && named.Key.Equals(key);
            if (!isNamed && !WasNamed(home, key))
            {
                // A card that is still on its way to whoever holds the drop key.
                continue;
            }

            DateOnly stated = made.Where(s => s.Key.Equals(key)).Select(s => s.LastDay).DefaultIfEmpty(DateOnly.MinValue).Max();
            DateOnly asNow = isNamed && named!.LastDay > stated ? named.LastDay : stated;
            DateOnly grace = today.AddDays(KnownRosters.DaysOfGrace);
            DateOnly shortest = asNow > grace ? asNow : grace;
            DateOnly last = asNow > identity.LastDay ? asNow : shortest < identity.LastDay ? shortest : identity.LastDay;
            moved |= last != identity.LastDay;
            identity.LastDay = last;
        }

        return moved;
    }

    /// <summary>Whether a roster ever named the key, as far as this desk has seen.</summary>
    public static bool WasNamed(UnlockedHome home, HybridRecipient key) => home.Index.Rosters
        .Any(r => KeyRenewal.InRoster(home, Roster.Parse(Encoding.UTF8.GetBytes(r.Statement)))?.Recipient.Key.Equals(key) == true);

    /// <summary>One sentence where the roster has sources seal to a key that this keystore destroyed; null otherwise.</summary>
    public static string? DestroyedInRoster(UnlockedHome home, Roster? roster, DateOnly today) =>
        KeyRenewal.InRoster(home, roster) is { } me && me.Recipient.LastDay >= today && home.Keys.Destroyed.Contains(ReportRoster.RecipientSha256(me.Recipient.Key))
            ? $"The roster names a key of yours until {Days.Text(me.Recipient.LastDay)} that was destroyed here after its days were over: what is sealed to it nobody can open. "
                + "Bring a new card (`reviewer key export`) to whoever holds the drop key, for the next roster; until then `reviewer key renew` has sources seal to another key."
            : null;

    /// <summary>Whether sources have a renewed key of this reviewer's for the day, and so do not seal to the roster's.</summary>
    public static bool IsRenewed(UnlockedHome home, DateOnly day) => home.Index.Recipients
        .Select(r => RecipientStatement.Parse(Encoding.UTF8.GetBytes(r.Statement)))
        .Any(s => s.SigningKey.Equals(home.Keys.Signing.PublicKey) && s.Includes(day));

    /// <summary>
    /// The identity for a card, kept from now on for as long as a roster usually names one. One whose days are over may be destroyed any day,
    /// and is not named again: another takes its place.
    /// </summary>
    public static OwnIdentity ForCard(UnlockedHome home, DateOnly today)
    {
        List<OwnIdentity> identities = home.Keys.Identities;
        if (identities.Find(i => i.Serial is null && i.LastDay >= today) is { } present)
        {
            return present;
        }

        OwnIdentity made = new(HybridIdentity.Generate(), null, today, today.AddDays(Roster.LifetimeInDays));
        // Last stands the one that is never destroyed: that of the latest statement, where there is one.
        identities.Insert(identities[^1].Serial is null ? identities.Count : 0, made);
        home.SaveKeys();
        return made;
    }
}
