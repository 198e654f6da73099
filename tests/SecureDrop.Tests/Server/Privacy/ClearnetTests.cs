using System.Globalization;
using System.Net;
using Xunit;

namespace SecureDrop.Tests.Server.Privacy;

/// <summary>A drop that is on the open web too: what it says there, and that it says it nowhere else.</summary>
public sealed class ClearnetTests
{
    private const string Name = "drop.example.org";
    private static readonly string Onion = new string('a', 56) + ".onion";

    [Theory]
    [InlineData("/", 200, true)]
    [InlineData("/plain", 200, true)]
    [InlineData("/api/v1/roster", 200, false)]
    [InlineData("/nothing", 404, false)]
    public async Task Answer_UnderTheNameOfTheOpenWeb_NamesTheOnionWhereAPersonLooks(string path, int status, bool isOpened)
    {
        await using var drop = await StartAsync();
        using var there = await AskAsync(drop, Name, path);
        Assert.Equal(status, (int)there.StatusCode);
        Assert.Equal("max-age=63072000", Assert.Single(there.Headers.GetValues("Strict-Transport-Security")));
        Assert.Equal(isOpened ? [$"http://{Onion}{path}"] : [], Values(there, "Onion-Location"));
        foreach (var elsewhere in new[] { Onion, "localhost", Name + ":8443" })
        {
            using var answer = await AskAsync(drop, elsewhere, path);
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Equal([], Values(answer, "Strict-Transport-Security").Concat(Values(answer, "Onion-Location")));
        }
    }

    [Fact]
    public async Task Answer_ToAPostOrToAReviewer_NamesNoOnion()
    {
        await using var drop = await StartAsync();
        using var posted = await AskAsync(drop, Name, "/", HttpMethod.Post);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
        Assert.Equal([], Values(posted, "Onion-Location"));
        using var reviewers = await drop.Reviewers.GetAsync("/api/v1/status");
        Assert.Equal([], Values(reviewers, "Strict-Transport-Security"));
    }

    private static Task<RunningDrop> StartAsync() => RunningDrop.SetUpAsync(options => new()
    {
        Drop = options.Drop, Reviewer = options.Reviewer,
        Source = new() { Listen = options.Source.Listen, Hosts = ["localhost", Name, Name + ":8443", Onion], ClearnetOrigin = "https://" + Name, OnionOrigin = "http://" + Onion },
    });

    private static async Task<HttpResponseMessage> AskAsync(RunningDrop drop, string host, string path, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        request.Headers.Host = host == "localhost" ? string.Create(CultureInfo.InvariantCulture, $"localhost:{drop.Source.BaseAddress!.Port}") : host;
        return await drop.Source.SendAsync(request);
    }

    private static IEnumerable<string> Values(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values : [];
}
