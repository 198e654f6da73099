using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using Xunit;

namespace SecureDrop.Tests.Rosters;

public sealed class RosterCheckTests
{
    [Fact]
    public void Sentence_OfEveryCheck_IsOneOfItsOwnForAPerson() => AreSentences(Enum.GetValues<RosterCheck>().Select(check => check.Sentence()));

    [Fact]
    public void Sentence_OfEverySignatureCheck_IsOneOfItsOwnForAPerson() => AreSentences(Enum.GetValues<SignatureCheck>().Select(check => new SignatureException(check).Message));

    [Fact]
    public void Exception_OfACheck_BeginsWithItsSentence()
    {
        RosterException e = new(RosterCheck.Rule, "A detail.");
        Assert.Equal($"{RosterCheck.Rule.Sentence()} A detail.", e.Message);
        Assert.Equal(RosterCheck.Link.Sentence(), new RosterException(RosterCheck.Link).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => ((RosterCheck)1000).Sentence());
    }

    [Fact]
    public void Session_WrittenAndRead_IsTheSame()
    {
        SessionStatement session = new("http://localhost:1", "challenge", TestRosters.DropKey.PublicKey);
        Assert.Equal(session, SessionStatement.Parse(session.Write()));
        Assert.Equal(RosterCheck.Format, Assert.Throws<RosterException>(() => SessionStatement.Parse(new Successor(session.SessionKey, session.SessionKey).Write())).Check);
        Assert.Equal(RosterCheck.Malformed, Assert.Throws<RosterException>(() => SessionStatement.Parse("{\"format\":\"securedrop-session/1\"}"u8)).Check);
    }

    private static void AreSentences(IEnumerable<string> sentences)
    {
        string[] all = [.. sentences];
        Assert.Equal(all.Length, all.Distinct().Count());
        // One sentence: a capital letter, one full stop, at its end.
        Assert.All(all, sentence => Assert.Matches("^[A-Z][^.\\p{C}]{10,150}\\.\\z", sentence));
    }
}
