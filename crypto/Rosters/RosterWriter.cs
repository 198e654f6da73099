using System.Text.Json;
using SecureDrop.Crypto.Json;

namespace SecureDrop.Crypto.Rosters;

/// <summary>Writes <c>roster.json</c>, members in the order in which docs/protocol.md lists them.</summary>
internal static class RosterWriter
{
    public static byte[] Write(Roster roster) => StrictJson.Write(json =>
    {
        json.WriteString("format", Roster.FormatName);
        WriteStrings(json, "requires", roster.Requires);
        json.WriteString("dropKey", roster.DropKey.Text);
        json.WriteTexts("name", roster.Name);
        json.WriteNumber("version", roster.Version);
        json.WriteString("issued", Day.Write(roster.Issued));
        json.WriteString("expires", Day.Write(roster.Expires));
        WriteStrings(json, "origins", roster.Origins);
        WriteObjects(json, "reviewers", roster.Reviewers, WriteReviewer);
        WriteObjects(json, "former", roster.Former, WriteFormer);
        json.WriteStartObject("form");
        WriteObjects(json, "categories", roster.Form.Categories, WriteCategory);
        WriteObjects(json, "questions", roster.Form.Questions, WriteQuestion);
        json.WriteEndObject();
        WriteObjects(json, "channels", roster.Channels, WriteChannel);
        WriteObjects(json, "notices", roster.Notices, WriteNotice);
        json.WriteNumber("shardBits", roster.ShardBits);
    });

    private static void WriteReviewer(Utf8JsonWriter json, RosterReviewer reviewer)
    {
        WriteName(json, reviewer.Name);
        json.WriteString("signingKey", reviewer.SigningKey.Text);
        json.WriteString("sessionKey", reviewer.SessionKey.Text);
        json.WriteStartObject("recipient");
        json.WriteString("key", reviewer.Recipient.Key.Text);
        json.WriteString("lastDay", Day.Write(reviewer.Recipient.LastDay));
        json.WriteEndObject();
    }

    private static void WriteFormer(Utf8JsonWriter json, FormerReviewer former)
    {
        WriteName(json, former.Name);
        json.WriteString("signingKey", former.SigningKey.Text);
        json.WriteString("lastDay", Day.Write(former.LastDay));
    }

    private static void WriteCategory(Utf8JsonWriter json, RosterCategory category)
    {
        json.WriteString("id", category.Id);
        json.WriteTexts("label", category.Label);
    }

    private static void WriteQuestion(Utf8JsonWriter json, RosterQuestion question)
    {
        json.WriteString("id", question.Id);
        json.WriteTexts("label", question.Label);
        json.WriteBoolean("required", question.Required);
    }

    private static void WriteChannel(Utf8JsonWriter json, RosterChannel channel)
    {
        json.WriteString("kind", channel.Kind);
        json.WriteString("value", channel.Value);
        json.WriteTexts("label", channel.Label);
    }

    private static void WriteNotice(Utf8JsonWriter json, RosterNotice notice)
    {
        json.WriteString("day", Day.Write(notice.Day));
        json.WriteTexts("title", notice.Title);
        json.WriteTexts("text", notice.Text);
    }

    private static void WriteName(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? name)
    {
        if (name is null)
        {
            json.WriteNull("name");
        }
        else
        {
            json.WriteTexts("name", name);
        }
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }
        json.WriteEndArray();
    }

    private static void WriteObjects<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> values, Action<Utf8JsonWriter, T> members)
    {
        json.WriteStartArray(name);
        foreach (T value in values)
        {
            json.WriteStartObject();
            members(json, value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
