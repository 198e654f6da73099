using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.SourceApi;
using SecureDrop.Server.Storage;
using Xunit;

namespace SecureDrop.Tests.Server;

/// <summary>
/// The real server on loopback with ports of the system's choice, over the embedded store in a folder of the test's own. Only
/// the clock is the test's.
/// </summary>
internal sealed class RunningDrop : IAsyncDisposable
{
    public const string PagePolicy = "default-src 'none'; script-src 'sha256-test'";
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder? _folder;
    private readonly StringWriter _log = new();
    private bool _ownsStores;
    private PassingDays? _days;
    private ServerOptions _options = null!;
    private Page _page = null!;

    private RunningDrop(FakeTimeProvider time, TemporaryFolder? folder, ServerStores stores, bool ownsStores, Keys keys)
    {
        (Time, _folder, Stores, _ownsStores, DropKeys) = (time, folder, stores, ownsStores, keys);
    }

    public FakeTimeProvider Time { get; }
    public ServerStores Stores { get; private set; }
    public DropServer Server { get; private set; } = null!;
    public StringWriter Output { get; } = new();

    /// <summary>What the server has to say, what waits for the hour included.</summary>
    public StringWriter Log
    {
        get
        {
            Server?.Log.Flush();
            return _log;
        }
    }

    /// <summary>What it has said so far.</summary>
    public string Said => _log.ToString();
    public HttpClient Source { get; private set; } = null!;
    public HttpClient Reviewers { get; private set; } = null!;
    public Keys DropKeys { get; }
    public DateOnly Today => DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime);
    public string DataFolder => _folder!.Path;

    public sealed class Keys : IDisposable
    {
        private readonly Lazy<MinisignKeyPair> _drop = new(MinisignKeyPair.Generate);
        private readonly Lazy<Reviewer> _alice = new(() => new Reviewer());
        private readonly Lazy<Reviewer> _bob = new(() => new Reviewer());

        public MinisignKeyPair Drop => _drop.Value;
        public Reviewer Alice => _alice.Value;
        public Reviewer Bob => _bob.Value;

        public void Dispose()
        {
            if (_drop.IsValueCreated)
                Drop.Dispose();
            if (_alice.IsValueCreated)
                Alice.Dispose();
            if (_bob.IsValueCreated)
                Bob.Dispose();
        }
    }

    /// <summary>A server without a roster.</summary>
    public static Task<RunningDrop> EmptyAsync(
        Func<ServerOptions, ServerOptions>? change = null, DateTimeOffset? start = null, ServerStores? stores = null, Func<IReportStore, IReportStore>? reports = null) =>
        StartAsync(null, change, start is { } at ? new FakeTimeProvider(at) : null, reports, stores: stores);

    /// <summary>A server whose first roster has two reviewers.</summary>
    public static async Task<RunningDrop> SetUpAsync(
        Func<ServerOptions, ServerOptions>? change = null, int shardBits = 0, IReportStore? reports = null, ServerStores? stores = null)
    {
        var drop = await StartAsync(null, change, reports: reports is null ? null : _ => reports, stores: stores);
        using var answer = await drop.PutRosterAsync(drop.NewRoster(1) with { ShardBits = shardBits }, drop.SetupToken);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        return drop;
    }

    /// <summary>A second server over the same stores and clock.</summary>
    public Task<RunningDrop> SecondAsync(Func<ServerOptions, ServerOptions>? change = null, byte[]? page = null) => StartAsync(this, change, page: page);

    /// <summary>Another server over stores of its own, which are the same drop's.</summary>
    public Task<RunningDrop> SecondAsync(ServerStores stores, Func<ServerOptions, ServerOptions>? change = null) => StartAsync(this, change, stores: stores);

    /// <summary>A second server over the same stores, whose clock runs ahead.</summary>
    public Task<RunningDrop> AheadAsync(TimeSpan by) => StartAsync(this, null, new FakeTimeProvider(Time.GetUtcNow() + by));

    public string? SetupToken => Output.ToString().Split('\n').FirstOrDefault(line => line.StartsWith("setup-token: ", StringComparison.Ordinal))?["setup-token: ".Length..];

    public Roster NewRoster(long version) => new()
    {
        DropKey = DropKeys.Drop.PublicKey,
        Name = new Dictionary<string, string> { ["en"] = "Test drop" },
        Version = version,
        Issued = Today,
        Expires = Today.AddDays(Roster.LifetimeInDays),
        Reviewers = [DropKeys.Alice.Entry(Today.AddDays(90)), DropKeys.Bob.Entry(Today.AddDays(90))],
    };

    public Task<HttpResponseMessage> PutRosterAsync(Roster roster, string? setupToken = null, MinisignKeyPair? signer = null) =>
        PutStatementAsync("roster", SignedStatement.Sign(StatementPurpose.Roster, roster.Write(), signer ?? DropKeys.Drop), setupToken);

    public Task<HttpResponseMessage> PutStatementAsync(string what, SignedStatement signed, string? setupToken = null) =>
        Reviewers.PutAsync($"/api/v1/{what}", Json(signed, setupToken));

    public static ByteArrayContent Json(SignedStatement signed, string? setupToken = null) => Json(StrictJson.Write(json =>
    {
        signed.WriteMembers(json);
        if (setupToken is not null)
            json.WriteString("setupToken", setupToken);
    }));

    public static ByteArrayContent Json(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    /// <summary>Logs a reviewer in and returns the token.</summary>
    public async Task<string> LogInAsync(Reviewer reviewer)
    {
        using var answer = await LogInAsync(reviewer.Session, await ChallengeAsync(), Server.ReviewerAddress);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return Member(await answer.Content.ReadAsByteArrayAsync(), "token");
    }

    public async Task<string> ChallengeAsync()
    {
        using var answer = await Reviewers.PostAsync("/api/v1/session/challenge", null);
        return Member(await answer.Content.ReadAsByteArrayAsync(), "challenge");
    }

    public Task<HttpResponseMessage> LogInAsync(MinisignKeyPair key, string challenge, string origin)
    {
        var statement = new SessionStatement(origin, challenge, key.PublicKey).Write();
        return Reviewers.PostAsync("/api/v1/session", Json(SignedStatement.Sign(StatementPurpose.Session, statement, key)));
    }

    /// <summary>A client of the reviewers' side with a session.</summary>
    public async Task<HttpClient> LoggedInAsync(Reviewer reviewer)
    {
        var client = new HttpClient { BaseAddress = Reviewers.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await LogInAsync(reviewer));
        return client;
    }

    /// <summary>Moves the clock and does what the passing of time asks for, as if the server had looked all the while.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        Time.Advance(by);
        await Server.Days.TickAsync(CancellationToken.None);
    }

    /// <summary>From here on the server notes its looks at the clock, so that <see cref="AdvanceAsync"/> is a clock that jumps.</summary>
    public Task NoteLooksAsync()
    {
        _days!.AreNoted = true;
        return Server.Days.TickAsync(CancellationToken.None);
    }

    public Task AdvanceToAsync(DateOnly day) =>
        AdvanceAsync(new DateTimeOffset(day.ToDateTime(new TimeOnly(0, 30)), TimeSpan.Zero) - Time.GetUtcNow());

    /// <summary>The server stops and starts again over the same folder, as after an update.</summary>
    /// <param name="between">What happens meanwhile.</param>
    public async Task RestartAsync(Func<Task>? between = null)
    {
        Source.Dispose();
        Reviewers.Dispose();
        await Server.DisposeAsync();
        await Stores.DisposeAsync();
        await (between?.Invoke() ?? Task.CompletedTask);
        Stores = ServerStores.OpenSqlite(_options.Drop);
        await ListenAsync();
    }

    /// <summary>From here on every store fails, as on a disk that is gone.</summary>
    public async Task LoseStoresAsync()
    {
        _ownsStores = false;
        await Stores.DisposeAsync();
    }

    public static string Member(byte[] json, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty(name).ToString();
    }

    public async ValueTask DisposeAsync()
    {
        Source.Dispose();
        Reviewers.Dispose();
        await Server.DisposeAsync();
        if (_ownsStores)
            await Stores.DisposeAsync();
        if (_folder is null)
            return;
        _folder.Dispose();
        DropKeys.Dispose();
    }

    private static async Task<RunningDrop> StartAsync(RunningDrop? first, Func<ServerOptions, ServerOptions>? change, FakeTimeProvider? time = null,
        Func<IReportStore, IReportStore>? reports = null, byte[]? page = null, ServerStores? stores = null)
    {
        var folder = first is null ? new TemporaryFolder() : null;
        var options = new ServerOptions
        {
            Drop = new() { DataDirectory = folder?.Path ?? "", FreeSpaceFloorInMebibytes = 1 },
            Source = new() { Listen = "http://127.0.0.1:0" },
            Reviewer = new() { Listen = "http://127.0.0.1:0" },
        };
        options = change?.Invoke(options) ?? options;
        var ownsStores = stores is not null || first is null;
        stores ??= first?.Stores ?? ServerStores.OpenSqlite(options.Drop);
        if (reports is not null)
            stores = new ServerStores(reports(stores.Reports), stores.DeadDrops, stores.Rosters, stores.Days, stores.Sessions, stores);
        var drop = new RunningDrop(time ?? first?.Time ?? new FakeTimeProvider(Start), folder, stores, ownsStores, first?.DropKeys ?? new Keys());
        drop._options = options;
        drop._page = new Page(page ?? Encoding.UTF8.GetBytes("<!doctype html><title>page</title>"), PagePolicy);
        await drop.ListenAsync();
        return drop;
    }

    private async Task ListenAsync()
    {
        _days = new PassingDays(Stores.Days);
        var stores = new ServerStores(Stores.Reports, Stores.DeadDrops, Stores.Rosters, _days, Stores.Sessions) { Check = Stores.Check };
        Server = await DropServer.StartAsync(_options, stores, _page, Time, Output, _log, CancellationToken.None);
        Source = new HttpClient { BaseAddress = new Uri(Server.SourceAddress) };
        Reviewers = new HttpClient { BaseAddress = new Uri(Server.ReviewerAddress) };
    }
}
