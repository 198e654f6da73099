using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using Xunit;

namespace SecureDrop.Tests.Rosters;

public sealed class DropKeyChainTests
{
    private static readonly MinisignKeyPair[] Keys = [.. Enumerable.Range(0, DropKeyChain.MostSuccessors + 2).Select(_ => MinisignKeyPair.Generate())];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(DropKeyChain.MostSuccessors)]
    public void Chain_OfUpTo64Steps_LeadsFromTheFirstKeyToTheLast(int steps)
    {
        DropKeyChain chain = DropKeyChain.Verify(Keys[0].PublicKey, Steps(steps));
        Assert.Equal(Keys.Take(steps + 1).Select(key => key.PublicKey), chain.Keys);
        Assert.Equal((Keys[0].PublicKey, Keys[steps].PublicKey), (chain.First, chain.Last));
    }

    [Fact]
    public void Chain_Of65Steps_IsRefused() => Assert.Equal(RosterCheck.TooMany, Refused(Steps(DropKeyChain.MostSuccessors + 1)));

    /// <summary>A key that came back could undo its own succession: whoever stole it would sign again.</summary>
    [Fact]
    public void Chain_InWhichAKeyComesBack_IsRefused()
    {
        for (int back = 0; back <= 3; back++)
        {
            Assert.Equal(RosterCheck.ChainRepeats, Refused([.. Steps(3), TestRosters.Succession(Keys[3], Keys[back])]));
        }
    }

    [Fact]
    public void Chain_WithAStepLeftOutSwappedOrByAnother_IsRefused()
    {
        SignedStatement[] good = Steps(3);
        Assert.Equal(RosterCheck.Chain, Refused([good[0], good[2]]));
        Assert.Equal(RosterCheck.Chain, Refused([good[1], good[0], good[2]]));
        Assert.Equal(RosterCheck.Chain, Refused([good[0], good[0]]));
        Assert.Equal(RosterCheck.Chain, Refused([SignedStatement.Sign(StatementPurpose.Successor, good[0].Statement, Keys[1])]));
        Assert.Equal(RosterCheck.Chain, Refused([SignedStatement.Sign(StatementPurpose.Roster, good[0].Statement, Keys[0]) with { Purpose = StatementPurpose.Successor }]));
    }

    [Fact]
    public void Step_WithAnyByteChanged_BreaksTheChain()
    {
        SignedStatement good = TestRosters.Succession(Keys[0], Keys[1]);
        byte[] changed = good.Statement.ToArray();
        for (int at = 0; at < changed.Length; at++)
        {
            changed[at] ^= 1;
            Assert.Equal(RosterCheck.Chain, Refused([good with { Statement = changed }]));
            changed[at] ^= 1;
        }
    }

    [Fact]
    public void Successor_WrittenAndRead_IsTheSame()
    {
        Successor successor = new(Keys[0].PublicKey, Keys[1].PublicKey);
        Assert.Equal(successor, Successor.Parse(successor.Write()));
        Assert.Equal(RosterCheck.Format, Assert.Throws<RosterException>(() => Successor.Parse(TestRosters.Statement().Write())).Check);
        Assert.Equal(RosterCheck.Malformed, Assert.Throws<RosterException>(() => Successor.Parse("{}"u8)).Check);
    }

    private static SignedStatement[] Steps(int count) => [.. Enumerable.Range(0, count).Select(at => TestRosters.Succession(Keys[at], Keys[at + 1]))];

    private static RosterCheck Refused(IReadOnlyList<SignedStatement> steps) => Assert.Throws<RosterException>(() => DropKeyChain.Verify(Keys[0].PublicKey, steps)).Check;
}
