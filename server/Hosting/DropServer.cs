using SecureDrop.Server.Backups;
using SecureDrop.Server.Days;
using SecureDrop.Server.Health;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Load;
using SecureDrop.Server.Metrics;
using SecureDrop.Server.OpenApi;
using SecureDrop.Server.Options;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.ReviewerApi;
using SecureDrop.Server.Rosters;
using SecureDrop.Server.SourceApi;
using SecureDrop.Server.SourceApi.Plain;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Hosting;

/// <summary>
/// Two applications over one set of stores. Two, not one with two ports: a route that asks which <c>Host</c> was named protects
/// nothing, since anyone may name any.
/// </summary>
public sealed class DropServer : IAsyncDisposable
{
    private const long SourceBodyInBytes = IReportStore.PartSizeInBytes + 1024;
    private const string SourceKey = $"{ServerOptions.Section}:Source:Listen";
    private const string ReviewerKey = $"{ServerOptions.Section}:Reviewer:Listen";

    private readonly WebApplication _source;
    private readonly WebApplication _reviewer;

    private BackupSocket? _backups;

    private DropServer(WebApplication source, WebApplication reviewer) => (_source, _reviewer) = (source, reviewer);

    /// <summary>Where sources connect, such as <c>http://127.0.0.1:8080</c> or <c>unix:/path</c>.</summary>
    public string SourceAddress => Application.Address(_source);

    /// <summary>Where reviewers connect.</summary>
    public string ReviewerAddress => Application.Address(_reviewer);

    internal DayKeyRing Keys => _source.Services.GetRequiredService<DayKeyRing>();

    internal ServerLog Log => _source.Services.GetRequiredService<ServerLog>();

    internal DayKeeper Days => _source.Services.GetRequiredService<DayKeeper>();

    internal DayTimer Timer => _source.Services.GetRequiredService<DayTimer>();

    /// <param name="options">Checked settings.</param>
    /// <param name="stores">Not disposed by the server: several may work over them.</param>
    /// <param name="page">The page that sources get.</param>
    /// <param name="time">The clock.</param>
    /// <param name="output">Gets the setup token and the two addresses, one line each.</param>
    /// <param name="logWriter">Gets what the server has to say later; see <see cref="ServerLog"/>.</param>
    /// <param name="cancel">Stops the start.</param>
    public static async Task<DropServer> StartAsync(
        ServerOptions options, ServerStores stores, Page page, TimeProvider time, TextWriter output, TextWriter logWriter, CancellationToken cancel)
    {
        var log = new ServerLog(logWriter);
        var server = Build(options, stores, page, time, log);
        if (options.DeadDrop.PublishAtOnce)
            log.PublishesAtOnce();
        if (string.IsNullOrEmpty(options.Drop.DropKey) && await stores.Rosters.ReadAsync(cancel) is null)
            await output.WriteLineAsync($"setup-token: {await SetupToken.RenewAsync(stores.Rosters, cancel)}");
        try
        {
            await Listener.StartAsync(server._source, ListenAddress.Parse(options.Source.Listen), SourceKey, cancel);
            await Listener.StartAsync(server._reviewer, ListenAddress.Parse(options.Reviewer.Listen), ReviewerKey, cancel);
        }
        catch
        {
            // Its own minute may have begun, and the stores are closed next.
            await server.DisposeAsync();
            throw;
        }
        // A database is open to the command itself.
        if (!string.IsNullOrEmpty(options.Drop.DataDirectory))
            server._backups = BackupSocket.TryStart(options.Drop.DataDirectory, stores, time, log);
        var origin = server._reviewer.Services.GetRequiredService<ReviewerOrigin>();
        if (string.IsNullOrEmpty(origin.Value))
            origin.Value = server.ReviewerAddress;
        await output.WriteLineAsync($"source: {server.SourceAddress}");
        await output.WriteLineAsync($"reviewer: {server.ReviewerAddress}");
        await output.FlushAsync(cancel);
        return server;
    }

    /// <summary>The OpenAPI documents of both applications, as they run.</summary>
    public async Task<(string Source, string Reviewer)> DescribeAsync(CancellationToken cancel)
    {
        return (await ApiDocument.WriteAsync(_source.Services, cancel), await ApiDocument.WriteAsync(_reviewer.Services, cancel));
    }

    /// <summary>Returns when the process is asked to stop.</summary>
    public Task WaitForShutdownAsync() => Task.WhenAny(_source.WaitForShutdownAsync(), _reviewer.WaitForShutdownAsync());

    public async ValueTask DisposeAsync()
    {
        var (keeper, timer, exposition, log) = (Days, Timer, _source.Services.GetRequiredService<Exposition>(), Log);
        await (_backups?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _source.DisposeAsync();
        await _reviewer.DisposeAsync();
        // Told to end by now, but not awaited by the framework: nothing is closed under its hands.
        await Task.WhenAny(timer.ExecuteTask ?? Task.CompletedTask);
        await keeper.StopAsync();
        keeper.Dispose();
        exposition.Dispose();
        log.Flush();
    }

    private static DropServer Build(ServerOptions options, ServerStores stores, Page page, TimeProvider time, ServerLog log)
    {
        var sourceAddress = ListenAddress.Parse(options.Source.Listen);
        var reviewerAddress = ListenAddress.Parse(options.Reviewer.Listen);
        Listener.Probe(sourceAddress, SourceKey);
        Listener.Probe(reviewerAddress, ReviewerKey);

        var keys = new DayKeyRing(stores.Days, time);
        var rosters = new RosterDesk(options, stores.Rosters, time);
        var keeper = new DayKeeper(options, time, keys, rosters, stores.Reports, stores.DeadDrops, stores.Days, stores.Sessions, log);
        var readiness = new Readiness(rosters, stores.Check, time);
        var exposition = new Exposition(rosters, keeper, keys, stores.Reports, stores.DeadDrops);

        void AddShared(IServiceCollection services) => services
            .AddSingleton(options).AddSingleton(time).AddSingleton(log)
            .AddSingleton(stores.Reports).AddSingleton(stores.DeadDrops).AddSingleton(stores.Days).AddSingleton(stores.Sessions)
            .AddSingleton(keys).AddSingleton(rosters).AddSingleton(keeper).AddSingleton(readiness).AddSingleton(exposition);

        var source = Application.Build(sourceAddress, Hosts(options.Source.Hosts, sourceAddress), SourceBodyInBytes, new(options.Limits.Connections, time), ApiDocument.SourceTitle, services =>
        {
            AddShared(services);
            services.AddSingleton(page);
            if (ClearnetSettings.Of(options.Source) is { } clearnet)
                services.AddSingleton(clearnet);
            AddIntake(services, options, time);
            services.AddSingleton<RefusalForm, PlainRefusals>().AddSingleton<PlainPages>().AddSingleton<PlainIntake>()
                .AddSingleton<PlainQuota>().AddSingleton<PlainGate>().AddSingleton<PlainLargeGate>();
            services.AddSingleton<DayTimer>().AddHostedService(provider => provider.GetRequiredService<DayTimer>()).AddHostedService<MemorySweeper>();
        }, SourceEndpoints.Map);

        string[] reviewerHosts = string.IsNullOrEmpty(options.Reviewer.Origin) ? [] : [new Uri(options.Reviewer.Origin).Authority];
        var reviewer = Application.Build(reviewerAddress, Hosts(reviewerHosts, reviewerAddress), PostBatch.LargestInBytes, new(options.Limits.Connections, time), ApiDocument.ReviewerTitle, services =>
        {
            AddShared(services);
            services.AddSingleton<Sessions>().AddSingleton<BatchGate>().AddSingleton<RosterGate>().AddSingleton(new ReviewerOrigin { Value = options.Reviewer.Origin ?? "" })
                .AddSingleton(new SourceServices(source.Services));
        }, ReviewerEndpoints.Map);
        return new DropServer(source, reviewer);
    }

    private static void AddIntake(IServiceCollection services, ServerOptions options, TimeProvider time) => services
        .AddSingleton(options.Limits)
        .AddSingleton<TextGate>().AddSingleton<PartGate>().AddSingleton<CommitGate>().AddSingleton<InFlight>()
        .AddSingleton<PageGate>().AddSingleton<PlainPageGate>().AddSingleton<RosterAnswerGate>().AddSingleton<DeadDropGate>()
        .AddSingleton(provider => new Room(options.Limits, provider.GetRequiredService<IReportStore>(), provider.GetRequiredService<DayKeyRing>(), time))
        .AddSingleton(provider =>
        {
            var (texts, parts, room) = (provider.GetRequiredService<TextGate>(), provider.GetRequiredService<PartGate>(), provider.GetRequiredService<Room>());
            return new Demand(options.Tickets, () => Math.Max(room.Share, Math.Max(texts.Share, parts.Share)), time);
        })
        .AddSingleton<SolutionQueue>().AddSingleton<TicketOffice>().AddSingleton<Upload>();

    /// <summary>The configured names; without any, the address itself, under any port.</summary>
    private static HostNames Hosts(IReadOnlyList<string> names, ListenAddress address) =>
        new(names.Count > 0 || address.Address is null ? names
            : System.Net.IPAddress.IsLoopback(address.Address) ? ["localhost", "127.0.0.1", "[::1]"] : [address.Address.ToString()]);
}
