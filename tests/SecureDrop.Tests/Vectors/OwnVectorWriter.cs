using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using Xunit;

namespace SecureDrop.Tests.Vectors;

/// <summary>
/// Writes what is missing of <c>tests/vectors/own/</c>, which the page's tests open. Not run with the others: vectors are written once,
/// and a change of the code that no longer reads them is to be noticed. <c>tests/vectors/README.md</c> says how.
/// </summary>
public sealed class OwnVectorWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact(Explicit = true)]
    public void Write()
    {
        Once("reports.json", () =>
        {
            TestDrop drop = new();
            RosterAnswer answer = Answer(drop);
            VerifiedRoster verified = RosterVerifier.Verify(answer, drop.DropKey.PublicKey, TestDrop.Today);
            return new OwnReportVectors(drop, verified).Write(JsonNode.Parse(answer.Write())!);
        });
        Once("replies.json", () =>
        {
            TestDrop drop = new();
            return new OwnReplyVectors(drop).Write(JsonNode.Parse(Answer(drop).Write())!);
        });
        Once("codenames.json", OwnCodenameVectors.Write);
        Once("signatures.json", () => new OwnSignatureVectors().Write());
        Once("rosters.json", () => new OwnRosterVectors().Write());
        Once("acceptance.json", () => new OwnAcceptanceVectors().Write());
        Once("tickets.json", OwnTicketVectors.Write);
        Once("age.json", () =>
        {
            using OwnAgeVectors vectors = new();
            return vectors.Write();
        });
        Once("archives.json", () => new OwnArchiveVectors().Write());
        Once("sizes.json", OwnSizeVectors.Write);
    }

    internal static void WriteFile(string name, ReadOnlySpan<byte> bytes)
    {
        string path = VectorFile.PathOf("own/" + name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    private static RosterAnswer Answer(TestDrop drop) =>
        new(drop.DropKey.PublicKey, [], SignedStatement.Sign(StatementPurpose.Roster, drop.Roster.Write(), drop.DropKey), []);

    /// <summary>An index that is there already stands, with all its files.</summary>
    private static void Once(string name, Func<JsonNode> index)
    {
        if (!File.Exists(VectorFile.PathOf("own/" + name)))
        {
            WriteFile(name, System.Text.Encoding.UTF8.GetBytes(index().ToJsonString(Indented) + "\n"));
        }
    }
}
