using SecureDrop.Crypto.Reports;

namespace SecureDrop.Reviewer.Desk;

/// <summary>What an alarm means and what to do, for a person.</summary>
internal static class ReportWords
{
    public static string Sentence(ReportAlarm alarm) => alarm switch
    {
        ReportAlarm.RosterUnknown =>
            "It was sealed to a list of reviewers that the drop key did not sign, as far as this desk knows. Others may have read it. Run `reviewer sync`; if this stays, tell whoever holds the drop key.",
        ReportAlarm.RosterSuperseded =>
            "It was sealed to an old list of reviewers, days after a newer one was signed: the server may have shown the old one. Former reviewers can read it.",
        ReportAlarm.RecipientsAreNotTheStanzas =>
            "It can be opened by another number of keys than it names: somebody who is not named may read it.",
        ReportAlarm.OwnRecipientNotNamed =>
            "Your key opened it but is not among those it names: somebody sealed it again on the way.",
        ReportAlarm.RecipientUnknown =>
            "It was sealed to a key that this desk knows of no reviewer: somebody else's, who can read it, or a reviewer's earlier one that the server did not show here. Tell whoever holds the drop key, and do not trust the server until it is explained.",
        ReportAlarm.RecipientSuperseded =>
            "It was sealed to a reviewer's old key, days after that reviewer made a new one: the server may have shown the old one.",
        ReportAlarm.StatementInOwnNameNotMade =>
            "It was sealed to a key in your name that this keystore did not make: your signing key is stolen. Tell whoever holds the drop key, and make new keys.",
        _ => alarm.Name(),
    };

    /// <summary>Whether a sentence is one of these: about roster and recipients, not about other reports.</summary>
    public static bool IsAboutSealing(string sentence) => Enum.GetValues<ReportAlarm>().Select(Sentence).Contains(sentence);
}
