namespace SecureDrop.Crypto.Reports;

/// <summary>What an opened file turned out to be.</summary>
public enum ReportVerdict
{
    /// <summary>A report, a follow-up or an unknown kind (<see cref="Report.Kind"/>): every check holds.</summary>
    Report,

    /// <summary>A decoy: every check holds, to be dropped silently.</summary>
    Decoy,

    /// <summary>A plain report, sealed by hand: one opaque file, unsigned, without conversation, to be shown as such.</summary>
    Plain,
}
