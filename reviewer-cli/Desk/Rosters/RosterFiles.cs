using System.Text;
using System.Text.Json;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk.Rosters;

/// <summary>The signed roster of a home: <c>roster.json</c> and <c>roster.json.minisig</c> (what <c>minisign -V</c> checks), and successors.</summary>
internal static class RosterFiles
{
    /// <summary>The signed roster of a home, or null.</summary>
    public static SignedStatement? Read(HomeDirectory home) => Read(home.Roster, home.RosterSignature);

    /// <summary>A signed roster, or null where one of its two files is not there.</summary>
    public static SignedStatement? Read(string roster, string signature) => !File.Exists(roster) || !File.Exists(signature)
        ? null
        : new SignedStatement(StatementPurpose.Roster, ReadBounded(roster), Encoding.UTF8.GetString(ReadBounded(signature)));

    /// <summary>Successors signed in a home, oldest first.</summary>
    public static List<SignedStatement> ReadSuccessors(HomeDirectory home) => ReadSuccessors(home.Successors);

    /// <summary>Successors in a file, oldest first; none where it is not there.</summary>
    public static List<SignedStatement> ReadSuccessors(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            List<WireStatement> all = JsonSerializer.Deserialize(ReadBounded(path), CardJson.Default.ListWireStatement) ?? [];
            return [.. all.Select(s => new SignedStatement(StatementPurpose.Successor, Encoding.UTF8.GetBytes(s.Statement), s.Signature))];
        }
        catch (JsonException e)
        {
            throw new ReviewerException(ExitCode.Damaged, $"{path} is not readable. Bring it back from a copy.", e);
        }
    }

    public static void WriteSuccessors(HomeDirectory home, IEnumerable<SignedStatement> successors) => AtomicFile.Write(home.Successors,
        JsonSerializer.SerializeToUtf8Bytes(successors.Select(Wire).ToList(), CardJson.Default.ListWireStatement));

    /// <summary>Writes both files; the signature last, so that a half-written pair is one that does not verify and not an old one.</summary>
    public static void Write(HomeDirectory home, SignedStatement roster)
    {
        AtomicFile.Write(home.Roster, roster.Statement);
        AtomicFile.Write(home.RosterSignature, Encoding.UTF8.GetBytes(roster.Signature));
    }

    public static WireStatement Wire(SignedStatement statement) => new(Encoding.UTF8.GetString(statement.Statement.Span), statement.Signature);

    private static byte[] ReadBounded(string path)
    {
        try
        {
            return new FileInfo(path).Length <= Roster.LargestInBytes
                ? File.ReadAllBytes(path)
                : throw new ReviewerException(ExitCode.Foreign, $"{path} is far too large to be a roster.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReviewerException(ExitCode.Damaged, $"{path} cannot be read ({e.Message.TrimEnd('.')}). Is it yours?", e);
        }
    }
}
