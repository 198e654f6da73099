using System.Text;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Rosters;

/// <summary>How the accepted statements are kept: <c>{"answer": {…}, "pending": [{statement, signature}], "earlier": {…}}</c>.</summary>
internal static class DropDocument
{
    public static byte[] Write(DropState state) => StrictJson.Write(json =>
    {
        json.WritePropertyName("answer");
        json.WriteRawValue(state.Answer.Write());
        json.WriteStartArray("pending");
        foreach (var successor in state.PendingSuccessors)
        {
            json.WriteStartObject();
            successor.WriteMembers(json);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WritePropertyName("earlier");
        json.WriteRawValue(state.Earlier.Write());
    });

    public static DropView Read(RosterDocument document)
    {
        var json = StrictJson.ParseObject(document.Answer.Span);
        var answer = Encoding.UTF8.GetBytes(json.RequireObject("answer").Element.GetRawText());
        var state = new DropState(
            RosterAnswer.Parse(answer),
            [.. json.RequireObjects("pending").Select(item => SignedStatement.Read(StatementPurpose.Successor, item))])
        {
            // A folder of a version that kept none.
            Earlier = json.Element.TryGetProperty("earlier", out _) ? EarlierStatements.Read(json.RequireObject("earlier")) : EarlierStatements.None,
        };
        return new DropView(document.Revision, state, Roster.Parse(state.Answer.Roster.Statement.Span), answer, state.Earlier.Write());
    }
}
