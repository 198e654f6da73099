using System.Security.Cryptography;
using System.Text;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Rosters;

namespace SecureDrop.Server.SourceApi.Plain;

/// <summary>Writes the pages: no script, nothing loaded, a form only where something can be sent.</summary>
internal static class PlainView
{
    private const string Style =
        ":root{color-scheme:light dark}html{font:100%/1.55 sans-serif}body{font-size:1.1875rem;max-width:38rem;margin:0 auto;padding:0 1rem 4rem;overflow-wrap:break-word}"
        + "h1,h2{line-height:1.25}section+section{border-top:1px solid;margin-top:4rem}pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid;padding:.5rem;max-height:20rem;overflow:auto}"
        + "code,pre{font-size:1rem}li{margin-bottom:.5rem}button,input{font:inherit;min-height:2.75rem;max-width:100%}:lang(zh-Hans){line-height:1.75}";

    /// <summary>Sandboxed but for the form, which may go nowhere else than to this server.</summary>
    public static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; img-src data:; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'; sandbox allow-forms allow-same-origin";

    /// <param name="verified">The roster, with who may be sealed to.</param>
    /// <param name="today">The day they were chosen for.</param>
    public static string Page(VerifiedRoster verified, DateOnly today) => Document(Of(verified.Roster.Name, "en"), (html, texts) =>
    {
        html.Add("<h1>").Text(texts.Title).Add("</h1><p>").Roster(Of(verified.Roster.Name, texts.Language)).Add("</p>");
        if (verified.IsClosed)
        {
            html.Add("<h2>").Text(texts.ClosedTitle).Add("</h2>")
                .Paragraph(verified.Roster.Expires < today ? texts.Expired(Day.Write(verified.Roster.Expires)) : texts.Nobody);
        }
        else
        {
            html.Paragraph(texts.Lead).Add("<p>").Text(texts.Ordinary).Add(" <a href=\"/\">/</a></p><h2>").Text(texts.BeforeTitle).Add("</h2>").List(texts.Before);
            Readers(html, verified, texts);
            Steps(html, verified, texts);
        }
        Others(html, verified.Roster, texts);
    });

    /// <summary>The file is stored.</summary>
    public static string Arrived() => Document("", (html, texts) => html.Add("<h1>").Text(texts.ArrivedTitle).Add("</h1>").Paragraphs(texts.Arrived));

    /// <summary>What was wrong, and what to do.</summary>
    public static string Fault(PlainFault fault, Roster? roster) => Document("", (html, texts) =>
    {
        html.Add("<h1>").Text(fault == PlainFault.NoPage ? texts.NoPageTitle : texts.NotSentTitle).Add("</h1>").Paragraphs(texts.Of(fault));
        if (roster is not null && fault is (PlainFault.Busy or PlainFault.NoPage or PlainFault.Quota or PlainFault.Full))
            Channels(html, roster, texts);
        // The page is loaded again where it is: a link to it would lose the key behind the # of its address.
        if (fault is not (PlainFault.NotSetUp or PlainFault.WrongHost or PlainFault.NoPage))
            html.Add($"<p><a href=\"{PlainRefusals.Path}\">").Text(texts.Back).Add("</a></p>");
    });

    private static void Readers(Html html, VerifiedRoster verified, PlainTexts texts)
    {
        var reviewers = verified.Roster.Reviewers;
        html.Add("<h2>").Text(texts.ReadersTitle).Add("</h2>").Paragraph(texts.Readers(verified.Recipients.Count, reviewers.Count)).Add("<ul>");
        for (var n = 0; n < reviewers.Count; n++)
        {
            html.Add("<li>").Roster(reviewers[n].Name is { } name ? Of(name, texts.Language) : texts.Unnamed);
            if (verified.Missing.Contains(n))
                html.Add(" ").Text(texts.CannotRead);
            html.Add("</li>");
        }
        var key = string.Join(' ', verified.Roster.DropKey.Text.Chunk(4).Select(group => new string(group)));
        html.Add("</ul><h2>").Text(texts.KeyTitle).Add("</h2><p><code>").Text(key).Add("</code></p>").Paragraph(texts.Key);
    }

    private static void Steps(Html html, VerifiedRoster verified, PlainTexts texts)
    {
        (string Id, string Text, string Line)[] steps =
        [
            ("folder", texts.Folder, ShellLines.Folder),
            ("pack", texts.Pack, ShellLines.Pack),
            ("pad", texts.Pad, ShellLines.Pad),
            ("pad-larger", texts.PadLarger, ShellLines.PadLarger),
            ("recipients", texts.Recipients, ShellLines.Recipients(verified.Recipients.Select(recipient => recipient.Key))),
            ("seal", texts.Seal, ShellLines.Seal),
        ];
        html.Add("<h2>").Text(texts.StepsTitle).Add("</h2>").Paragraph(texts.Needs).Add("<ol>");
        foreach (var (id, text, line) in steps)
            html.Add("<li>").Text(text).Add($"<pre id=\"{id}-{texts.Language}\" translate=\"no\" lang=\"en\" tabindex=\"0\">").Text(line).Add("</pre></li>");
        html.Add("</ol><h2>").Text(texts.SendTitle).Add("</h2>").Paragraph(texts.Send)
            .Add($"<form method=\"post\" action=\"{PlainRefusals.Path}\" enctype=\"multipart/form-data\" autocomplete=\"off\"><p><label for=\"file-{texts.Language}\">")
            .Text(texts.Label).Add($"</label></p><p><input type=\"file\" id=\"file-{texts.Language}\" name=\"{MultipartFile.Field}\" required></p><p><button id=\"send-{texts.Language}\">")
            .Text(texts.Button).Add("</button></p></form>");
    }

    private static void Channels(Html html, Roster roster, PlainTexts texts)
    {
        if (roster.Channels.Count == 0)
            return;
        html.Add("<h2>").Text(texts.ChannelsTitle).Add("</h2>").Paragraph(texts.ChannelsHint).Add("<ul>");
        foreach (var channel in roster.Channels)
            html.Add("<li>").Text(texts.KindOf(channel.Kind)).Add(": ").Roster(Of(channel.Label, texts.Language)).Add(" ").Roster(channel.Value).Add("</li>");
        html.Add("</ul>");
    }

    private static void Others(Html html, Roster roster, PlainTexts texts)
    {
        Channels(html, roster, texts);
        if (roster.Notices.Count == 0)
            return;
        html.Add("<h2>").Text(texts.NoticesTitle).Add("</h2><ul>");
        foreach (var notice in roster.Notices)
            html.Add("<li>").Text(Day.Write(notice.Day)).Add(" ").Roster(Of(notice.Title, texts.Language)).Add("<br>").Roster(Of(notice.Text, texts.Language)).Add("</li>");
        html.Add("</ul>");
    }

    private static string Document(string title, Action<Html, PlainTexts> section)
    {
        var html = new Html().Add("<!doctype html>\n<html lang=\"en\" translate=\"no\" class=\"notranslate\"><head><meta charset=\"utf-8\">")
            .Add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"google\" content=\"notranslate\">")
            .Add("<link rel=\"icon\" href=\"data:,\"><title>").Text(title.Length > 0 ? title : "Contact").Add($"</title><style>{Style}</style></head><body><nav><p>");
        foreach (var texts in PlainTexts.All)
            html.Add($"<a href=\"#{texts.Language}\" lang=\"{texts.Language}\">").Text(texts.OwnName).Add("</a> ");
        html.Add("</p></nav><main>");
        foreach (var texts in PlainTexts.All)
        {
            html.Add($"<section id=\"{texts.Language}\" lang=\"{texts.Language}\">");
            section(html, texts);
            html.Add("</section>\n");
        }
        return html.Add("</main></body></html>\n").ToString();
    }

    /// <summary>A text of the roster in this language; English where it has none, and else the first it has.</summary>
    private static string Of(IReadOnlyDictionary<string, string> texts, string language) =>
        texts.TryGetValue(language, out var text) || texts.TryGetValue("en", out text) ? text : texts.OrderBy(other => other.Key, StringComparer.Ordinal).First().Value;
}
