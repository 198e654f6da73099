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

    protected override IRosterStore Store => _stores.State;

    public ValueTask InitializeAsync() => _stores.InitializeAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();
}

public sealed class MongoDayStoreTests(MongoServer server) : DayStoreContract, IAsyncLifetime
{
    private readonly MongoStores _stores = new(server);

    protected override IDayStore Store => _stores.State;

    public ValueTask InitializeAsync() => _stores.InitializeAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();
}

/// <summary>The stores over a database of a test's own.</summary>
internal sealed class MongoStores(MongoServer server) : IAsyncDisposable
{
    private MongoDrop? _drop;

    public MongoOptions Options { get; private set; } = null!;
    public MongoReportStore Reports { get; private set; } = null!;
    public MongoDeadDropStore DeadDrops { get; private set; } = null!;
    public MongoStateStore State { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Options = await server.NewDatabaseAsync();
        _drop = await MongoDrop.OpenAsync(Options, CancellationToken.None);
        Reports = new MongoReportStore(_drop);
        DeadDrops = new MongoDeadDropStore(_drop);
        State = new MongoStateStore(_drop);
    }

    public async ValueTask DisposeAsync()
    {
        if (_drop is null)
            return;
        await MongoServer.DropAsync(Options);
        _drop.Dispose();
    }
}
