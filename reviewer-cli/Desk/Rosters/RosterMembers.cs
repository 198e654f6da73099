using System.Text.Json;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk.Rosters;

/// <summary>Who the next roster names: kept by <c>roster add</c> and <c>roster remove</c>, on the machine where the drop key is used.</summary>
internal sealed class RosterMembers
{
    /// <summary>The drop's first key.</summary>
    public string? DropKey { get; set; }

    public List<ReviewerCard> Reviewers { get; set; } = [];

    public List<FormerCard> Former { get; set; } = [];

    public static RosterMembers Read(HomeDirectory home)
    {
        string path = home.Members;
        if (!File.Exists(path))
        {
            return new RosterMembers();
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), CardJson.Default.RosterMembers) ?? throw new JsonException("empty");
        }
        catch (JsonException e)
        {
            throw new ReviewerException(ExitCode.Damaged, $"{path} is not readable. Bring it back from a copy, or add the reviewers again.", e);
        }
    }

    public void Write(HomeDirectory home)
    {
        home.Create();
        AtomicFile.Write(home.Members, JsonSerializer.SerializeToUtf8Bytes(this, CardJson.Default.RosterMembers));
    }

    public MinisignPublicKey RequireDropKey() => MinisignPublicKey.TryParse(DropKey, out MinisignPublicKey? key)
        ? key
        : throw new ReviewerException(ExitCode.BadInput, "No drop key is known here yet: `reviewer roster draft` makes one.");

    /// <summary>Adds a reviewer; one with the same signing key is replaced (new keys of the same person).</summary>
    /// <returns>True if it was there before.</returns>
    public bool Add(ReviewerCard card)
    {
        bool replaced = Reviewers.RemoveAll(r => r.SigningKey == card.SigningKey) > 0;
        if (Reviewers.Any(r => r.SessionKey == card.SessionKey || r.Recipient == card.Recipient))
        {
            throw new ReviewerException(ExitCode.BadInput,
                "Another reviewer has one of these keys already; every reviewer needs keys of its own. Nothing was changed.");
        }

        if (Reviewers.Count >= Crypto.Rosters.Roster.MostReviewers)
        {
            throw new ReviewerException(ExitCode.BadInput, $"A roster has at most {Crypto.Rosters.Roster.MostReviewers} reviewers. Nothing was changed.");
        }

        Former.RemoveAll(f => f.SigningKey == card.SigningKey);
        Reviewers.Add(card);
        return replaced;
    }

    /// <summary>Moves a reviewer, by name or the beginning of the signing key, to those who left.</summary>
    public ReviewerCard Remove(string who, DateOnly lastDay)
    {
        ReviewerCard[] found = [.. Reviewers.Where(r => string.Equals(r.Name, who, StringComparison.OrdinalIgnoreCase)
            || (who.Length >= 6 && r.SigningKey.StartsWith(who, StringComparison.Ordinal)))];
        if (found is not [var one])
        {
            throw new ReviewerException(ExitCode.NotFound, found.Length == 0
                ? $"No reviewer is called {who}, and no signing key begins so."
                : $"{found.Length} reviewers are called {who}: give the beginning of the signing key.");
        }

        Reviewers.Remove(one);
        Former.Add(new FormerCard(one.Name, one.SigningKey, lastDay));
        return one;
    }
}
