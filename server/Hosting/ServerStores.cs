using SecureDrop.Server.Options;
using SecureDrop.Server.Storage;
using SecureDrop.Server.Storage.Sqlite;

namespace SecureDrop.Server.Hosting;

/// <summary>The stores that both applications, and every server of a drop, work over.</summary>
public sealed class ServerStores(IReportStore reports, IDeadDropStore deadDrops, IRosterStore rosters, IDayStore days, params IReadOnlyList<object> owned)
    : IAsyncDisposable
{
    public IReportStore Reports { get; } = reports;
    public IDeadDropStore DeadDrops { get; } = deadDrops;
    public IRosterStore Rosters { get; } = rosters;
    public IDayStore Days { get; } = days;

    /// <summary>The embedded default: SQLite in the drop's one folder.</summary>
    /// <exception cref="StoreException">The folder is in use, or holds files of a newer server.</exception>
    public static ServerStores OpenSqlite(DropOptions options)
    {
        var folder = DataFolder.Open(options.DataDirectory);
        SqliteStateStore? state = null;
        SqliteReportStore? reports = null;
        try
        {
            var floor = (long)options.FreeSpaceFloorInMebibytes << 20;
            state = new SqliteStateStore(folder);
            reports = new SqliteReportStore(folder, floor);
            var deadDrops = new SqliteDeadDropStore(folder, floor);
            return new ServerStores(reports, deadDrops, state, state, reports, deadDrops, state, folder);
        }
        catch
        {
            foreach (var store in new IAsyncDisposable?[] { reports, state })
                store?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            folder.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var item in owned)
        {
            if (item is IAsyncDisposable store)
                await store.DisposeAsync();
            else
                (item as IDisposable)?.Dispose();
        }
    }
}
