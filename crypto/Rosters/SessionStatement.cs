using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Rosters;

/// <summary>A reviewer's login (<c>securedrop-session/1</c>), signed by its session key.</summary>
/// <param name="Origin">The reviewer API's origin, as the client dialled it and as the server is configured: a signature made for one server serves no other.</param>
/// <param name="Challenge">The server's challenge, as it was given.</param>
/// <param name="SessionKey">The key that signs.</param>
public sealed record SessionStatement(string Origin, string Challenge, MinisignPublicKey SessionKey)
{
    /// <summary>The value of <c>format</c>.</summary>
    public const string FormatName = "securedrop-session/1";

    /// <summary>Reads a statement's bytes. Verifies no signature.</summary>
    /// <exception cref="RosterException">Malformed or of another format.</exception>
    public static SessionStatement Parse(ReadOnlySpan<byte> utf8) => RosterText.Read(
        utf8, FormatName, json => new SessionStatement(json.RequireText("origin"), json.RequireText("challenge"), json.RequireKey("sessionKey")));

    /// <summary>Writes the statement's bytes, for signing.</summary>
    public byte[] Write() => StrictJson.Write(json =>
    {
        json.WriteString("format", FormatName);
        json.WriteString("origin", Origin);
        json.WriteString("challenge", Challenge);
        json.WriteString("sessionKey", SessionKey.Text);
    });
}
