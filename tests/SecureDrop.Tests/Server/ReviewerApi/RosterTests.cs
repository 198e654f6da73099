using System.Net;
using System.Text;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Server.Options;
using Xunit;

namespace SecureDrop.Tests.Server.ReviewerApi;

public sealed class RosterTests
{
    [Fact]
    public async Task FirstRoster_NeedsTheTokenThatWasPrinted()
    {
        await using var drop = await RunningDrop.EmptyAsync();
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(drop, drop.NewRoster(1), null));
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(drop, drop.NewRoster(1), "guess"));
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(drop, drop.NewRoster(1), drop.SetupToken));
        var answer = RosterAnswer.Parse(await drop.Source.GetByteArrayAsync("/api/v1/roster"));
        Assert.Equal(1, RosterVerifier.Verify(answer, drop.DropKeys.Drop.PublicKey, drop.Today).Roster.Version);
    }

    [Fact]
    public async Task SetupToken_ServesOnceAndOnlyItsHashIsKept()
    {
        await using var drop = await RunningDrop.EmptyAsync();
        var token = drop.SetupToken!;
        foreach (var file in Directory.EnumerateFiles(drop.DataFolder).Where(file => Path.GetFileName(file) != "lock"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes);
            Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(token)));
        }
        await PutAsync(drop, drop.NewRoster(1), token);
        using var thief = MinisignKeyPair.Generate();
        using var stolen = await drop.PutRosterAsync(drop.NewRoster(2) with { DropKey = thief.PublicKey }, token, thief);
        Assert.Equal(HttpStatusCode.Forbidden, stolen.StatusCode);
        Assert.Null(await drop.Stores.Rosters.ReadSetupTokenHashAsync(CancellationToken.None));
        await using var second = await drop.SecondAsync();
        Assert.Null(second.SetupToken);
    }

    [Fact]
    public async Task FirstRoster_WithAPinnedKey_ComesFromThatKeyAndNeedsNoToken()
    {
        using var pinned = MinisignKeyPair.Generate();
        await using var drop = await RunningDrop.EmptyAsync(options => new ServerOptions
        {
            Drop = new() { DataDirectory = options.Drop.DataDirectory, FreeSpaceFloorInMebibytes = 1, DropKey = pinned.PublicKey.Text },
            Source = options.Source, Reviewer = options.Reviewer,
        });
        Assert.Null(drop.SetupToken);
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(drop, drop.NewRoster(1), null));
        using var right = await drop.PutRosterAsync(drop.NewRoster(1) with { DropKey = pinned.PublicKey }, null, pinned);
        Assert.Equal(HttpStatusCode.NoContent, right.StatusCode);
    }

    [Fact]
    public async Task Roster_OlderForeignOrSpoilt_RefusedAndTheOneBeforeStays()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var stranger = MinisignKeyPair.Generate();
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(drop, drop.NewRoster(5), null));
        var before = await drop.Source.GetByteArrayAsync("/api/v1/roster");
        Assert.Equal(HttpStatusCode.Conflict, await PutAsync(drop, drop.NewRoster(4), null));
        using (var foreign = await drop.PutRosterAsync(drop.NewRoster(6), null, stranger))
            Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        var signed = SignedStatement.Sign(StatementPurpose.Roster, drop.NewRoster(6).Write(), drop.DropKeys.Drop);
        using (var spoilt = await drop.PutStatementAsync("roster", signed with { Statement = drop.NewRoster(7).Write() }))
            Assert.Equal(HttpStatusCode.Forbidden, spoilt.StatusCode);
        using (var purpose = await drop.PutStatementAsync("roster", SignedStatement.Sign(StatementPurpose.Reply, drop.NewRoster(6).Write(), drop.DropKeys.Drop)))
            Assert.Equal(HttpStatusCode.Forbidden, purpose.StatusCode);
        Assert.Equal(before, await drop.Source.GetByteArrayAsync("/api/v1/roster"));
    }

    [Fact]
    public async Task Roster_ManyAtOnce_TheNewestStands()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var statuses = await Task.WhenAll(Enumerable.Range(2, 12).Select(version => PutAsync(drop, drop.NewRoster(version), null)));
        Assert.All(statuses, status => Assert.True(status is HttpStatusCode.NoContent or HttpStatusCode.Conflict));
        var answer = RosterAnswer.Parse(await drop.Source.GetByteArrayAsync("/api/v1/roster"));
        Assert.Equal(13, RosterVerifier.Verify(answer, null, drop.Today).Roster.Version);
    }

    [Fact]
    public async Task Recipient_OfAReviewer_HandedOut()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var alice = drop.DropKeys.Alice;
        var statement = new RecipientStatement(drop.DropKeys.Drop.PublicKey, alice.Signing.PublicKey, 1, drop.DropKeys.Bob.Age.Recipient, drop.Today, drop.Today.AddDays(6));
        using (var foreign = await drop.PutStatementAsync("recipient", SignedStatement.Sign(StatementPurpose.Recipient, statement.Write(), drop.DropKeys.Bob.Signing)))
            Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        using (var own = await drop.PutStatementAsync("recipient", SignedStatement.Sign(StatementPurpose.Recipient, statement.Write(), alice.Signing)))
            Assert.Equal(HttpStatusCode.NoContent, own.StatusCode);
        Assert.Single(RosterAnswer.Parse(await drop.Source.GetByteArrayAsync("/api/v1/roster")).Recipients);
    }

    [Fact]
    public async Task Successor_HeldBackUntilItsKeySigns()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var next = MinisignKeyPair.Generate();
        var successor = new Successor(drop.DropKeys.Drop.PublicKey, next.PublicKey).Write();
        using (var put = await drop.PutStatementAsync("successor", SignedStatement.Sign(StatementPurpose.Successor, successor, drop.DropKeys.Drop)))
            Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
        Assert.Empty(RosterAnswer.Parse(await drop.Source.GetByteArrayAsync("/api/v1/roster")).Successors);
        using (var first = await drop.PutRosterAsync(drop.NewRoster(2), null, next))
            Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        Assert.Single(RosterAnswer.Parse(await drop.Source.GetByteArrayAsync("/api/v1/roster")).Successors);
        using var old = await drop.PutRosterAsync(drop.NewRoster(3));
        Assert.Equal(HttpStatusCode.Forbidden, old.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"statement\":\"\"}")]
    [InlineData("{\"statement\":\"a\",\"signature\":1}")]
    [InlineData("{\"statement\":\"a\",\"statement\":\"b\",\"signature\":\"c\"}")]
    [InlineData("{\"statement\":\"\\ud800\",\"signature\":\"c\"}")]
    [InlineData("{\"statement\":\"a\",\"signature\":\"c\",\"successors\":[1]}")]
    public async Task Statement_Malformed_400(string body)
    {
        await using var drop = await RunningDrop.EmptyAsync();
        using var answer = await drop.Reviewers.PutAsync("/api/v1/roster", RunningDrop.Json(Encoding.UTF8.GetBytes(body)));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static async Task<HttpStatusCode> PutAsync(RunningDrop drop, Roster roster, string? token)
    {
        using var answer = await drop.PutRosterAsync(roster, token);
        return answer.StatusCode;
    }
}
