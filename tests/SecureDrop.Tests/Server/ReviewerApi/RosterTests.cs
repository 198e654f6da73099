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
        foreach (var file in Directory.EnumerateFiles(drop.DataFolder).Where(file => Path.GetFileName(file) is not ("lock" or "backup.sock")))
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
    public async Task Statement_BeforeTheDropIsSetUp_503WithRetryAfter()
    {
        await using var drop = await RunningDrop.EmptyAsync();
        var (key, alice) = (drop.DropKeys.Drop.PublicKey, drop.DropKeys.Alice);
        var recipient = new RecipientStatement(key, alice.Signing.PublicKey, 1, alice.Age.Recipient, drop.Today, drop.Today);
        foreach (var (what, signed) in new[]
        {
            ("recipient", SignedStatement.Sign(StatementPurpose.Recipient, recipient.Write(), alice.Signing)),
            ("successor", SignedStatement.Sign(StatementPurpose.Successor, new Successor(key, alice.Signing.PublicKey).Write(), drop.DropKeys.Drop)),
        })
        {
            using var answer = await drop.PutStatementAsync(what, signed);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
            Assert.Contains("not set up", await answer.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData("\"requires\":[]", "\"requires\":[\"k-of-n\"]")]
    [InlineData("\"format\":\"securedrop-roster/1\"", "\"format\":\"securedrop-roster/2\"")]
    [InlineData("\"expires\":\"2027-02-22\"", "\"expires\":\"2026-11-23\"")]
    [InlineData("\"shardBits\":0", "\"shardBits\":17")]
    public async Task Roster_SignedButNotToBeTaken_400AndTheOneBeforeStays(string member, string instead)
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var before = await drop.Source.GetByteArrayAsync("/api/v1/roster");
        var text = Encoding.UTF8.GetString(drop.NewRoster(2).Write());
        Assert.Contains(member, text);
        using var answer = await SignAndPutAsync(drop, text.Replace(member, instead, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(before, await drop.Source.GetByteArrayAsync("/api/v1/roster"));
        using var right = await SignAndPutAsync(drop, text);
        Assert.Equal(HttpStatusCode.NoContent, right.StatusCode);
    }

    [Fact]
    public async Task Roster_WithoutReviewers_400()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var text = Encoding.UTF8.GetString(drop.NewRoster(2).Write());
        var (from, to) = (text.IndexOf("\"reviewers\":[", StringComparison.Ordinal), text.IndexOf("\"former\":", StringComparison.Ordinal));
        using var answer = await SignAndPutAsync(drop, text[..from] + "\"reviewers\":[]," + text[to..]);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Roster_SentAgain_NothingIsWritten()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var signed = SignedStatement.Sign(StatementPurpose.Roster, drop.NewRoster(2).Write(), drop.DropKeys.Drop);
        var revisions = new HashSet<long>();
        for (var n = 0; n < 3; n++)
        {
            using var answer = await drop.PutStatementAsync("roster", signed);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            revisions.Add((await drop.Stores.Rosters.ReadAsync(CancellationToken.None))!.Revision);
        }
        Assert.Single(revisions);
    }

    [Fact]
    public async Task Recipient_OfAnOlderSerialOrEnded_Refused()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var alice = drop.DropKeys.Alice;
        async Task<HttpStatusCode> PutAsync(long serial, int lastDay)
        {
            var statement = new RecipientStatement(
                drop.DropKeys.Drop.PublicKey, alice.Signing.PublicKey, serial, alice.Age.Recipient, drop.Today.AddDays(-3), drop.Today.AddDays(lastDay));
            using var answer = await drop.PutStatementAsync("recipient", SignedStatement.Sign(StatementPurpose.Recipient, statement.Write(), alice.Signing));
            return answer.StatusCode;
        }
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(1, -1));
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(5, 6));
        Assert.Equal(HttpStatusCode.Conflict, await PutAsync(4, 6));
        Assert.Single(RosterAnswer.Parse(await drop.Source.GetByteArrayAsync("/api/v1/roster")).Recipients);
    }

    [Fact]
    public async Task Roster_MoreAtOnceThanAreHeldInMemory_BusyAndTheRestGoesOn()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var idle = new RawClients();
        // The idle ones are let in as they are read, until the places are theirs; from then on the next is told to come again.
        HttpResponseMessage? next = null;
        for (var n = 0; n < 300 && next?.StatusCode != HttpStatusCode.ServiceUnavailable; n++)
        {
            await idle.SendAsync(drop.Reviewers.BaseAddress!, "PUT /api/v1/roster HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 8000000\r\n\r\n{");
            next?.Dispose();
            next = await drop.PutRosterAsync(drop.NewRoster(2 + n));
        }
        Assert.Equal(HttpStatusCode.ServiceUnavailable, next!.StatusCode);
        Assert.NotNull(next.Headers.RetryAfter);
        next.Dispose();
        await drop.LogInAsync(drop.DropKeys.Alice);
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text()));
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

    private static Task<HttpResponseMessage> SignAndPutAsync(RunningDrop drop, string roster) =>
        drop.PutStatementAsync("roster", SignedStatement.Sign(StatementPurpose.Roster, Encoding.UTF8.GetBytes(roster), drop.DropKeys.Drop));

    private static async Task<HttpStatusCode> PutAsync(RunningDrop drop, Roster roster, string? token)
    {
        using var answer = await drop.PutRosterAsync(roster, token);
        return answer.StatusCode;
    }
}
