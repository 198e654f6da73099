using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Rosters;

/// <summary>A reviewer's recipient as the roster itself names it.</summary>
/// <param name="Key">The age recipient.</param>
/// <param name="LastDay">The last day on which reports are sealed to it.</param>
public sealed record RosterRecipient(HybridRecipient Key, DateOnly LastDay);

/// <summary>A reviewer.</summary>
/// <param name="Name">A name per language, or null: reviewers may be nameless.</param>
/// <param name="SigningKey">Signs replies and recipient statements.</param>
/// <param name="SessionKey">Logs in, nothing else.</param>
/// <param name="Recipient">The recipient until a statement names another.</param>
public sealed record RosterReviewer(
    IReadOnlyDictionary<string, string>? Name, MinisignPublicKey SigningKey, MinisignPublicKey SessionKey, RosterRecipient Recipient);

/// <summary>A reviewer who left: a reply signed on or before <paramref name="LastDay"/> is still shown, and named so.</summary>
/// <param name="Name">A name per language, or null.</param>
/// <param name="SigningKey">The key that signed.</param>
/// <param name="LastDay">The last day it signed for the drop.</param>
public sealed record FormerReviewer(IReadOnlyDictionary<string, string>? Name, MinisignPublicKey SigningKey, DateOnly LastDay);

/// <summary>What a source is asked.</summary>
/// <param name="Categories">One may be chosen.</param>
/// <param name="Questions">Each may, or must, be answered.</param>
public sealed record RosterForm(IReadOnlyList<RosterCategory> Categories, IReadOnlyList<RosterQuestion> Questions);

/// <summary>A category of the form.</summary>
/// <param name="Id">Stands in reports; one category each.</param>
/// <param name="Label">A text per language.</param>
public sealed record RosterCategory(string Id, IReadOnlyDictionary<string, string> Label);

/// <summary>A question of the form.</summary>
/// <param name="Id">Stands in reports; one question each.</param>
/// <param name="Label">A text per language.</param>
/// <param name="Required">Whether it must be answered.</param>
public sealed record RosterQuestion(string Id, IReadOnlyDictionary<string, string> Label, bool Required);

/// <summary>Another way to reach the drop.</summary>
/// <param name="Kind"><c>telephone</c>, <c>post</c>, <c>email</c>, <c>web</c> or <c>other</c>.</param>
/// <param name="Value">The number or address, as it is shown.</param>
/// <param name="Label">A text per language.</param>
public sealed record RosterChannel(string Kind, string Value, IReadOnlyDictionary<string, string> Label)
{
    /// <summary>The kinds there are.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["telephone", "post", "email", "web", "other"];
}

/// <summary>Something the drop lets its sources know.</summary>
/// <param name="Day">When.</param>
/// <param name="Title">Plain text per language.</param>
/// <param name="Text">Plain text per language.</param>
public sealed record RosterNotice(DateOnly Day, IReadOnlyDictionary<string, string> Title, IReadOnlyDictionary<string, string> Text);
