namespace SecureDrop.Crypto.Reports;

/// <summary>Values of <c>kind</c> in <c>report.json</c>. Any other text is an unknown kind: a report all the same, shown as such.</summary>
public static class ReportKind
{
    /// <summary>The first message of a conversation.</summary>
    public const string Report = "report";

    /// <summary>A later message of a conversation.</summary>
    public const string FollowUp = "follow-up";

    /// <summary>What a visit uploads that has nothing to say. Dropped silently once opened.</summary>
    public const string Decoy = "decoy";
}
