using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace SecureDrop.Server.SourceApi.Plain;

/// <summary>HTML, piece by piece: what is not a constant of this program goes through <see cref="Text"/> or <see cref="Roster"/>.</summary>
internal sealed class Html
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _html = new();

    /// <summary>Markup of this program.</summary>
    public Html Add(string markup)
    {
        _html.Append(markup);
        return this;
    }

    public Html Text(string text)
    {
        _html.Append(Encoder.Encode(text));
        return this;
    }

    /// <summary>A text of the roster, which cannot turn round the direction of what stands beside it.</summary>
    public Html Roster(string text) => Add("<bdi>").Text(text).Add("</bdi>");

    public Html Paragraph(string text) => Add("<p>").Text(text).Add("</p>");

    public Html Paragraphs(IEnumerable<string> texts)
    {
        foreach (var text in texts)
            Paragraph(text);
        return this;
    }

    public Html List(IEnumerable<string> texts)
    {
        Add("<ul>");
        foreach (var text in texts)
            Add("<li>").Text(text).Add("</li>");
        return Add("</ul>");
    }

    public override string ToString() => _html.ToString();
}
