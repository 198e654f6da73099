using SecureDrop.Server.Storage;
using SecureDrop.Server.Storage.Sqlite;
using SecureDrop.Tests.Contracts;

namespace SecureDrop.Tests.Server.Storage.Sqlite;

public sealed class SqliteReportStoreTests : ReportStoreContract, IAsyncDisposable
{
    private readonly SqliteStores _stores = new();

    protected override IReportStore Store => _stores.Reports;

    public ValueTask DisposeAsync() => _stores.DisposeAsync();
}

public sealed class SqliteDeadDropStoreTests : DeadDropStoreContract, IAsyncDisposable
{
    private readonly SqliteStores _stores = new();

    protected override IDeadDropStore Store => _stores.DeadDrops;

    public ValueTask DisposeAsync() => _stores.DisposeAsync();
}

public sealed class SqliteRosterStoreTests : RosterStoreContract, IAsyncDisposable
{
    private readonly SqliteStores _stores = new();

    protected override IRosterStore Store => _stores.State;

    public ValueTask DisposeAsync() => _stores.DisposeAsync();
}

public sealed class SqliteDayStoreTests : DayStoreContract, IAsyncDisposable
{
    private readonly SqliteStores _stores = new();

    protected override IDayStore Store => _stores.State;

    public ValueTask DisposeAsync() => _stores.DisposeAsync();
}

/// <summary>The embedded stores over a folder of a test's own; closed and opened again where a test asks for it.</summary>
internal sealed class SqliteStores : IAsyncDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public SqliteStores() => Open();

    public string Path => _temporary.Path;
    public DataFolder Folder { get; private set; } = null!;
    public SqliteReportStore Reports { get; private set; } = null!;
    public SqliteDeadDropStore DeadDrops { get; private set; } = null!;
    public SqliteStateStore State { get; private set; } = null!;

    public void Open(long freeSpaceFloorInBytes = 1)
    {
        Folder = DataFolder.Open(_temporary.Path);
        State = new SqliteStateStore(Folder);
        Reports = new SqliteReportStore(Folder, freeSpaceFloorInBytes);
        DeadDrops = new SqliteDeadDropStore(Folder, freeSpaceFloorInBytes);
    }

    public async Task CloseAsync()
    {
        await Reports.DisposeAsync();
        await DeadDrops.DisposeAsync();
        await State.DisposeAsync();
        Folder.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _temporary.Dispose();
    }
}
