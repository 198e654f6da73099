using System.Text;
using System.Text.Json;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Rosters;

/// <summary>The answer of <c>GET /api/v1/roster</c>: a roster with all that is needed to check it. Nothing in it is verified yet.</summary>
/// <param name="DropKey">The drop's first key.</param>
/// <param name="Successors">Signed successors, oldest first.</param>
/// <param name="Roster">The signed roster.</param>
/// <param name="Recipients">Signed recipient statements, in any order.</param>
public sealed record RosterAnswer(
    MinisignPublicKey DropKey, IReadOnlyList<SignedStatement> Successors, SignedStatement Roster, IReadOnlyList<SignedStatement> Recipients)
{
    /// <summary>The largest answer that is read.</summary>
    public const int LargestInBytes = 8 * 1024 * 1024;

    /// <summary>Reads the answer.</summary>
    /// <exception cref="RosterException">Check <see cref="RosterCheck.Malformed"/>.</exception>
    public static RosterAnswer Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LargestInBytes)
        {
            throw new RosterException(RosterCheck.Malformed, $"It is longer than {LargestInBytes} bytes.");
        }
        try
        {
            StrictObject json = StrictJson.ParseObject(utf8);
            return new RosterAnswer(
                json.RequireKey("dropKey"),
                [.. json.RequireObjects("successors").Select(s => SignedStatement.Read(StatementPurpose.Successor, s))],
                new SignedStatement(StatementPurpose.Roster, Encoding.UTF8.GetBytes(json.RequireText("roster")), json.RequireText("signature")),
                [.. json.RequireObjects("recipients").Select(r => SignedStatement.Read(StatementPurpose.Recipient, r))]);
        }
        catch (StrictJsonException e)
        {
            throw new RosterException(RosterCheck.Malformed, e.Message, e);
        }
    }

    /// <summary>Writes the answer.</summary>
    public byte[] Write() => StrictJson.Write(json =>
    {
        json.WriteString("dropKey", DropKey.Text);
        WriteStatements(json, "successors", Successors);
        json.WriteString("roster", Roster.Statement.Span);
        json.WriteString("signature", Roster.Signature);
        WriteStatements(json, "recipients", Recipients);
    });

    private static void WriteStatements(Utf8JsonWriter json, string name, IReadOnlyList<SignedStatement> statements)
    {
        json.WriteStartArray(name);
        foreach (SignedStatement statement in statements)
        {
            json.WriteStartObject();
            statement.WriteMembers(json);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
