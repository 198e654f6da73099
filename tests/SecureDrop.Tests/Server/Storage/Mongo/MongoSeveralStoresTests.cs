using System.Reflection;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Storage;
using SecureDrop.Server.Storage.Mongo;
using SecureDrop.Tests.Contracts;
using Xunit;

namespace SecureDrop.Tests.Server.Storage.Mongo;

/// <summary>The contracts once more, with each call at the next of three servers: nothing that one of them remembers may be wrong at another.</summary>
public sealed class MongoReportStoresTests(MongoServer server) : ReportStoreContract, IAsyncLifetime
{
    private readonly RotatingStores _stores = new(server);

    protected override IReportStore Store => field ??= _stores.Rotate(stores => stores.Reports);

    public ValueTask InitializeAsync() => _stores.InitializeAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();
}

public sealed class MongoDeadDropStoresTests(MongoServer server) : DeadDropStoreContract, IAsyncLifetime
{
    private readonly RotatingStores _stores = new(server);

    protected override IDeadDropStore Store => field ??= _stores.Rotate(stores => stores.DeadDrops);

    public ValueTask InitializeAsync() => _stores.InitializeAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();
}

public sealed class MongoRosterStoresTests(MongoServer server) : RosterStoreContract, IAsyncLifetime
{
    private readonly RotatingStores _stores = new(server);

    protected override IRosterStore Store => field ??= _stores.Rotate(stores => stores.Rosters);

    public ValueTask InitializeAsync() => _stores.InitializeAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();
}

public sealed class MongoDayStoresTests(MongoServer server) : DayStoreContract, IAsyncLifetime
{
    private readonly RotatingStores _stores = new(server);

    protected override IDayStore Store => field ??= _stores.Rotate(stores => stores.Days);

    public ValueTask InitializeAsync() => _stores.InitializeAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();
}

/// <summary>Three servers' stores over one database.</summary>
internal sealed class RotatingStores(MongoServer server) : IAsyncDisposable
{
    private const int Servers = 3;

    private readonly List<ServerStores> _all = [];
    private MongoConnection? _connection;

    public async ValueTask InitializeAsync()
    {
        _connection = await server.NewDatabaseAsync();
        for (var n = 0; n < Servers; n++)
            _all.Add(await MongoServer.OpenAsync(_connection));
    }

    public T Rotate<T>(Func<ServerStores, T> which)
        where T : class
    {
        var proxy = DispatchProxy.Create<T, Rotation<T>>();
        ((Rotation<T>)(object)proxy).Stores = [.. _all.Select(which)];
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await MongoServer.DropAsync(_connection);
        foreach (var stores in _all)
            await stores.DisposeAsync();
    }
}

/// <summary>Gives each call to the next of several stores.</summary>
public class Rotation<T> : DispatchProxy
    where T : class
{
    private int _next = -1;

    public IReadOnlyList<T> Stores { get; set; } = [];

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Invoke(Stores[Interlocked.Increment(ref _next) % Stores.Count], args);
}
