using System.Text.Json;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Reports;

/// <summary>The members of <c>report.json</c>, in the order in which they are written.</summary>
internal static class ReportJson
{
    private const int Sha256SizeInBytes = 32;
    private const int TagKeySizeInBytes = 32;

    public static Report Parse(ReadOnlySpan<byte> json)
    {
        StrictObject report = StrictJson.ParseObject(json);
        report.RequireExactly("format", Report.Format);
        return new Report
        {
            Id = Convert.ToHexStringLower(report.RequireHex("id", Report.IdSizeInBytes)),
            Kind = report.RequireText("kind"),
            Day = report.RequireDay("day"),
            Roster = ParseRoster(report.RequireObject("roster")),
            Conversation = ParseConversation(report.RequireObject("conversation")),
            Language = report.RequireText("language"),
            Category = report.RequireTextOrNull("category"),
            Answers = report.RequireTextMap("answers"),
            Message = report.RequireText("message"),
            Contact = report.RequireTextOrNull("contact"),
            Reward = report.RequireBoolean("reward"),
            Attachments = [.. report.RequireObjects("attachments", ReportLimits.MaxAttachments).Select(ParseAttachment)],
        };
    }

    public static byte[] Write(Report report) => StrictJson.Write(json =>
    {
        json.WriteString("format", Report.Format);
        json.WriteString("id", report.Id);
        json.WriteString("kind", report.Kind);
        json.WriteString("day", Day.Write(report.Day));
        json.WriteStartObject("roster");
        json.WriteNumber("version", report.Roster.Version);
        json.WriteString("sha256", report.Roster.Sha256);
        json.WriteStartArray("recipients");
        foreach (string recipient in report.Roster.Recipients)
        {
            json.WriteStringValue(recipient);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("conversation");
        json.WriteString("recipient", report.Conversation.Recipient);
        json.WriteString("signingKey", report.Conversation.SigningKey.Text);
        json.WriteString("tagKey", report.Conversation.TagKey);
        json.WriteEndObject();
        json.WriteString("language", report.Language);
        json.WriteString("category", report.Category);
        json.WriteStartObject("answers");
        foreach ((string question, string answer) in report.Answers)
        {
            json.WriteString(question, answer);
        }
        json.WriteEndObject();
        json.WriteString("message", report.Message);
        json.WriteString("contact", report.Contact);
        json.WriteBoolean("reward", report.Reward);
        json.WriteStartArray("attachments");
        foreach (ReportAttachment attachment in report.Attachments)
        {
            WriteAttachment(json, attachment);
        }
        json.WriteEndArray();
    });

    private static ReportRoster ParseRoster(StrictObject roster)
    {
        IReadOnlyList<string> recipients = roster.RequireTexts("recipients");
        return recipients.All(IsSha256)
            ? new ReportRoster(roster.RequireInteger("version"), Convert.ToHexStringLower(roster.RequireHex("sha256", Sha256SizeInBytes)), recipients)
            : throw roster.Error("recipients", "has an entry that is not 32 bytes in lower-case hex");
    }

    private static ReportConversation ParseConversation(StrictObject conversation) => new(
        conversation.RequireText("recipient"),
        MinisignPublicKey.TryParse(conversation.RequireText("signingKey"), out MinisignPublicKey? key)
            ? key
            : throw conversation.Error("signingKey", "is not a minisign public key"),
        Convert.ToHexStringLower(conversation.RequireHex("tagKey", TagKeySizeInBytes)));

    private static ReportAttachment ParseAttachment(StrictObject attachment) => new(
        attachment.RequireText("path"),
        attachment.RequireText("name"),
        attachment.RequireText("type"),
        attachment.RequireInteger("bytes"),
        Convert.ToHexStringLower(attachment.RequireHex("sha256", Sha256SizeInBytes)),
        attachment.RequireBoolean("scrubbed"));

    private static void WriteAttachment(Utf8JsonWriter json, ReportAttachment attachment)
    {
        json.WriteStartObject();
        json.WriteString("path", attachment.Path);
        json.WriteString("name", attachment.Name);
        json.WriteString("type", attachment.Type);
        json.WriteNumber("bytes", attachment.SizeInBytes);
        json.WriteString("sha256", attachment.Sha256);
        json.WriteBoolean("scrubbed", attachment.Scrubbed);
        json.WriteEndObject();
    }

    private static bool IsSha256(string text) => text.Length == 2 * Sha256SizeInBytes && text.All(char.IsAsciiHexDigitLower);
}
