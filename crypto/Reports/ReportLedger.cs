namespace SecureDrop.Crypto.Reports;

/// <summary>What a report is to those seen before.</summary>
public enum ReportNovelty
{
    /// <summary>Not seen before.</summary>
    New,

    /// <summary>Byte for byte the <c>report.json</c> of one that passed every check.</summary>
    Duplicate,

    /// <summary>The id of one that passed every check, with other bytes: an attack, and to be shown as one.</summary>
    IdReused,
}

/// <summary>
/// The reports that passed every check, by id and by the SHA-256 of <c>report.json</c>. One with an alarm is remembered neither by bytes nor
/// by id: else whoever got a broken copy in first would have displaced the true one.
/// </summary>
public sealed class ReportLedger
{
    private readonly Dictionary<string, string> _jsonSha256ById;

    /// <summary>An empty ledger, or one as <see cref="Entries"/> gave it.</summary>
    /// <param name="entries">SHA-256 of <c>report.json</c> by the report's id, both lower-case hex.</param>
    public ReportLedger(IEnumerable<KeyValuePair<string, string>>? entries = null) => _jsonSha256ById = new(entries ?? [], StringComparer.Ordinal);

    /// <summary>SHA-256 of <c>report.json</c> by the report's id, both lower-case hex: to be kept.</summary>
    public IReadOnlyDictionary<string, string> Entries => _jsonSha256ById;

    /// <summary>Judges a report; a plain report, which has no id, is always new.</summary>
    public ReportNovelty Judge(OpenedReport opened)
    {
        ArgumentNullException.ThrowIfNull(opened);
        return opened.Report is null || !_jsonSha256ById.TryGetValue(opened.Report.Id, out string? seen) ? ReportNovelty.New
            : seen == opened.ReportJsonSha256 ? ReportNovelty.Duplicate
            : ReportNovelty.IdReused;
    }

    /// <summary>Remembers a report, if it may be: it passed every check and is new.</summary>
    /// <returns>What it was before.</returns>
    public ReportNovelty Remember(OpenedReport opened)
    {
        ReportNovelty novelty = Judge(opened);
        if (novelty == ReportNovelty.New && opened.PassedEveryCheck)
        {
            _jsonSha256ById.Add(opened.Report!.Id, opened.ReportJsonSha256!);
        }
        return novelty;
    }
}
