using System.Text;
using System.Text.Json;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using Xunit;

namespace SecureDrop.Tests.Vectors;

public sealed class RosterVectorTests
{
    private static JsonElement[] All() => [.. VectorFile.Json("rosters.json").EnumerateArray()];

    public static TheoryData<string> Names() => new(All().Select(v => v.Text("what")));

    [Theory]
    [MemberData(nameof(Names))]
    public void Answer_OfEveryVector_GivesTheRecipientsOrTheCheckThatFails(string what)
    {
        JsonElement v = All().Single(v => v.Text("what") == what);
        Assert.True(Day.TryParse(v.Text("day"), out DateOnly day));
        MinisignPublicKey? link = v.GetProperty("link").ValueKind == JsonValueKind.Null ? null : MinisignPublicKey.Parse(v.Text("link"));
        string? check = v.GetProperty("check").GetString();
        VerifiedRoster verified;
        try
        {
            verified = RosterVerifier.Verify(RosterAnswer.Parse(Encoding.UTF8.GetBytes(v.GetProperty("answer").GetRawText())), link, day);
        }
        catch (RosterException e)
        {
            Assert.Equal(check, Spelling(e.Check));
            return;
        }
        Assert.Equal(check is null ? null : "closed", check);
        Assert.Equal(check == "closed", verified.IsClosed);
        if (check is null)
        {
            Assert.Equal(link is not null, verified.LinkVouches);
            Assert.Equal(v.Items("missing").Select(i => i.GetInt32()), verified.Missing);
            Assert.Equal(
                v.Items("recipients").Select(r => (r.GetProperty("reviewer").GetInt32(), r.Text("key"))),
                verified.Recipients.Select(r => (r.Reviewer, r.Key.Text)));
        }
    }

    private static string Spelling(RosterCheck check) => check switch
    {
        RosterCheck.KeyNumber => "key number",
        RosterCheck.DropKey => "dropKey",
        _ => char.ToLowerInvariant(check.ToString()[0]) + check.ToString()[1..],
    };
}
