namespace SecureDrop.Crypto.Reports;

/// <summary>A sealed file that was opened, and of which every check holds but those in <see cref="Alarms"/>.</summary>
public sealed class OpenedReport
{
    internal OpenedReport()
    {
    }

    /// <summary>Report, decoy or plain report.</summary>
    public required ReportVerdict Verdict { get; init; }

    /// <summary><c>report.json</c>, null for a plain report.</summary>
    public required Report? Report { get; init; }

    /// <summary>SHA-256 of <c>report.json</c> as it stood in the archive, lower-case hex; null for a plain report.</summary>
    public required string? ReportJsonSha256 { get; init; }

    /// <summary>Roster and recipients, in the order of the checks; empty is as it should be.</summary>
    public required IReadOnlyList<ReportAlarm> Alarms { get; init; }

    /// <summary>Stanzas of the file: how many can read it.</summary>
    public required int RecipientCount { get; init; }

    /// <summary>Index of the identity that opened it, among those given.</summary>
    public required int IdentityIndex { get; init; }

    /// <summary>Length of the plaintext: a size class, but for a plain report, whose one file this is.</summary>
    public required long PlaintextSizeInBytes { get; init; }

    /// <summary>Whether it may be remembered as seen: signed, and without any alarm.</summary>
    public bool PassedEveryCheck => Report is not null && Alarms.Count == 0;
}
