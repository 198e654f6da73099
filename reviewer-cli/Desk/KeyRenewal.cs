using System.Text;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Reports;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk;

/// <summary>A reviewer's age key changes weekly, so that one stolen later opens only what was sealed lately.</summary>
internal static class KeyRenewal
{
    /// <summary>Days a new key is sealed to: a week, and a week's grace for a reviewer who is away.</summary>
    public const int DaysServed = 14;

    /// <summary>Midnight may pass between sealing and the ticket that gives a report its day.</summary>
    private const int DaysAfterLast = 1;

    /// <summary>Makes the next identity and the statement that names it. The identity is on disk before anybody can seal to it.</summary>
    public static SignedStatement Renew(UnlockedHome home, MinisignPublicKey dropKey, int days, DateOnly today)
    {
        if (days is < 1 or > RecipientStatement.LongestSpanInDays)
        {
            throw new ReviewerException(ExitCode.BadInput, $"A key is sealed to for 1 to {RecipientStatement.LongestSpanInDays} days.");
        }

        // Statements known from the server count as well: an index or keystore from a copy may lack the latest serial.
        long last = Math.Max(home.Keys.Identities.Max(i => i.Serial) ?? 0, home.Index.Recipients
            .Select(r => RecipientStatement.Parse(Encoding.UTF8.GetBytes(r.Statement)))
            .Where(s => s.SigningKey.Equals(home.Keys.Signing.PublicKey)).Select(s => s.Serial).DefaultIfEmpty(0).Max());
        if (last >= StrictObject.LargestInteger)
        {
            throw new ReviewerException(ExitCode.BadInput,
                "A key in your name has the highest serial there is, so none can follow it: your signing key was used by somebody else. "
                + "Tell whoever holds the drop key to remove it, and make new keys. Nothing was changed.");
        }

        HybridIdentity identity = HybridIdentity.Generate();
        RecipientStatement statement = new(dropKey, home.Keys.Signing.PublicKey, last + 1, identity.Recipient, today, today.AddDays(days - 1));
        SignedStatement signed = SignedStatement.Sign(StatementPurpose.Recipient, statement.Write(), home.Keys.Signing);
        home.Keys.Identities.Add(new OwnIdentity(identity, statement.Serial, statement.FirstDay, statement.LastDay));
        home.Keys.MadeStatements.Add(Encoding.UTF8.GetString(signed.Statement.Span));
        home.SaveKeys();
        return signed;
    }

    /// <summary>
    /// One sentence where this reviewer renews and the roster undoes it: it names a key of theirs for longer than a drop that rotates should
    /// (protocol, "Roster"), and a server that leaves the renewed ones out has sources seal to that. Null where there is nothing to say.
    /// </summary>
    public static string? UndoneByRoster(UnlockedHome home, Roster? roster, DateOnly today)
    {
        if (home.Keys.Identities[^1].Serial is null || InRoster(home, roster) is not { } me
            || me.Recipient.LastDay < today || KeyTerm.DestroyedInRoster(home, roster, today) is not null || me.Recipient.LastDay <= roster!.Issued.AddDays(Roster.RotatingRecipientsInDays))
        {
            return null;
        }

        return $"Renewing your key protects nothing yet: the roster itself names one of yours until {Days.Text(me.Recipient.LastDay)}, and a server can have sources seal "
            + $"to that. Whoever holds the drop key: \"recipientDays\": {Roster.RotatingRecipientsInDays} in the draft, `reviewer roster sign`, `reviewer roster publish`.";
    }

    /// <summary>How the roster names this reviewer, or null.</summary>
    public static RosterReviewer? InRoster(UnlockedHome home, Roster? roster) =>
        roster?.Reviewers.FirstOrDefault(r => r.SigningKey.Equals(home.Keys.Signing.PublicKey));

    /// <summary>
    /// Destroys identities to which nothing can come any more: their last day, and the one after, were fetched whole and are closed.
    /// Kept reports that only they open are first sealed again to the keystore's own key.
    /// </summary>
    /// <returns>How many.</returns>
    /// <exception cref="OperationCanceledException">The command is to stop; no key is destroyed, and the next run goes on.</exception>
    public static int DestroyOld(UnlockedHome home, DateOnly today, Meter meter, CancellationToken cancel)
    {
        OwnIdentity newest = home.Keys.Identities[^1];
        OwnIdentity[] old =
        [
            .. home.Keys.Identities.Where(i => i != newest && i.LastDay < today && i.LastDay.AddDays(DaysAfterLast) <= home.Index.CompleteThrough
                && home.Index.Days.All(d => d.Key > i.LastDay.AddDays(DaysAfterLast) || d.Value.IsComplete)),
        ];
        foreach (OwnIdentity identity in old)
        {
            SealAgain(home, identity, meter, cancel);
            if (KeyTerm.WasNamed(home, identity.Identity.Recipient))
            {
                home.Keys.Destroyed.Add(ReportRoster.RecipientSha256(identity.Identity.Recipient));
            }

            home.Keys.Identities.Remove(identity);
        }

        if (old.Length > 0)
        {
            home.SaveIndex();
            home.SaveKeys();
        }

        foreach (OwnIdentity identity in old)
        {
            identity.Dispose();
        }

        return old.Length;
    }

    private static void SealAgain(UnlockedHome home, OwnIdentity identity, Meter meter, CancellationToken cancel)
    {
        meter.What = "Sealing kept reports again";
        string opener = ReportRoster.RecipientSha256(identity.Identity.Recipient);
        foreach (ReportEntry report in home.Index.Reports.Where(r => r.OpenedBy == opener))
        {
            string path = home.Home.Report(report.Day, report.Id);
            if (!File.Exists(path))
            {
                continue;
            }

            try
            {
                using StoppableStream sealedBytes = new(File.OpenRead(path), cancel, meter);
                // A run that was interrupted may have sealed this one again already: the own key is tried too.
                using AgeOpenStream open = AgeOpenStream.Open(sealedBytes, [identity.Identity, home.Keys.Own]);
                AtomicFile.Write(path, stream =>
                {
                    using AgeSealStream seal = new(stream, [home.Keys.Own.Recipient], leaveOpen: true);
                    open.CopyTo(seal);
                    seal.Complete();
                });
                report.OpenedBy = ReportRoster.RecipientSha256(home.Keys.Own.Recipient);
            }
            catch (AgeFormatException)
            {
                // No key opens it any more. Whoever can damage one file here must not thereby keep every old key alive.
                report.Verdict = EntryVerdict.Broken;
                report.Problem = "damaged on this disk since it came";
                report.OpenedBy = null;
            }
        }
    }
}
