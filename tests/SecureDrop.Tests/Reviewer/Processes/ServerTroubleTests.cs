using System.Net;
using System.Net.Sockets;
using SecureDrop.Reviewer.Terminal;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Processes;

/// <summary>A server or a proxy that is away, or that is another program.</summary>
public sealed class ServerTroubleTests
{
    [Fact]
    public async Task Proxy_IsGivenTheNameOfTheServer_AndNothingGoesPastIt()
    {
        await using DeskBehindProxy at = await DeskBehindProxy.StartAsync();
        using SourceAtWork source = new(at.At.Drop);
        await source.TellAsync("hello");
        at.Proxy.Asked.Clear();
        Ran sync = await ReviewerProcess.RunAsync(at.Desk, "sync");
        Assert.True(sync.Code == ExitCode.Ok, sync.Error);
        // Unresolved, by name: nobody but the proxy was asked where it is.
        Assert.NotEmpty(at.Proxy.Asked);
        Assert.All(at.Proxy.Asked, asked => Assert.Equal("name reviewers.test:80", asked));
    }

    [Fact]
    public async Task Proxy_Away_IsUnreachableAndTheServerIsNotAskedPastIt()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        await AssertUnreachableAsync(at.Desk, "sync", "--proxy", $"socks5h://127.0.0.1:{ClosedPort()}");
        await at.Desk.OkAsync("sync", "--proxy", "");
    }

    [Fact]
    public async Task Proxy_AnotherProgram_IsUnreachable()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        // The source's side of the server speaks HTTP and no SOCKS.
        await AssertUnreachableAsync(at.Desk, "sync", "--proxy", at.Drop.Server.SourceAddress.Replace("http:", "socks5h:", StringComparison.Ordinal));
    }

    [Theory, InlineData("ftp://127.0.0.1:1"), InlineData("127.0.0.1:9050"), InlineData("socks5h://"), InlineData("\x1b[2J")]
    public async Task Proxy_NotOne_IsBadInput(string proxy)
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        Ran ran = await at.Desk.RunAsync("sync", "--proxy", proxy);
        Assert.Equal(ExitCode.BadInput, ran.Code);
        InterruptedSyncTests.AssertIsOneSentence(ran.Error);
        await at.Desk.OkAsync("sync");
    }

    [Fact]
    public async Task Server_Away_IsUnreachableAndAnswersWait()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("hello");
        string handle = await at.OnlyHandleAsync(), answer = at.Desk.File_("answer.txt");
        await File.WriteAllTextAsync(answer, "Thank you.");
        await at.Desk.OkAsync("join", at.Link, "--server", $"http://127.0.0.1:{ClosedPort()}");
        foreach (string[] line in new string[][] { ["sync"], ["roster", "show"], ["day", "end", "2026-11-24", "--yes"], ["roster", "publish"] })
        {
            await AssertUnreachableAsync(at.Desk, line);
        }

        // These go on without it.
        await at.Desk.OkAsync("status");
        await at.Desk.OkAsync("inbox");
        await at.Desk.OkAsync("open", handle);
        Ran reply = await at.Desk.RunAsync("reply", handle, answer);
        Assert.Equal(ExitCode.Unreachable, reply.Code);
        Assert.Contains("goes out with the next `reviewer sync`", reply.Error, StringComparison.Ordinal);
        await at.Desk.OkAsync("join", at.Link, "--server", at.Drop.Server.ReviewerAddress);
        await at.Desk.OkAsync("sync");
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Contains("Thank you.", (await source.LookAsync()).Replies.Select(r => r.Message));
    }

    [Fact]
    public async Task Server_AnotherProgram_IsSaidSo()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        await at.Desk.OkAsync("join", at.Link, "--server", at.Drop.Server.SourceAddress);
        Ran ran = await at.Desk.RunAsync("sync");
        Assert.Equal(ExitCode.Refused, ran.Code);
        InterruptedSyncTests.AssertIsOneSentence(ran.Error);
    }

    private static async Task AssertUnreachableAsync(TestDesk desk, params string[] line)
    {
        Ran ran = await desk.RunAsync(line);
        Assert.True(ran.Code == ExitCode.Unreachable, $"{string.Join(' ', line)}: {ran.Code}: {ran.Error}");
        InterruptedSyncTests.AssertIsOneSentence(ran.Error);
        Assert.Contains("Nothing is lost", ran.Error, StringComparison.Ordinal);
    }

    /// <summary>A port at which nobody listens.</summary>
    private static int ClosedPort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
