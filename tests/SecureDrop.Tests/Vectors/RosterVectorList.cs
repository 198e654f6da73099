using System.Text;
using System.Text.Json.Nodes;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;

namespace SecureDrop.Tests.Vectors;

/// <summary>Collects the vectors of <c>own/rosters.json</c>: an answer of <c>GET /api/v1/roster</c>, and what a source makes of it.</summary>
internal sealed class RosterVectorList(TestDrop drop)
{
    internal JsonArray Vectors { get; } = [];

    internal TestDrop Drop => drop;

    /// <summary>The roster's text, as the writer gives it.</summary>
    internal string Text { get; } = Encoding.UTF8.GetString(drop.Roster.Write());

    /// <summary>Everybody with the roster's own recipient.</summary>
    internal IReadOnlyList<(int Reviewer, string Key, string From)> Own => [.. drop.Recipients.Select((key, reviewer) => (reviewer, key.Text, "roster"))];

    /// <summary>An answer with this roster, signed by the drop key or another.</summary>
    internal RosterAnswer Answer(string? roster = null, MinisignKeyPair? signer = null) => new(
        drop.DropKey.PublicKey, [], SignedStatement.Sign(StatementPurpose.Roster, Encoding.UTF8.GetBytes(roster ?? Text), signer ?? drop.DropKey), []);

    /// <summary>The roster's text with one change.</summary>
    internal string Changed(string from, string to) => Text.Contains(from, StringComparison.Ordinal)
        ? Text.Replace(from, to, StringComparison.Ordinal)
        : throw new ArgumentException($"The roster has no {from}.", nameof(from));

    /// <summary>The roster's text after a change of its tree.</summary>
    internal string Edited(Action<JsonObject> edit)
    {
        JsonObject roster = JsonNode.Parse(Text)!.AsObject();
        edit(roster);
        return roster.ToJsonString();
    }

    internal void Take(string what, RosterAnswer answer, IReadOnlyList<(int Reviewer, string Key, string From)>? recipients = null, string? link = "", DateOnly? day = null) =>
        Add(what, answer, null, link, day, recipients ?? Own);

    internal void Refuse(string what, string check, RosterAnswer answer, string? link = "", DateOnly? day = null) => Add(what, answer, check, link, day, null);

    /// <summary>An answer whose own text is what is wrong.</summary>
    internal void RefuseText(string what, string answer) => Vectors.Add((JsonNode)new JsonObject
    {
        ["what"] = what,
        ["link"] = drop.DropKey.PublicKey.Text,
        ["day"] = Day.Write(TestDrop.Today),
        ["answerText"] = answer,
        ["check"] = "answer",
    });

    private void Add(string what, RosterAnswer answer, string? check, string? link, DateOnly? day, IReadOnlyList<(int Reviewer, string Key, string From)>? recipients)
    {
        JsonObject vector = new()
        {
            ["what"] = what,
            ["link"] = link is { Length: 0 } ? drop.DropKey.PublicKey.Text : link,
            ["day"] = Day.Write(day ?? TestDrop.Today),
            ["answer"] = JsonNode.Parse(answer.Write()),
            ["check"] = check,
        };
        if (recipients is not null)
        {
            vector["recipients"] = new JsonArray([.. recipients.Select(r => (JsonNode)new JsonObject { ["reviewer"] = r.Reviewer, ["key"] = r.Key, ["from"] = r.From })]);
            vector["missing"] = new JsonArray([.. Enumerable.Range(0, drop.Reviewers.Count).Except(recipients.Select(r => r.Reviewer)).Select(index => (JsonNode)index)]);
        }
        Vectors.Add((JsonNode)vector);
    }
}
