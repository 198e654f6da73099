using System.Text.Json;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Rosters;

/// <summary>
/// The answer of <c>GET /api/v1/roster/earlier</c>: rosters and recipient statements that sources are no longer given. A reviewer who was away
/// judges by them the reports that were sealed meanwhile. Each carries its own signature, so that a server can leave one out and add none.
/// </summary>
/// <param name="Rosters">Signed rosters that a newer one replaced, oldest first.</param>
/// <param name="Recipients">Signed recipient statements that have ended, or whose reviewer left, oldest first.</param>
public sealed record EarlierStatements(IReadOnlyList<SignedStatement> Rosters, IReadOnlyList<SignedStatement> Recipients)
{
    /// <summary>Rosters kept.</summary>
    public const int MostRosters = 16;

    /// <summary>Statements kept of one reviewer: weekly ones of 90 days, and as many again.</summary>
    public const int MostStatementsOfAReviewer = 26;

    /// <summary>The most bytes kept of rosters, and as many of recipient statements: 64 reviewers' weekly ones have 2.2 MiB.</summary>
    public const int LargestInBytes = 4 * 1024 * 1024;

    /// <summary>The largest answer that is read: both, and what JSON adds to text in text.</summary>
    public const int LargestAnswerInBytes = 16 * 1024 * 1024;

    /// <summary>Of a drop that has had one roster.</summary>
    public static EarlierStatements None { get; } = new([], []);

    /// <summary>Reads the answer, or what a server kept. Verifies nothing.</summary>
    /// <exception cref="StrictJsonException">Not of this shape, or too long.</exception>
    public static EarlierStatements Parse(ReadOnlySpan<byte> utf8) => utf8.Length <= LargestAnswerInBytes
        ? Read(StrictJson.ParseObject(utf8))
        : throw new StrictJsonException($"It is longer than {LargestAnswerInBytes} bytes.");

    /// <summary>Reads the two members of an object.</summary>
    /// <exception cref="StrictJsonException">Not of this shape.</exception>
    public static EarlierStatements Read(StrictObject json) => new(
        [.. json.RequireObjects("rosters").Select(r => SignedStatement.Read(StatementPurpose.Roster, r))],
        [.. json.RequireObjects("recipients").Select(r => SignedStatement.Read(StatementPurpose.Recipient, r))]);

    /// <summary>Writes the answer.</summary>
    public byte[] Write() => StrictJson.Write(json =>
    {
        Write(json, "rosters", Rosters);
        Write(json, "recipients", Recipients);
    });

    /// <summary>These and later ones, the newest of them as far as there is room. All of them must have been accepted.</summary>
    internal EarlierStatements And(IEnumerable<SignedStatement> rosters, IEnumerable<SignedStatement> recipients) => new(
        Bounded(Rosters.Concat(rosters), _ => 0, MostRosters),
        // Per reviewer: none can crowd out another's.
        Bounded(Recipients.Concat(recipients), s => RecipientStatement.Parse(s.Statement.Span).SigningKey, MostStatementsOfAReviewer));

    /// <summary>Those that a report of this day or a later one may have been sealed to; the same object where that is all of them.</summary>
    public EarlierStatements Since(DateOnly day)
    {
        EarlierStatements kept = new(
            [.. Rosters.Where(s => Roster.Parse(s.Statement.Span).Expires >= day)],
            [.. Recipients.Where(s => RecipientStatement.Parse(s.Statement.Span).LastDay >= day)]);
        return kept.Rosters.Count == Rosters.Count && kept.Recipients.Count == Recipients.Count ? this : kept;
    }

    private static SignedStatement[] Bounded<T>(IEnumerable<SignedStatement> statements, Func<SignedStatement, T> owner, int mostOfAnOwner)
        where T : notnull
    {
        Dictionary<T, int> counts = [];
        long room = LargestInBytes;
        List<SignedStatement> kept = [];
        foreach (SignedStatement statement in statements.Distinct().Reverse())
        {
            T whose = owner(statement);
            counts[whose] = counts.GetValueOrDefault(whose) + 1;
            room -= statement.Statement.Length + statement.Signature.Length;
            if (counts[whose] <= mostOfAnOwner && room >= 0)
            {
                kept.Add(statement);
            }
        }
        kept.Reverse();
        return [.. kept];
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<SignedStatement> statements)
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
