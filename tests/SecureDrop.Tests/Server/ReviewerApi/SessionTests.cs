using System.Net;
using System.Net.Http.Headers;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Server.ReviewerApi;
using Xunit;

namespace SecureDrop.Tests.Server.ReviewerApi;

public sealed class SessionTests
{
    private static readonly CancellationToken None = CancellationToken.None;

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
    public async Task Challenge_HoweverManyAreAskedFor_ServesOnceInOneSpelling()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        await using var other = await RunningDrop.SetUpAsync();
        var sessions = new Sessions(drop.Stores.Sessions, drop.Server.Keys, drop.Time);
        var key = drop.DropKeys.Alice.Session.PublicKey;
        var first = await sessions.ChallengeAsync(None);
        for (var n = 0; n < 20_000; n++)
            await sessions.ChallengeAsync(None);
        Assert.Null(await sessions.OpenAsync(await new Sessions(other.Stores.Sessions, other.Server.Keys, other.Time).ChallengeAsync(None), key, None));
        // 72 bytes are 96 characters without a spare bit; other spellings are white space, padding and the other alphabet.
        Assert.Null(await sessions.OpenAsync(first[..^1] + (first[^1] == 'A' ? 'B' : 'A'), key, None));
        Assert.Null(await sessions.OpenAsync(first + "\n", key, None));
        Assert.Null(await sessions.OpenAsync("", key, None));
        Assert.Null(await sessions.OpenAsync(first[..^1] + "#", key, None));
        Assert.NotNull(await sessions.OpenAsync(first, key, None));
        Assert.Null(await sessions.OpenAsync(first, key, None));
        Assert.Null(await sessions.OpenAsync(" " + first, key, None));
        Assert.NotNull(await sessions.OpenAsync(await sessions.ChallengeAsync(None), key, None));
    }

    [Fact]
    public async Task Token_ChangedInAnyPlace_IsNone()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var sessions = new Sessions(drop.Stores.Sessions, drop.Server.Keys, drop.Time);
        var token = await drop.LogInAsync(drop.DropKeys.Alice);
        Assert.Equal(drop.DropKeys.Alice.Session.PublicKey, await sessions.FindAsync(token, None));
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(token);
        for (var n = 0; n < bytes.Length; n++)
        {
            // Another reviewer's key, a later end: what a token says of itself is worth nothing without its hash.
            bytes[n] ^= 1;
            Assert.Null(await sessions.FindAsync(System.Buffers.Text.Base64Url.EncodeToString(bytes), None));
            bytes[n] ^= 1;
        }
        Assert.NotNull(await sessions.FindAsync(System.Buffers.Text.Base64Url.EncodeToString(bytes), None));
        foreach (var spelling in new[] { token + "=", token[..^1] + "#", token[..^1] + "\u00e9", new string('!', token.Length), " " + token[..^1], "" })
            Assert.Null(await sessions.FindAsync(spelling, None));
    }

    [Fact]
    public async Task Session_OfOneServer_IsHonouredByAnotherAndItsChallengeServesOnceAtAllOfThem()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var origin = drop.Server.ReviewerAddress;
        await using var second = await drop.SecondAsync(options => new()
        {
            Drop = options.Drop, Source = options.Source, Reviewer = new() { Listen = options.Reviewer.Listen, Origin = origin },
        });
        second.Reviewers.DefaultRequestHeaders.Host = new Uri(origin).Authority;
        var challenge = await drop.ChallengeAsync();
        using var answer = await second.LogInAsync(drop.DropKeys.Alice.Session, challenge, origin);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await LogInAsync(drop, drop.DropKeys.Alice.Session, challenge));
        using var alice = new HttpClient { BaseAddress = drop.Reviewers.BaseAddress };
        alice.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", RunningDrop.Member(await answer.Content.ReadAsByteArrayAsync(), "token"));
        Assert.Equal(HttpStatusCode.OK, await DaysAsync(alice));
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
