using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk.Rosters;

/// <summary>Signs rosters and successors: all that needs the drop key, none of it a network.</summary>
internal static class RosterSigning
{
    private const int LongestNameInCells = 40;

    /// <summary>Signs the draft as the next roster of this home.</summary>
    /// <exception cref="ReviewerException">Not a roster, or not the key whose turn it is.</exception>
    public static Roster Sign(HomeDirectory home, MinisignKeyPair dropKey, DateOnly today, long? version = null)
    {
        RosterDraft draft = RosterDraft.Read(home.RosterDraft);
        RosterMembers members = RosterMembers.Read(home);
        members.DropKey ??= dropKey.PublicKey.Text;
        RequireTurn(home, members.RequireDropKey(), dropKey.PublicKey);
        if (members.Reviewers.Count == 0)
        {
            throw new ReviewerException(ExitCode.BadInput, "A roster needs a reviewer: `reviewer roster add CARD`.");
        }

        Roster? before = Last(home);
        long last = before?.Version ?? 0;
        if (version <= last)
        {
            throw new ReviewerException(ExitCode.BadInput, $"The roster here is version {last}: a new one needs a higher number.");
        }

        try
        {
            Roster roster = WithoutDestroyedKeys(draft.Build(members, version ?? last + 1, today), before, today);
            if (draft.RecipientDays >= draft.DaysValid && ByRenewedKeysAlone(roster) is [_, ..] ended)
            {
                throw new ReviewerException(ExitCode.BadInput,
                    $"The days of a key in the last roster are over, so it may be destroyed, and nobody could open what is sealed to it: {Names(ended)}. "
                    + "Take a new card: `reviewer key export --out card.json` where the keystore is, `reviewer roster add card.json` here, and sign then. Nothing was signed.");
            }

            byte[] bytes = roster.Write();
            RosterFiles.Write(home, SignedStatement.Sign(StatementPurpose.Roster, bytes, dropKey));
            members.Write(home);
            return roster;
        }
        catch (RosterException e)
        {
            throw new ReviewerException(ExitCode.BadInput, $"The draft {home.RosterDraft} does not make a roster: {e.Message}", e);
        }
    }

    /// <summary>Whom no source can seal to by this roster alone: the days of their keys were over before it was issued.</summary>
    public static IReadOnlyList<RosterReviewer> ByRenewedKeysAlone(Roster roster) => [.. roster.Reviewers.Where(r => r.Recipient.LastDay < roster.Issued)];

    /// <summary>Names of reviewers, as they may be shown.</summary>
    public static string Names(IReadOnlyList<RosterReviewer> reviewers) => string.Join(", ", reviewers.Select(r =>
        r.Name is { } name && name.TryGetValue("en", out string? text) ? TerminalText.Line(text, LongestNameInCells) : r.SigningKey.Text[..12]));

    /// <summary>A key whose days were over is not named for new ones: its owner's desk destroys it then, as it promised.</summary>
    private static Roster WithoutDestroyedKeys(Roster roster, Roster? before, DateOnly today) => roster with
    {
        Reviewers =
        [
            .. roster.Reviewers.Select(r => before?.Reviewers.FirstOrDefault(b => b.Recipient.Key.Equals(r.Recipient.Key)) is { } was && was.Recipient.LastDay < today
                ? r with { Recipient = was.Recipient } : r),
        ],
    };

    /// <summary>Signs a new drop key with the present one; rosters are signed by the new one from the next on.</summary>
    public static void SignSuccessor(HomeDirectory home, MinisignKeyPair present, MinisignPublicKey next)
    {
        RosterMembers members = RosterMembers.Read(home);
        members.DropKey ??= present.PublicKey.Text;
        RequireTurn(home, members.RequireDropKey(), present.PublicKey);
        SignedStatement signed = SignedStatement.Sign(StatementPurpose.Successor, new Successor(present.PublicKey, next).Write(), present);
        RosterFiles.WriteSuccessors(home, [.. RosterFiles.ReadSuccessors(home), signed]);
        members.Write(home);
    }

    /// <summary>The roster signed here last, or null; not verified.</summary>
    public static Roster? Last(HomeDirectory home)
    {
        if (RosterFiles.Read(home) is not { } signed)
        {
            return null;
        }

        try
        {
            return Roster.Parse(signed.Statement.Span);
        }
        catch (RosterException e)
        {
            throw new ReviewerException(ExitCode.Damaged, $"{home.Roster} is not a roster any more: {e.Message} Bring it back from a copy.", e);
        }
    }

    private static void RequireTurn(HomeDirectory home, MinisignPublicKey first, MinisignPublicKey signer)
    {
        MinisignPublicKey turn;
        try
        {
            turn = DropKeyChain.Verify(first, RosterFiles.ReadSuccessors(home)).Last;
        }
        catch (RosterException e)
        {
            throw new ReviewerException(ExitCode.Damaged, $"{home.Successors} does not hold: {e.Message}", e);
        }

        if (!turn.Equals(signer))
        {
            throw new ReviewerException(ExitCode.BadInput,
                $"This is not the drop key whose turn it is. Needed is {turn.Text}; given was {signer.Text}. Nothing was signed.");
        }
    }
}
