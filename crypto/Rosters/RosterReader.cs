using SecureDrop.Crypto.Json;

namespace SecureDrop.Crypto.Rosters;

/// <summary>Reads <c>roster.json</c> and holds it to the rules of its format.</summary>
internal static class RosterReader
{
    private const int MostEntries = 1000;

    public static Roster Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > Roster.LargestInBytes)
        {
            throw new RosterException(RosterCheck.Rule, $"It is longer than {Roster.LargestInBytes} bytes.");
        }
        Roster roster = RosterText.Read(utf8, Roster.FormatName, Read);
        RequireRules(roster);
        return roster;
    }

    /// <summary>The rules that hold beyond the types of the members.</summary>
    public static void RequireRules(Roster roster)
    {
        Require(roster.Reviewers.Count is >= 1 and <= Roster.MostReviewers, $"A roster has 1 to {Roster.MostReviewers} reviewers.");
        Require(roster.Issued <= roster.Expires, "It expires before it is issued.");
        Require(roster.ShardBits is >= 0 and <= Replies.Shard.LargestBits, $"shardBits is 0 to {Replies.Shard.LargestBits}.");
        // One key in two places would let one reviewer speak, or read, as another.
        Require(
            AllDiffer(roster.Reviewers.SelectMany(r => new[] { r.SigningKey.Text, r.SessionKey.Text, r.Recipient.Key.Text })),
            "All keys of reviewers must differ.");
        Require(AllDiffer(roster.Form.Categories.Select(c => c.Id)), "Two categories have one id.");
        Require(AllDiffer(roster.Form.Questions.Select(q => q.Id)), "Two questions have one id.");
        Require(roster.Channels.All(c => RosterChannel.Kinds.Contains(c.Kind)), $"A channel's kind is one of {string.Join(", ", RosterChannel.Kinds)}.");
    }

    private static Roster Read(StrictObject json)
    {
        IReadOnlyList<string> requires = json.RequireTexts("requires", MostEntries);
        if (requires.Count > 0)
        {
            // A later version may have changed the meaning of everything below: nothing more is read.
            throw new RosterException(RosterCheck.Requires);
        }
        StrictObject form = json.RequireObject("form");
        return new Roster
        {
            DropKey = json.RequireKey("dropKey"),
            Name = Texts.RequireTexts(json, "name"),
            Version = json.RequireInteger("version"),
            Issued = json.RequireDay("issued"),
            Expires = json.RequireDay("expires"),
            Origins = json.RequireTexts("origins", MostEntries),
            Reviewers = [.. json.RequireObjects("reviewers", MostEntries).Select(ReadReviewer)],
            Former = [.. json.RequireObjects("former", MostEntries).Select(f => new FormerReviewer(ReadName(f), f.RequireKey("signingKey"), f.RequireDay("lastDay")))],
            Form = new RosterForm(
                [.. form.RequireObjects("categories", MostEntries).Select(c => new RosterCategory(c.RequireText("id"), Texts.RequireTexts(c, "label")))],
                [.. form.RequireObjects("questions", MostEntries).Select(q => new RosterQuestion(q.RequireText("id"), Texts.RequireTexts(q, "label"), q.RequireBoolean("required")))]),
            Channels = [.. json.RequireObjects("channels", MostEntries).Select(c => new RosterChannel(c.RequireText("kind"), c.RequireText("value"), Texts.RequireTexts(c, "label")))],
            Notices = [.. json.RequireObjects("notices", MostEntries).Select(n => new RosterNotice(n.RequireDay("day"), Texts.RequireTexts(n, "title"), Texts.RequireTexts(n, "text")))],
            ShardBits = (int)json.RequireInteger("shardBits", 0, Replies.Shard.LargestBits),
        };
    }

    private static RosterReviewer ReadReviewer(StrictObject reviewer)
    {
        StrictObject recipient = reviewer.RequireObject("recipient");
        return new RosterReviewer(
            ReadName(reviewer),
            reviewer.RequireKey("signingKey"),
            reviewer.RequireKey("sessionKey"),
            new RosterRecipient(recipient.RequireRecipient("key"), recipient.RequireDay("lastDay")));
    }

    private static IReadOnlyDictionary<string, string>? ReadName(StrictObject json) => json.IsNull("name") ? null : Texts.RequireTexts(json, "name");

    private static bool AllDiffer(IEnumerable<string> values)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return values.All(seen.Add);
    }

    private static void Require(bool holds, string detail)
    {
        if (!holds)
        {
            throw new RosterException(RosterCheck.Rule, detail);
        }
    }
}
