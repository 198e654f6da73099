using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Rosters;

/// <summary>The next drop key (<c>securedrop-successor/1</c>), signed by the present one.</summary>
/// <param name="From">The key that signs this, and signed rosters until now.</param>
/// <param name="To">The key that signs rosters from its first one on.</param>
public sealed record Successor(MinisignPublicKey From, MinisignPublicKey To)
{
    /// <summary>The value of <c>format</c>.</summary>
    public const string FormatName = "securedrop-successor/1";

    /// <summary>Reads a successor's bytes. Verifies no signature.</summary>
    /// <exception cref="RosterException">Malformed or of another format.</exception>
    public static Successor Parse(ReadOnlySpan<byte> utf8) =>
        RosterText.Read(utf8, FormatName, json => new Successor(json.RequireKey("from"), json.RequireKey("to")));

    /// <summary>Writes the successor's bytes, for signing.</summary>
    public byte[] Write() => StrictJson.Write(json =>
    {
        json.WriteString("format", FormatName);
        json.WriteString("from", From.Text);
        json.WriteString("to", To.Text);
    });
}
