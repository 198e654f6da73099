using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Rosters;

/// <summary>How the statements of this folder are read: whatever is wrong with the bytes, the caller learns it as a <see cref="RosterException"/>.</summary>
internal static class RosterText
{
    /// <summary>Reads an object whose <c>format</c> must be <paramref name="format"/>.</summary>
    public static T Read<T>(ReadOnlySpan<byte> utf8, string format, Func<StrictObject, T> members)
    {
        try
        {
            StrictObject json = StrictJson.ParseObject(utf8);
            return json.RequireText("format") == format ? members(json) : throw new RosterException(RosterCheck.Format);
        }
        catch (FormatException e)
        {
            // Messages of the strict reader name the place and never repeat the text.
            throw new RosterException(RosterCheck.Malformed, (e as StrictJsonException)?.Message, e);
        }
    }

    /// <summary>A minisign public key as a member.</summary>
    public static MinisignPublicKey RequireKey(this StrictObject json, string name) =>
        MinisignPublicKey.TryParse(json.RequireText(name), out MinisignPublicKey? key) ? key : throw json.Error(name, "is not a minisign public key");

    /// <summary>An age hybrid recipient as a member.</summary>
    public static Age.Recipients.HybridRecipient RequireRecipient(this StrictObject json, string name) =>
        Age.Recipients.HybridRecipient.TryParse(json.RequireText(name), out Age.Recipients.HybridRecipient? key)
            ? key
            : throw json.Error(name, "is not an age recipient of the kind age1pq1…");

    /// <summary>Verifies a statement's signature, saying why not in this folder's terms.</summary>
    public static void VerifyBy(this SignedStatement statement, MinisignPublicKey key)
    {
        try
        {
            statement.Verify(key);
        }
        catch (SignatureException e)
        {
            throw new RosterException(
                e.Check switch
                {
                    SignatureCheck.KeyNumber => RosterCheck.KeyNumber,
                    SignatureCheck.Signature => RosterCheck.Signature,
                    SignatureCheck.Purpose => RosterCheck.Purpose,
                    _ => RosterCheck.SignatureFormat,
                },
                inner: e);
        }
    }
}
