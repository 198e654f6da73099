namespace SecureDrop.Crypto.Reports;

/// <summary>What is wrong about the roster or the recipients of a report. It is shown, marked, and not remembered as seen.</summary>
public enum ReportAlarm
{
    /// <summary>Sealed to a roster that this reader does not know to be signed by the drop key.</summary>
    RosterUnknown,

    /// <summary>Sealed more than two days after the next roster was issued: an old roster was served.</summary>
    RosterSuperseded,

    /// <summary>Names another number of recipients than the file has stanzas: somebody not named may read it.</summary>
    RecipientsAreNotTheStanzas,

    /// <summary>The reader's own recipient, by which it opened the file, is not among those named.</summary>
    OwnRecipientNotNamed,

    /// <summary>Names a recipient of no roster and no recipient statement known to this reader.</summary>
    RecipientUnknown,

    /// <summary>Names a recipient more than two days after that reviewer's next one began: an old key was served.</summary>
    RecipientSuperseded,

    /// <summary>Names a recipient from a statement signed by the reader's own key that the reader did not make: the signing key is stolen.</summary>
    StatementInOwnNameNotMade,
}

/// <summary>The spelling of alarms in test vectors and machine-readable output.</summary>
public static class ReportAlarms
{
    /// <summary>For example <c>roster unknown</c>.</summary>
    public static string Name(this ReportAlarm alarm) => alarm switch
    {
        ReportAlarm.RosterUnknown => "roster unknown",
        ReportAlarm.RosterSuperseded => "roster superseded",
        ReportAlarm.RecipientsAreNotTheStanzas => "recipients are not the stanzas",
        ReportAlarm.OwnRecipientNotNamed => "own recipient not named",
        ReportAlarm.RecipientUnknown => "recipient unknown",
        ReportAlarm.RecipientSuperseded => "recipient superseded",
        ReportAlarm.StatementInOwnNameNotMade => "statement in own name not made",
        _ => throw new ArgumentOutOfRangeException(nameof(alarm)),
    };
}
