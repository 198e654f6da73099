using System.Net;
using Microsoft.Extensions.Time.Testing;
using SecureDrop.Server.Health;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.Rosters;
using SecureDrop.Server.Storage;
using Xunit;

namespace SecureDrop.Tests.Server.Health;

/// <summary>What a monitor is told, that asking does nothing, and that it says nothing of who comes.</summary>
public sealed class ReadinessTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Ready_WithoutARosterThenWithOneThenExpired_SaysWhatIsMissing()
    {
        await using var drop = await RunningDrop.EmptyAsync();
        await LookAsync(drop, HttpStatusCode.ServiceUnavailable, "There is no roster yet; publish one.");
        (await drop.PutRosterAsync(drop.NewRoster(1), drop.SetupToken)).Dispose();
        await LookAsync(drop, HttpStatusCode.OK, null);
        drop.Time.Advance(TimeSpan.FromDays(91));
        await LookAsync(drop, HttpStatusCode.ServiceUnavailable, "The roster has expired, so the drop is closed to reports; publish a new one.");
        var kept = drop.NewRoster(2);
        (await drop.PutRosterAsync(kept with { Reviewers = [drop.DropKeys.Alice.Entry(drop.Today.AddDays(2))] })).Dispose();
        await LookAsync(drop, HttpStatusCode.OK, null);
        drop.Time.Advance(TimeSpan.FromDays(3));
        await LookAsync(drop, HttpStatusCode.ServiceUnavailable, "No reviewer has a key for today, so the drop is closed to reports; renew the reviewers' keys.");
    }

    [Fact]
    public async Task Ready_WithoutItsStore_SaysSoOnceItHasLooked()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        await LookAsync(drop, HttpStatusCode.OK, null);
        await drop.LoseStoresAsync();
        await LookAsync(drop, HttpStatusCode.ServiceUnavailable, "The store has a fault; the log says which.");
        using var live = await drop.Reviewers.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.NotEqual("", drop.Log.ToString());
    }

    /// <summary>Whoever had filled the disk to just below its floor would see the next report arrive.</summary>
    [Fact]
    public async Task Ready_WithAFullDisk_IsReady()
    {
        await using var drop = await RunningDrop.SetUpAsync(options => new()
        {
            Drop = new() { DataDirectory = options.Drop.DataDirectory, FreeSpaceFloorInMebibytes = int.MaxValue }, Source = options.Source, Reviewer = options.Reviewer,
        });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(SealedBytes.Text()));
        await LookAsync(drop, HttpStatusCode.OK, null);
    }

    [Fact]
    public async Task Routes_AtTheSourcesListener_AreNotThere()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var answers = new HashSet<string>();
        foreach (var path in new[] { "/nothing", "/health", "/health/live", "/health/ready", "/metrics" })
        {
            answers.Add(await RawClients.AskAsync(drop.Source.BaseAddress!, System.Text.Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"), patienceInMilliseconds: 30_000));
        }
        Assert.StartsWith("HTTP/1.1 404", Assert.Single(answers));
    }

    [Fact]
    public async Task Missing_AskedAThousandTimes_AsksTheStoreOnlyWhenItLooks()
    {
        var (store, time) = (new CountingStore(), new FakeTimeProvider(RunningDrop.Start));
        var readiness = new Readiness(new RosterDesk(new ServerOptions(), store, time), store, time);
        for (var n = 0; n < 1000; n++)
            Assert.Equal(HealthRefusals.Starting.Title, readiness.Missing?.Title);
        Assert.Equal(0, store.Asked);
        await readiness.LookAsync(None);
        for (var n = 0; n < 1000; n++)
            Assert.Equal(HealthRefusals.NoRoster.Title, readiness.Missing?.Title);
        Assert.Equal((1, 1), (store.Asked, store.Written));
        store.Fails = true;
        await Assert.ThrowsAsync<StoreException>(() => readiness.LookAsync(None));
        Assert.Equal(HealthRefusals.StoreAway.Title, readiness.Missing?.Title);
        store.Fails = false;
        await readiness.LookAsync(None);
        Assert.Equal(HealthRefusals.NoRoster.Title, readiness.Missing?.Title);
    }

    /// <summary>As behind a primary whose secondaries take nothing: all can be read, and every upload fails.</summary>
    [Fact]
    public async Task Ready_WithAStoreThatIsReadAndKeepsNothing_IsNotReadyAndTheLogSaysItOnceUntilItIs()
    {
        var check = new CountingStore { Fails = true };
        using var folder = new TemporaryFolder();
        await using var stores = ServerStores.OpenSqlite(new() { DataDirectory = folder.Path, FreeSpaceFloorInMebibytes = 1 });
        await using var drop = await RunningDrop.SetUpAsync(stores: new ServerStores(stores.Reports, stores.DeadDrops, stores.Rosters, stores.Days, stores.Sessions) { Check = check });
        for (var n = 0; n < 3; n++)
            await LookAsync(drop, HttpStatusCode.ServiceUnavailable, HealthRefusals.StoreAway.Title);
        Assert.Equal("warning: The database does not answer. It is asked again until it does\n", drop.Said);
        // Whoever asks writes nothing.
        var written = check.Written;
        for (var n = 0; n < 20; n++)
            (await drop.Reviewers.GetAsync("/health/ready")).Dispose();
        // The server's first minute, which begins by itself, may come so late.
        Assert.InRange(check.Written, written, written + 1);
        check.Fails = false;
        await LookAsync(drop, HttpStatusCode.OK, null);
        Assert.EndsWith("\nthe store answers again\n", drop.Said);
    }

    [Fact]
    public async Task Missing_WhenNobodyLooksAnyMore_IsTheLook()
    {
        var time = new FakeTimeProvider(RunningDrop.Start);
        var readiness = new Readiness(new RosterDesk(new ServerOptions(), new CountingStore(), time), null, time);
        for (var n = 0; n < 2; n++)
        {
            time.Advance(Readiness.Patience);
            Assert.NotEqual(HealthRefusals.Hangs.Title, readiness.Missing?.Title);
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(HealthRefusals.Hangs.Title, readiness.Missing?.Title);
            await readiness.LookAsync(None);
        }
    }

    private static async Task LookAsync(RunningDrop drop, HttpStatusCode status, string? missing)
    {
        await drop.Server.Timer.LookAsync(None);
        using var answer = await drop.Reviewers.GetAsync("/health/ready");
        var body = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal((status, missing ?? "ready"), (answer.StatusCode, RunningDrop.Member(body, missing is null ? "status" : "title")));
    }

    private sealed class CountingStore : IRosterStore, IWriteCheck
    {
        public int Asked { get; private set; }
        public int Written { get; private set; }
        public bool Fails { get; set; }

        public Task WriteAsync(CancellationToken cancel)
        {
            Written++;
            return Fails ? throw new StoreException("The database does not answer.", isAway: true) : Task.CompletedTask;
        }

        public Task<RosterDocument?> ReadAsync(CancellationToken cancel)
        {
            Asked++;
            return Fails ? throw new StoreException("The database does not answer.", isAway: true) : Task.FromResult<RosterDocument?>(null);
        }

        public Task<RosterOutcome> ReplaceAsync(long expectedRevision, ReadOnlyMemory<byte> answer, CancellationToken cancel) => throw new NotSupportedException();
        public Task<ReadOnlyMemory<byte>?> ReadSetupTokenHashAsync(CancellationToken cancel) => throw new NotSupportedException();
        public Task WriteSetupTokenHashAsync(ReadOnlyMemory<byte>? hash, CancellationToken cancel) => throw new NotSupportedException();
    }
}
