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

public sealed class MongoFreeSpaceTests(MongoServer server)
{
    [Theory]
    [InlineData("{}", long.MaxValue)]
    [InlineData("{fsTotalSize: 0, fsUsedSize: 0}", long.MaxValue)]
    [InlineData("{fsTotalSize: 1000.0, fsUsedSize: 300.0}", 600)]
    [InlineData("{fsTotalSize: 1000, fsUsedSize: 950}", 0)]
    [InlineData("{fsTotalSize: 9000, fsUsedSize: 0, raw: {'a/x:1': {fsTotalSize: 1000, fsUsedSize: 0}, 'b/y:1': {fsTotalSize: 8000, fsUsedSize: 7500}, 'c/z:1': {}}}", 400)]
    public void FreeSpace_OfTheFullestShard_AboveTheFloor(string stats, long free) =>
        Assert.Equal(free, MongoDrop.FreeInBytes(MongoDB.Bson.BsonDocument.Parse(stats), 100));

    [Fact]
    public async Task Measure_FloorAboveTheWholeDisk_NothingIsFree()
    {
        var connection = await server.NewDatabaseAsync() with { FreeSpaceFloorInBytes = long.MaxValue / 2 };
        await using var stores = await MongoServer.OpenAsync(connection);
        var use = await stores.Reports.MeasureAsync(new DateOnly(2026, 11, 24), CancellationToken.None);
        await MongoServer.DropAsync(connection);
        Assert.SkipWhen(use.FreeInBytes == long.MaxValue, "this database does not tell how much its disk has free (dbStats without fsTotalSize)");
        Assert.Equal(0, use.FreeInBytes);
    }
}

public sealed class MongoDeadDropStoreTests(MongoServer server) : DeadDropStoreContract, IAsyncLifetime
{
    private readonly MongoStores _stores = new(server);

    protected override IDeadDropStore Store => _stores.DeadDrops;

    [Fact]
    public async Task End_WhileAnotherServerPublishesTheDay_LeavesNothing()
    {
        var none = CancellationToken.None;
        await Store.BeginDayAsync(Day, 0, none);
        await Store.StoreBatchAsync(Day, Alice, NewSlots(), NewCopies(), none);
        await Task.WhenAll(Task.Run(() => Store.PublishAsync(Day, none)), Task.Run(() => Store.EndDeadDropAsync(Day, none)));
        Assert.Empty(await Store.ListAsync(none));
        // Slots that an unlucky publisher left would show once there is a day of that name again.
        await Store.BeginDayAsync(Day, 0, none);
        await Store.PublishAsync(Day, none);
        Assert.Empty(await Store.ReadSlotsAsync(Day, 0, null, 10, none));
    }

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

public sealed class MongoSessionStoreTests(MongoServer server) : SessionStoreContract, IAsyncLifetime
{
    private readonly MongoStores _stores = new(server);

    protected override ISessionStore Store => _stores.Sessions;

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
    public ISessionStore Sessions => _stores!.Sessions;

    public async ValueTask InitializeAsync()
    {
        Connection = await server.NewDatabaseAsync();
        _stores = await MongoServer.OpenAsync(Connection);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stores is null)
            return;
        await MongoServer.DropAsync(Connection);
        await _stores.DisposeAsync();
    }
}
