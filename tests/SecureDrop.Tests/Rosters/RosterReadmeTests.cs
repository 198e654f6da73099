using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using SecureDrop.Crypto.Codenames;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.ProofOfWork;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Tests.Interop;
using Xunit;

namespace SecureDrop.Tests.Rosters;

/// <summary>What crypto/README.md says of JSON, signed statements, codenames, rosters and tickets is what the code does.</summary>
public sealed class RosterReadmeTests
{
    private static readonly string Readme = string.Join(
        ' ', File.ReadAllLines(Path.Combine(StockProgram.RepositoryRoot, "crypto", "README.md")).Select(line => line.TrimStart()));

    [Fact]
    public void Readme_Numbers_AreTheCodes()
    {
        (string Before, long Number)[] expected =
        [
            ("without leading zero, from 0 to ", StrictObject.LargestInteger),
            ("| nesting | at most ", StrictJson.DeepestNesting),
            ("base64 canonical. Read up to ", SignedStatement.LongestSignatureInCharacters),
            ("| 2 | ", 2 + MinisignPublicKey.KeyNumberSizeInBytes + MinisignSignature.Ed25519SizeInBytes),
            ("| 4 | ", MinisignSignature.Ed25519SizeInBytes),
            ("| public | ", MinisignPublicKey.SizeInBytes),
            ("`RW…`, ", MinisignPublicKey.TextLengthInCharacters),
            ("| secret | ", MinisignKeyPair.SeedSizeInBytes),
            ("`Codenames/`. ", Codename.EntropySizeInBytes),
            ("spelled as ", Codename.WordCount),
            ("Simplified Chinese list (", WordList.WordCount),
            ("run together; up to ", Constant<long>(typeof(Codename), "LongestTextInCharacters")),
            ("a codename is three keys, each ", CodenameKeys.TagSizeInBytes),
            ("`Rosters/`. `roster.json`, at most ", Roster.LargestInBytes),
            ("lists have at most ", Constant<long>(typeof(RosterReader), "MostEntries")),
            ("| `issued`, `expires` | days; ", Roster.LifetimeInDays),
            ("| `reviewers` | 1 to ", Roster.MostReviewers),
            ("| `shardBits` | 0 to ", Crypto.Replies.Shard.LargestBits),
            ("`firstDay`, `lastDay`: at most ", RecipientStatement.LongestSpanInDays),
            ("`from`, `to`; at most ", DropKeyChain.MostSuccessors),
            ("that it holds back (at most ", RosterAcceptance.MostPendingSuccessors),
            ("any other of that reviewer's (at most ", RosterAcceptance.MostStatementsOfAReviewer),
            ("no statement or successor longer than ", RosterAcceptance.LongestStatementInBytes),
            ("opaque text of at most ", Solution.LongestTicketInCharacters),
            ("base64url; ours has ", Ticket.LengthInCharacters),
            ("| difficulty | 1 | 0 to ", Ticket.LargestDifficulty),
            ("**Upload id**: the first ", Ticket.UploadIdSizeInBytes),
            ("the nonce 1 to ", Solution.LongestNonceInBytes),
            ("block (uint32, big endian), ", Solution.Iterations),
            ("A block is ", Solution.PartsPerBlock),
        ];
        Assert.All(expected, entry => Assert.Matches(Regex.Escape(entry.Before + entry.Number.ToString(CultureInfo.InvariantCulture)) + "(?![0-9])", Readme));
    }

    [Fact]
    public void Readme_FormatsPurposesAndKinds_AreTheCodes()
    {
        Assert.All([Roster.FormatName, RecipientStatement.FormatName, Successor.FormatName, SessionStatement.FormatName], name => Assert.Contains($"`{name}`", Readme, StringComparison.Ordinal));
        Assert.All(Enum.GetValues<StatementPurpose>(), purpose => Assert.Contains(purpose.TrustedComment().Split(' ')[1] + "`", Readme, StringComparison.Ordinal));
        Assert.All(RosterChannel.Kinds, kind => Assert.Contains($"`{kind}`", Readme, StringComparison.Ordinal));
    }

    [Fact]
    public void Readme_MembersOfARoster_AreThoseWritten()
    {
        using JsonDocument roster = JsonDocument.Parse(TestRosters.New().Write());
        string table = Readme[Readme.IndexOf("| member of `roster.json` |", StringComparison.Ordinal)..Readme.IndexOf("| statement | signed by, purpose |", StringComparison.Ordinal)];
        int at = 0;
        Assert.All(roster.RootElement.EnumerateObject(), member =>
        {
            int found = table.IndexOf($"`{member.Name}`", at, StringComparison.Ordinal);
            Assert.True(found >= at, $"{member.Name} is missing, or not in the order in which it is written.");
            at = found;
        });
    }

    private static T Constant<T>(Type type, string name) =>
        (T)Convert.ChangeType(type.GetField(name, BindingFlags.NonPublic | BindingFlags.Static)!.GetRawConstantValue()!, typeof(T), CultureInfo.InvariantCulture);
}
