using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Rosters;

/// <summary>
/// A reviewer's own new recipient (<c>securedrop-recipient/1</c>), signed by its signing key: so a key is renewed weekly without the
/// offline drop key, and old identities can be destroyed.
/// </summary>
/// <param name="DropKey">The drop's first key, as in the roster.</param>
/// <param name="SigningKey">The reviewer.</param>
/// <param name="Serial">The highest that includes a day is the one sealed to.</param>
/// <param name="Key">The age recipient.</param>
/// <param name="FirstDay">The first day on which reports are sealed to it.</param>
/// <param name="LastDay">The last.</param>
public sealed record RecipientStatement(
    MinisignPublicKey DropKey, MinisignPublicKey SigningKey, long Serial, HybridRecipient Key, DateOnly FirstDay, DateOnly LastDay)
{
    /// <summary>The value of <c>format</c>.</summary>
    public const string FormatName = "securedrop-recipient/1";

    /// <summary>The most days a statement may span, first and last included.</summary>
    public const int LongestSpanInDays = 31;

    /// <summary>Days spanned, ends included.</summary>
    public int SpanInDays => LastDay.DayNumber - FirstDay.DayNumber + 1;

    /// <summary>True when the day is one of the statement's, ends included.</summary>
    public bool Includes(DateOnly day) => FirstDay <= day && day <= LastDay;

    /// <summary>Reads a statement's bytes. Verifies no signature.</summary>
    /// <exception cref="RosterException">Malformed, of another format, or its days are in the wrong order or too many.</exception>
    public static RecipientStatement Parse(ReadOnlySpan<byte> utf8)
    {
        RecipientStatement statement = RosterText.Read(utf8, FormatName, json =>
        {
            StrictObject recipient = json.RequireObject("recipient");
            return new RecipientStatement(
                json.RequireKey("dropKey"),
                json.RequireKey("signingKey"),
                json.RequireInteger("serial"),
                recipient.RequireRecipient("key"),
                recipient.RequireDay("firstDay"),
                recipient.RequireDay("lastDay"));
        });
        return statement.SpanInDays is >= 1 and <= LongestSpanInDays ? statement : throw new RosterException(RosterCheck.Span);
    }

    /// <summary>Writes the statement's bytes, for signing.</summary>
    public byte[] Write() => StrictJson.Write(json =>
    {
        json.WriteString("format", FormatName);
        json.WriteString("dropKey", DropKey.Text);
        json.WriteString("signingKey", SigningKey.Text);
        json.WriteNumber("serial", Serial);
        json.WriteStartObject("recipient");
        json.WriteString("key", Key.Text);
        json.WriteString("firstDay", Day.Write(FirstDay));
        json.WriteString("lastDay", Day.Write(LastDay));
        json.WriteEndObject();
    });
}
