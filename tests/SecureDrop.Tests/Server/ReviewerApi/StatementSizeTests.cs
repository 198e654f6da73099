using System.Net;
using System.Text;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using Xunit;

namespace SecureDrop.Tests.Server.ReviewerApi;

/// <summary>Members that nobody knows are ignored, so a statement can be as long as its signer likes; everybody who visits downloads it.</summary>
public sealed class StatementSizeTests
{
    [Fact]
    public async Task Recipient_PaddedWithMembersNobodyReads_IsRefused()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var alice = drop.DropKeys.Alice;
        var plain = new RecipientStatement(drop.DropKeys.Drop.PublicKey, alice.Signing.PublicKey, 1, alice.Age.Recipient, drop.Today, drop.Today).Write();
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(drop, "recipient", StatementPurpose.Recipient, Padded(plain), alice.Signing));
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(drop, "recipient", StatementPurpose.Recipient, plain, alice.Signing));
    }

    [Fact]
    public async Task Successor_PaddedWithMembersNobodyReads_IsRefused()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var next = MinisignKeyPair.Generate();
        var plain = new Successor(drop.DropKeys.Drop.PublicKey, next.PublicKey).Write();
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(drop, "successor", StatementPurpose.Successor, Padded(plain), drop.DropKeys.Drop));
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(drop, "successor", StatementPurpose.Successor, plain, drop.DropKeys.Drop));
    }

    private static byte[] Padded(byte[] json) => Encoding.UTF8.GetBytes($"{{\"x\":\"{new string('x', 10_000)}\",{Encoding.UTF8.GetString(json)[1..]}");

    private static async Task<HttpStatusCode> PutAsync(RunningDrop drop, string what, StatementPurpose purpose, byte[] statement, MinisignKeyPair signer)
    {
        using var answer = await drop.PutStatementAsync(what, SignedStatement.Sign(purpose, statement, signer));
        return answer.StatusCode;
    }
}
