using SecureDrop.Server.Options;
using SecureDrop.Tests.Server;

namespace SecureDrop.Tests.Reviewer.Processes;

/// <summary>A drop in the present, that the real program reaches by a name which only the proxy knows.</summary>
internal sealed class DeskBehindProxy : IAsyncDisposable
{
    /// <summary>RFC 6761: no name server knows it.</summary>
    public const string Server = "http://reviewers.test";

    private DeskBehindProxy(DropAndDesk at, SocksProxy proxy) => (At, Proxy) = (at, proxy);

    public DropAndDesk At { get; }

    public TestDesk Desk => At.Desk;

    public SocksProxy Proxy { get; }

    public static async Task<DeskBehindProxy> StartAsync()
    {
        // The program's clock is the machine's, so the server's has to be of the same day.
        RunningDrop drop = await RunningDrop.EmptyAsync(
            o => new ServerOptions { Drop = o.Drop, Source = o.Source, Reviewer = new() { Listen = o.Reviewer.Listen, Origin = Server } },
            TimeProvider.System.GetUtcNow());
        SocksProxy proxy = new() { TargetPort = new Uri(drop.Server.ReviewerAddress).Port };
        return new DeskBehindProxy(await DropAndDesk.StartAsync(drop, Server, proxy.Url), proxy);
    }

    public async ValueTask DisposeAsync()
    {
        await At.DisposeAsync();
        await Proxy.DisposeAsync();
    }
}
