using System.Net;
using System.Text;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Terminal;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Api;

/// <summary>What a server that means harm may answer: refused with a sentence, whatever it is, and never held whole where it has no end.</summary>
public sealed class HostileServerTests : IDisposable
{
    private static readonly DateOnly Day = new(2026, 11, 24);

    private readonly MinisignKeyPair _sessionKey = MinisignKeyPair.Generate();

    public void Dispose() => _sessionKey.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("long")]
    public async Task Session_TokenThatIsNone_IsRefused(string token)
    {
        using Answers answers = new(token == "long" ? new string('a', 4_097) : token, _ => "[]");
        using ReviewerApi api = new("http://reviewers.example", null, _sessionKey, answers);
        Assert.Contains("session token", (await RefusalOf(() => api.DaysAsync(CancellationToken.None))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[null]")]
    [InlineData("""[{"id":null,"bytes":1}]""")]
    [InlineData("""[{"id":"../../0123456789abcdef0123456789","bytes":1}]""")]
    [InlineData("""[{"id":"0123456789abcdef0123456789abcdef","bytes":0}]""")]
    [InlineData("""[{"id":"0123456789abcdef0123456789abcdef","bytes":1},{"id":"0123456789abcdef0123456789abcdef","bytes":1}]""")]
    public async Task Reports_ListThatIsNone_IsRefused(string list)
    {
        using Answers answers = new("token", _ => list);
        using ReviewerApi api = new("http://reviewers.example", null, _sessionKey, answers);
        await RefusalOf(async () => await api.ReportsAsync(Day, CancellationToken.None).CountAsync());
    }

    [Fact]
    public async Task Reports_ListWithoutEnd_IsReadPageByPage()
    {
        int pages = 0;
        using Answers answers = new("token", _ =>
        {
            int from = pages++ * 1_000;
            return $"[{string.Join(',', Enumerable.Range(from, 1_000).Select(n => $$"""{"id":"{{n:x32}}","bytes":1}"""))}]";
        });
        using ReviewerApi api = new("http://reviewers.example", null, _sessionKey, answers);
        Assert.Equal(2_500, await api.ReportsAsync(Day, CancellationToken.None).Take(2_500).CountAsync());
        Assert.Equal(3, pages);
    }

    private static async Task<ReviewerException> RefusalOf(Func<Task> call)
    {
        ReviewerException refusal = await Assert.ThrowsAsync<ReviewerException>(call);
        Assert.Equal(ExitCode.Refused, refusal.ExitCode);
        return refusal;
    }

    private sealed class Answers(string token, Func<string, string> get) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string path = request.RequestUri!.AbsolutePath;
            string body = path switch
            {
                "/api/v1/session/challenge" => """{"challenge":"00"}""",
                "/api/v1/session" => $$"""{"token":"{{token}}"}""",
                _ => get(path),
            };
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
        }
    }
}
