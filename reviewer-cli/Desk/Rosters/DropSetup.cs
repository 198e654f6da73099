using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk.Rosters;

/// <summary>Makes what is there on a first day. Nothing that exists is ever overwritten.</summary>
internal static class DropSetup
{
    /// <summary>A whole drop: drop key, reviewer's keys, draft, first roster.</summary>
    /// <returns>The signed roster.</returns>
    public static Roster CreateDrop(HomeDirectory home, PassphraseFile file, string dropName, string reviewerName, string origin, string? server,
        string dropKeyPath, ReadOnlySpan<byte> passphrase, DateOnly today, CancellationToken cancel)
    {
        RequireEmpty(home, dropKeyPath);
        using HomeLock held = HomeLock.Take(home);
        using MinisignKeyPair dropKey = MinisignKeyPair.Generate();
        using ReviewerKeys keys = ReviewerKeys.Generate(reviewerName, today, today.AddDays(Roster.LifetimeInDays));
        keys.DropKey = dropKey.PublicKey;
        bool hasDraft = File.Exists(home.RosterDraft);
        try
        {
            new DropKeyFile(file).Write(dropKeyPath, dropKey, passphrase);
            if (!hasDraft)
            {
                RosterDraft.WriteTemplate(home.RosterDraft, dropName, origin, overwrite: false);
            }

            RosterMembers members = new() { DropKey = dropKey.PublicKey.Text };
            members.Add(ReviewerCard.Of(keys));
            members.Write(home);
            Roster roster = RosterSigning.Sign(home, dropKey, today);
            new Settings { Server = server, SourceOrigin = origin }.Write(home);
            cancel.ThrowIfCancellationRequested();
            // Last: it is what says that a home is one.
            new KeystoreFile(home, file).Write(keys, passphrase, overwrite: false);
            return roster;
        }
        catch
        {
            // Nobody has seen these keys. Left there, they would stand in the way of the next try.
            string[] made = [dropKeyPath, home.Members, home.Roster, home.RosterSignature, home.Settings, .. hasDraft ? (string[])[] : [home.RosterDraft]];
            Array.ForEach(made, File.Delete);
            throw;
        }
    }

    /// <summary>A reviewer's own keys, for a drop whose key another holds.</summary>
    public static ReviewerCard CreateReviewer(HomeDirectory home, PassphraseFile file, string reviewerName, string? server, string? origin,
        MinisignPublicKey? dropKey, ReadOnlySpan<byte> passphrase, DateOnly today)
    {
        RequireEmpty(home, null);
        using HomeLock held = HomeLock.Take(home);
        using ReviewerKeys keys = ReviewerKeys.Generate(reviewerName, today, today.AddDays(Roster.LifetimeInDays));
        keys.DropKey = dropKey;
        new Settings { Server = server, SourceOrigin = origin }.Write(home);
        new KeystoreFile(home, file).Write(keys, passphrase, overwrite: false);
        return ReviewerCard.Of(keys);
    }

    /// <summary>A drop key alone, on the machine that will sign rosters; or the one that is there.</summary>
    public static MinisignPublicKey CreateDropKey(HomeDirectory home, PassphraseFile file, string dropKeyPath, ReadOnlySpan<byte> passphrase)
    {
        home.Create();
        using MinisignKeyPair dropKey = MinisignKeyPair.Generate();
        new DropKeyFile(file).Write(dropKeyPath, dropKey, passphrase);
        RosterMembers members = RosterMembers.Read(home);
        members.DropKey ??= dropKey.PublicKey.Text;
        members.Write(home);
        return dropKey.PublicKey;
    }

    /// <summary>Asked before any question: nobody should think of a passphrase in vain.</summary>
    public static void RequireEmpty(HomeDirectory home, string? dropKeyPath)
    {
        if (File.Exists(home.Keystore))
        {
            throw new ReviewerException(ExitCode.AlreadyThere,
                $"There is a keystore in {home.Path} already and it was left as it is. Give another --home for another drop.");
        }

        if (dropKeyPath is not null && File.Exists(dropKeyPath))
        {
            throw new ReviewerException(ExitCode.AlreadyThere,
                $"There is a drop key at {dropKeyPath} already and it was left as it is. Give another --drop-key; or, if an `init` was broken off before it printed a link, remove that file.");
        }

        // The machine where a team's rosters are signed: `init` would name one reader in the place of all of them.
        if (dropKeyPath is not null && (File.Exists(home.Members) || File.Exists(home.Roster)))
        {
            throw new ReviewerException(ExitCode.AlreadyThere,
                $"A roster was begun in {home.Path} already and it was left as it is. Your own keys: `reviewer init --reviewer`; another drop: give another --home.");
        }
    }
}
