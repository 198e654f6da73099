using System.Text;
using System.Text.Json;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using Xunit;

namespace SecureDrop.Tests.Vectors;

/// <summary>Answers of <c>GET /api/v1/roster</c> of every maker: who can be sealed to, or the check that fails.</summary>
public sealed class RosterVectorTests
{
    public static TheoryData<string> Makers => VectorMaker.All;

    [Theory, MemberData(nameof(Makers))]
    public void Answer_OfEveryMaker_GivesTheRecipientsOrTheCheckThatFails(string maker)
    {
        JsonElement[] vectors = [.. VectorMaker.IndexOrSkip(maker, "rosters.json").EnumerateArray()];
        Assert.True(vectors.Length >= 19);
        Assert.Equal(vectors.Length, vectors.Select(v => v.Text("what")).Distinct().Count());
        Assert.All(vectors, v =>
        {
            string? check = v.GetProperty("check").GetString();
            (string? failed, VerifiedRoster? verified) = Verify(v);
            Assert.Equal((v.Text("what"), check), (v.Text("what"), failed));
            if (failed is null)
            {
                Assert.Equal(v.GetProperty("link").ValueKind == JsonValueKind.String, verified!.LinkVouches);
                Assert.Equal(v.Items("missing").Select(i => i.GetInt32()), verified.Missing);
                Assert.Equal(
                    v.Items("recipients").Select(r => (r.GetProperty("reviewer").GetInt32(), r.Text("key"), r.Text("from"))),
                    verified.Recipients.Select(r => (r.Reviewer, r.Key.Text, r.Serial is null ? "roster" : "statement")));
            }
        });
    }

    private static (string? Check, VerifiedRoster? Verified) Verify(JsonElement v)
    {
        Assert.True(Day.TryParse(v.Text("day"), out DateOnly day));
        MinisignPublicKey? link = v.GetProperty("link").GetString() is { } text ? MinisignPublicKey.Parse(text) : null;
        // Exactly as given where the text itself is what is wrong.
        string given = v.TryGetProperty("answerText", out JsonElement exact) ? exact.GetString()! : v.GetProperty("answer").GetRawText();
        RosterAnswer answer;
        try
        {
            answer = RosterAnswer.Parse(Encoding.UTF8.GetBytes(given));
        }
        catch (RosterException e) when (e.Check is RosterCheck.Malformed)
        {
            return ("answer", null);
        }
        try
        {
            VerifiedRoster verified = RosterVerifier.Verify(answer, link, day);
            return (verified.IsClosed ? "closed" : null, verified);
        }
        catch (RosterException e)
        {
            return (Spelling(e), null);
        }
    }

    /// <summary>The page tells fewer reasons apart: each of its has one or more of these.</summary>
    internal static string Spelling(RosterException e) => e.Check switch
    {
        RosterCheck.Malformed or RosterCheck.Format or RosterCheck.Rule => "roster.json",
        RosterCheck.Chain or RosterCheck.ChainRepeats or RosterCheck.TooMany => "successor",
        RosterCheck.SignatureFormat or RosterCheck.Signature or RosterCheck.KeyNumber or RosterCheck.Purpose =>
            SignatureVectorTests.Spelling(Assert.IsType<SignatureException>(e.InnerException).Check),
        RosterCheck.DropKey => "dropKey",
        RosterCheck.Link => "link",
        RosterCheck.Requires => "requires",
        _ => $"{e.Check}, which no source can meet",
    };
}
