using System.Security.Cryptography;
using SecureDrop.Crypto.Json;

namespace SecureDrop.Crypto.Reports;

/// <summary>
/// <c>report.json</c>: what a source says, and about itself. All texts are hostile until proven otherwise; they are carried as they came and
/// neutralised where they are shown.
/// </summary>
public sealed record Report
{
    /// <summary>Value of the member <c>format</c>.</summary>
    public const string Format = "securedrop-report/1";

    /// <summary>Size of <see cref="Id"/> before hex.</summary>
    public const int IdSizeInBytes = 16;

    /// <summary>128 random bits, lower-case hex. Not the id of the upload, which the server knows.</summary>
    public required string Id { get; init; }

    /// <summary>See <see cref="ReportKind"/>; any text.</summary>
    public required string Kind { get; init; }

    /// <summary>The source's day (UTC, its own clock).</summary>
    public required DateOnly Day { get; init; }

    /// <summary>The roster and the recipients it was sealed to.</summary>
    public required ReportRoster Roster { get; init; }

    /// <summary>By what the source is answered and recognised.</summary>
    public required ReportConversation Conversation { get; init; }

    /// <summary>Language of the page.</summary>
    public required string Language { get; init; }

    /// <summary>An id of the form's categories, or null.</summary>
    public required string? Category { get; init; }

    /// <summary>Answers by the id of the form's question.</summary>
    public required IReadOnlyDictionary<string, string> Answers { get; init; }

    /// <summary>The text.</summary>
    public required string Message { get; init; }

    /// <summary>What the source chose to give, or null.</summary>
    public required string? Contact { get; init; }

    /// <summary>Whether the source asks for a reward.</summary>
    public required bool Reward { get; init; }

    /// <summary>The attachments, in the order of their members; at most <see cref="ReportLimits.MaxAttachments"/>.</summary>
    public required IReadOnlyList<ReportAttachment> Attachments { get; init; }

    /// <summary>A new random id.</summary>
    public static string NewId() => RandomNumberGenerator.GetHexString(2 * IdSizeInBytes, lowercase: true);

    /// <summary>Reads <c>report.json</c>.</summary>
    /// <exception cref="StrictJsonException">A member is missing, of the wrong type or stands twice, or the text is no valid UTF-8.</exception>
    public static Report Parse(ReadOnlySpan<byte> json) => ReportJson.Parse(json);

    /// <summary>Writes <c>report.json</c>: UTF-8, no BOM, no white space. Half of a surrogate pair, which no UTF-8 can hold, becomes U+FFFD.</summary>
    public byte[] Write() => ReportJson.Write(this);

    /// <summary>Never what the source wrote.</summary>
    public override string ToString() => nameof(Report);
}
