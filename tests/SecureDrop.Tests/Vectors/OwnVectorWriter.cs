using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using Xunit;

namespace SecureDrop.Tests.Vectors;

/// <summary>
/// Writes <c>tests/vectors/own/</c>, which the page's tests open. Not run with the others: vectors are written once, and a change of
/// the code that no longer reads them is to be noticed. <c>tests/vectors/README.md</c> says how.
/// </summary>
public sealed class OwnVectorWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact(Explicit = true)]
    public void Write()
    {
        TestDrop drop = new();
        byte[] roster = drop.Roster.Write();
        RosterAnswer answer = new(drop.DropKey.PublicKey, [], SignedStatement.Sign(StatementPurpose.Roster, roster, drop.DropKey), []);
        VerifiedRoster verified = RosterVerifier.Verify(answer, drop.DropKey.PublicKey, TestDrop.Today);
        JsonNode common() => JsonNode.Parse(answer.Write())!;
        WriteIndex("reports.json", new OwnReportVectors(drop, verified).Write(common()));
        WriteIndex("replies.json", new OwnReplyVectors(drop).Write(common()));
    }

    internal static void WriteFile(string name, ReadOnlySpan<byte> bytes)
    {
        string path = VectorFile.PathOf("own/" + name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    private static void WriteIndex(string name, JsonObject index) =>
        WriteFile(name, System.Text.Encoding.UTF8.GetBytes(index.ToJsonString(Indented) + "\n"));
}
