using SecureDrop.Crypto.Age;

namespace SecureDrop.Crypto.Reports;

/// <summary>
/// A sealed report was refused: nothing of it may be shown as a report. The message says what is wrong and repeats nothing the sender wrote.
/// </summary>
public sealed class ReportException(ReportCheck check, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The first check that did not hold.</summary>
    public ReportCheck Check { get; } = check;

    /// <summary>Which of the reader's identities opened the age file that was whole and held no report; null where none did.</summary>
    public int? IdentityIndex { get; internal set; }

    /// <summary>The check as the test vectors spell it: <c>age</c>, <c>archive</c>, <c>report.json</c>, <c>key number</c>, ….</summary>
    public string CheckName => Check switch
    {
        ReportCheck.Age => "age",
        ReportCheck.Archive => "archive",
        ReportCheck.ReportJson => "report.json",
        ReportCheck.Signature => "signature",
        ReportCheck.KeyNumber => "key number",
        ReportCheck.Purpose => "purpose",
        ReportCheck.Attachment => "attachment",
        ReportCheck.SizeClass => "size class",
        _ => throw new InvalidOperationException($"No such check: {(int)Check}."),
    };

    /// <summary>
    /// With <see cref="ReportCheck.Age"/>, where in the age file: <see cref="Age.AgeFailure.NoMatch"/> means that it is not sealed to this
    /// reader (or that its stanza was damaged), and it is to be listed, not dropped.
    /// </summary>
    public AgeFailure? AgeFailure => (InnerException as AgeFormatException)?.Failure;
}
