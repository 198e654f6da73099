using System.Text;
using System.Text.Json;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using Xunit;

namespace SecureDrop.Tests.Vectors;

/// <summary>A statement that a server is given: taken, or the check that fails.</summary>
public sealed class AcceptanceVectorTests
{
    [Fact]
    public void Statement_OfEveryVector_IsTakenOrRefusedByTheCheckNamed()
    {
        JsonElement[] vectors = [.. VectorMaker.IndexOrSkip("own/", "acceptance.json").EnumerateArray()];
        Assert.True(vectors.Length > 40);
        Assert.All(vectors, v =>
        {
            RosterAnswer answer = RosterAnswer.Parse(Encoding.UTF8.GetBytes(v.GetProperty("present").GetRawText()));
            DropState present = new(answer, [.. v.Items("pending").Select(one => Read(StatementPurpose.Successor, one))]);
            Assert.True(Day.TryParse(v.Text("day"), out DateOnly day));
            SignedStatement Given(StatementPurpose purpose) => Read(purpose, v.GetProperty("given"));
            RosterCheck? failed = null;
            try
            {
                DropState next = v.Text("kind") switch
                {
                    "roster" => RosterAcceptance.NextRoster(present, Given(StatementPurpose.Roster), day),
                    "recipient" => RosterAcceptance.Recipient(present, Given(StatementPurpose.Recipient), day),
                    _ => RosterAcceptance.Successor(present, Given(StatementPurpose.Successor)),
                };
                // What a server has taken, a source takes from it.
                RosterVerifier.Verify(RosterAnswer.Parse(next.Answer.Write()), next.Answer.DropKey, day);
            }
            catch (RosterException e)
            {
                failed = e.Check;
            }
            Assert.Equal((v.Text("what"), v.GetProperty("check").GetString()), (v.Text("what"), failed?.ToString()));
        });
    }

    private static SignedStatement Read(StatementPurpose purpose, JsonElement statement) =>
        SignedStatement.Read(purpose, StrictJson.ParseObject(Encoding.UTF8.GetBytes(statement.GetRawText())));
}
