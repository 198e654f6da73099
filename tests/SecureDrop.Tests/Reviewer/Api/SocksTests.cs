using System.Net;
using System.Net.Sockets;
using System.Text;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Terminal;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Api;

/// <summary>What goes through a proxy goes through nothing else, names included.</summary>
public sealed class SocksTests
{
    [Theory]
    [InlineData("socks5h")]
    [InlineData("socks5")]
    public async Task Connection_ThroughSocks_GivesTheNameToTheProxy(string scheme)
    {
        // RFC 1928: address type 3 is a name, 1 and 4 are addresses that somebody has looked up already.
        using TcpListener proxy = new(IPAddress.Loopback, 0);
        proxy.Start();
        Task<string> asked = AnswerOnceAsync(proxy);
        Uri address = ServerAddress.Proxy($"{scheme}://127.0.0.1:{((IPEndPoint)proxy.LocalEndpoint).Port}");
        using ReviewerConnection connection = new("http://reviewers.invalid:8081", address, null);
        ReviewerException refused = await Assert.ThrowsAsync<ReviewerException>(() => connection.BytesAsync("api/v1/status", false, CancellationToken.None));
        Assert.Equal(ExitCode.Unreachable, refused.ExitCode);
        Assert.Equal("5 1 0 3 reviewers.invalid 8081", await asked.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Connection_ProxyThatIsNotThere_IsNotPassedBy()
    {
        using TcpListener server = new(IPAddress.Loopback, 0), gone = new(IPAddress.Loopback, 0);
        server.Start();
        gone.Start();
        int port = ((IPEndPoint)gone.LocalEndpoint).Port;
        gone.Stop();
        using ReviewerConnection connection = new($"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}", new Uri($"socks5://127.0.0.1:{port}"), null);
        await Assert.ThrowsAsync<ReviewerException>(() => connection.BytesAsync("api/v1/status", false, CancellationToken.None));
        Assert.False(server.Pending(), "the server was reached past the proxy");
    }

    /// <summary>Takes one SOCKS5 request, refuses it, and says what was asked.</summary>
    private static async Task<string> AnswerOnceAsync(TcpListener proxy)
    {
        using TcpClient client = await proxy.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        NetworkStream stream = client.GetStream();
        byte[] methods = new byte[2];
        await stream.ReadExactlyAsync(methods);
        await stream.ReadExactlyAsync(new byte[methods[1]]);
        await stream.WriteAsync(new byte[] { 5, 0 });
        byte[] head = new byte[5];
        await stream.ReadExactlyAsync(head);
        byte[] rest = new byte[head[4] + 2];
        await stream.ReadExactlyAsync(rest);
        await stream.WriteAsync(new byte[] { 5, 4, 0, 1, 0, 0, 0, 0, 0, 0 });
        return $"{head[0]} {head[1]} {head[2]} {head[3]} {Encoding.ASCII.GetString(rest[..^2])} {(rest[^2] << 8) | rest[^1]}";
    }
}
