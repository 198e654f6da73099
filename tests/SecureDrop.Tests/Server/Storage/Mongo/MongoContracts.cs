using SecureDrop.Server.Hosting;
using SecureDrop.Server.Storage;
using SecureDrop.Server.Storage.Mongo;
using SecureDrop.Tests.Contracts;
using Xunit;

namespace SecureDrop.Tests.Server.Storage.Mongo;

public sealed class MongoReportStoreTests(MongoServer server) : ReportStoreContract, IAsyncLifetime
{
    private readonly MongoStores _stores = new(server);

    protected override IReportStore Store => _stores.Reports;

    public ValueTask InitializeAsync() => _stores.InitializeAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();
}

public sealed class MongoDeadDropStoreTests(MongoServer server) : DeadDropStoreContract, IAsyncLifetime
{
    private readonly MongoStores _stores = new(server);

    protected override IDeadDropStore Store => _stores.DeadDrops;

    public ValueTask InitializeAsync() => _stores.InitializeAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();
}

public sealed class MongoRosterStoreTests(MongoServer server) : RosterStoreContract, IAsyncLifetime
{
    private readonly MongoStores _stores = new(server);

    protected override IRosterStore Store => _stores.Rosters;

    public ValueTask InitializeAsync() => _stores.InitializeAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();
}

public sealed class MongoDayStoreTests(MongoServer server) : DayStoreContract, IAsyncLifetime
{
    private readonly MongoStores _stores = new(server);

    protected override IDayStore Store => _stores.Days;

    [Fact]
    public async Task TryClaimEnd_ServersWhoseClocksDisagree_OneEachAnHour()
    {
        var (right, ahead) = (new DateTimeOffset(2026, 11, 24, 12, 59, 59, TimeSpan.Zero), TimeSpan.FromDays(100));
        var claims = new List<(bool Ahead, bool Right)>();
        for (var minute = 0; minute < 180; minute++)
        {
            var now = right.AddMinutes(minute);
            claims.Add((await Store.TryClaimEndAsync(DayEnd.Key, now + ahead, CancellationToken.None), await Store.TryClaimEndAsync(DayEnd.Key, now, CancellationToken.None)));
        }
        Assert.Equal((4, 3), (claims.Count(claim => claim.Ahead), claims.Count(claim => claim.Right)));
    }

    [Fact]
    public async Task TryClaimEnd_ServersASecondApart_OneAnHour()
    {
        var slow = new DateTimeOffset(2026, 11, 24, 12, 59, 59, TimeSpan.Zero);
        var claims = 0;
        for (var n = 0; n < 10; n++)
        {
            claims += await Store.TryClaimEndAsync(DayEnd.Key, slow.AddSeconds(1), CancellationToken.None) ? 1 : 0;
            claims += await Store.TryClaimEndAsync(DayEnd.Key, slow, CancellationToken.None) ? 1 : 0;
        }
        Assert.Equal(1, claims);
    }

    public ValueTask InitializeAsync() => _stores.InitializeAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();
}

/// <summary>The stores, as the server has them, over a database of a test's own.</summary>
internal sealed class MongoStores(MongoServer server) : IAsyncDisposable
{
    private ServerStores? _stores;

    public MongoConnection Connection { get; private set; } = null!;
    public IReportStore Reports => _stores!.Reports;
    public IDeadDropStore DeadDrops => _stores!.DeadDrops;
    public IRosterStore Rosters => _stores!.Rosters;
    public IDayStore Days => _stores!.Days;

    public async ValueTask InitializeAsync()
    {
        Connection = await server.NewDatabaseAsync();
        _stores = await ServerStores.OpenMongoAsync(Connection, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stores is null)
            return;
        await MongoServer.DropAsync(Connection);
        await _stores.DisposeAsync();
    }
}
