using System.Net;
using System.Net.Http.Headers;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Server.ReviewerApi;
using Xunit;

namespace SecureDrop.Tests.Server.ReviewerApi;

public sealed class SessionTests
{
    [Fact]
    public async Task Session_OfAReviewer_OpensForOneHour()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var alice = await drop.LoggedInAsync(drop.DropKeys.Alice);
        Assert.Equal(HttpStatusCode.OK, await DaysAsync(alice));
        drop.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(HttpStatusCode.OK, await DaysAsync(alice));
        drop.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await DaysAsync(alice));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer AAAA")]
    [InlineData("Basic QTpC")]
    public async Task Request_WithoutASession_401OnEveryGuardedRoute(string? header)
    {
        await using var drop = await RunningDrop.SetUpAsync();
        foreach (var (method, path) in new[]
        {
            ("GET", "days"), ("GET", "days/2026-11-24/reports"), ("GET", "days/2026-11-24/texts"), ("GET", "days/2026-11-24/copies"),
            ("GET", "reports/00000000000000000000000000000000"), ("POST", "dead-drop"), ("DELETE", "days/2026-11-24"),
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/" + path);
            if (header is not null)
                request.Headers.TryAddWithoutValidation("Authorization", header);
            using var answer = await drop.Reviewers.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Challenge_ServesOnceAndForFiveMinutes()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var challenge = await drop.ChallengeAsync();
        Assert.Equal(HttpStatusCode.OK, await LogInAsync(drop, drop.DropKeys.Alice.Session, challenge));
        Assert.Equal(HttpStatusCode.Forbidden, await LogInAsync(drop, drop.DropKeys.Alice.Session, challenge));
        var late = await drop.ChallengeAsync();
        drop.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.Forbidden, await LogInAsync(drop, drop.DropKeys.Alice.Session, late));
        Assert.Equal(HttpStatusCode.Forbidden, await LogInAsync(drop, drop.DropKeys.Alice.Session, "made-up"));
    }

    [Fact]
    public void Challenge_HoweverManyAreAskedFor_ServesOnceInOneSpelling()
    {
        var sessions = new Sessions(new Microsoft.Extensions.Time.Testing.FakeTimeProvider(RunningDrop.Start));
        var first = sessions.Challenge();
        for (var n = 0; n < 20_000; n++)
            sessions.Challenge();
        Assert.False(sessions.Redeem(new Sessions(TimeProvider.System).Challenge()));
        // 72 bytes are 96 characters without a spare bit; other spellings are white space, padding and the other alphabet.
        Assert.False(sessions.Redeem(first[..^1] + (first[^1] == 'A' ? 'B' : 'A')));
        Assert.False(sessions.Redeem(first + "\n"));
        Assert.False(sessions.Redeem(""));
        Assert.True(sessions.Redeem(first));
        Assert.False(sessions.Redeem(first));
        Assert.False(sessions.Redeem(" " + first));
        Assert.True(sessions.Redeem(sessions.Challenge()));
    }

    [Fact]
    public async Task Session_OtherOriginOrKey_403()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var stranger = MinisignKeyPair.Generate();
        using (var relayed = await drop.LogInAsync(drop.DropKeys.Alice.Session, await drop.ChallengeAsync(), "http://elsewhere.example"))
            Assert.Equal(HttpStatusCode.Forbidden, relayed.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await LogInAsync(drop, stranger, await drop.ChallengeAsync()));
        // The signing key is not a session key, though it stands in the roster.
        Assert.Equal(HttpStatusCode.Forbidden, await LogInAsync(drop, drop.DropKeys.Alice.Signing, await drop.ChallengeAsync()));
    }

    [Fact]
    public async Task Session_SignedByAnotherThanItNamesOrForAnotherPurpose_403()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var alice = drop.DropKeys.Alice.Session;
        async Task<byte[]> StatementAsync() => new SessionStatement(drop.Server.ReviewerAddress, await drop.ChallengeAsync(), alice.PublicKey).Write();
        foreach (var signed in new[]
        {
            SignedStatement.Sign(StatementPurpose.Session, await StatementAsync(), drop.DropKeys.Bob.Session),
            SignedStatement.Sign(StatementPurpose.Reply, await StatementAsync(), alice),
        })
        {
            using var answer = await drop.Reviewers.PostAsync("/api/v1/session", RunningDrop.Json(signed));
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Session_OfAReviewerWhoLeft_EndsWithTheRoster()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var bob = await drop.LoggedInAsync(drop.DropKeys.Bob);
        using var alone = await drop.PutRosterAsync(drop.NewRoster(2) with { Reviewers = [drop.DropKeys.Alice.Entry(drop.Today.AddDays(90))] });
        Assert.Equal(HttpStatusCode.NoContent, alone.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await DaysAsync(bob));
    }

    private static async Task<HttpStatusCode> LogInAsync(RunningDrop drop, MinisignKeyPair key, string challenge)
    {
        using var answer = await drop.LogInAsync(key, challenge, drop.Server.ReviewerAddress);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> DaysAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/api/v1/days");
        return answer.StatusCode;
    }
}
