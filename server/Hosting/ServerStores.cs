using SecureDrop.Server.Options;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;
using SecureDrop.Server.Storage.Mongo;
using SecureDrop.Server.Storage.Sqlite;

namespace SecureDrop.Server.Hosting;

/// <summary>The stores that both applications, and every server of a drop, work over.</summary>
public sealed class ServerStores(
    IReportStore reports, IDeadDropStore deadDrops, IRosterStore rosters, IDayStore days, ISessionStore sessions, params IReadOnlyList<object> owned)
    : IAsyncDisposable
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);

    public IReportStore Reports { get; } = reports;
    public IDeadDropStore DeadDrops { get; } = deadDrops;
    public IRosterStore Rosters { get; } = rosters;
    public IDayStore Days { get; } = days;
    public ISessionStore Sessions { get; } = sessions;

    /// <summary>Puts back what a backup holds; only stores that were opened from a configuration have it.</summary>
    public IRestoreStore? Restores { get; init; }

    /// <summary>
    /// Null for the embedded store: what it can read it can write, unless its disk is full, which the log says; and each write is counted in the
    /// head of its file.
    /// </summary>
    public IWriteCheck? Check { get; init; }

    /// <summary>
    /// The stores that are configured. A MongoDB that does not answer is waited for, and that is said: after a power cut the database may
    /// need longer to come back than this server, and nobody is to start it by hand.
    /// </summary>
    /// <exception cref="StoreException">They can never be used as configured.</exception>
    public static async Task<ServerStores> OpenAsync(ServerOptions options, ServerLog log, TimeProvider time, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                var stores = await OpenNowAsync(options, cancel);
                log.StoreAnswers();
                return stores;
            }
            catch (StoreException e) when (e.IsAway)
            {
                log.StoreIsAway(e);
                await Task.Delay(TryAgainAfter, time, cancel);
            }
        }
    }

    /// <summary>The same, for somebody who waits for an answer.</summary>
    /// <exception cref="StoreException">They cannot be used now, or never.</exception>
    public static async Task<ServerStores> OpenNowAsync(ServerOptions options, CancellationToken cancel) => MongoSettings.AreSet(options.Mongo)
        ? await OpenMongoAsync(Connection(options), cancel)
        : OpenSqlite(options.Drop);

    /// <summary>Whether a server has ever begun a drop in the folder or database that is configured; nothing is made there by asking.</summary>
    /// <exception cref="StoreException">The database cannot be asked now, or never.</exception>
    public static async Task<bool> AreThereAsync(ServerOptions options, CancellationToken cancel) => MongoSettings.AreSet(options.Mongo)
        ? await MongoDrop.IsThereAsync(Connection(options), cancel)
        : File.Exists(Path.Combine(options.Drop.DataDirectory, SqliteStateStore.FileName));

    /// <summary>A MongoDB, which several servers may share.</summary>
    /// <exception cref="StoreException">It does not answer now, or can never be used.</exception>
    public static async Task<ServerStores> OpenMongoAsync(MongoConnection connection, CancellationToken cancel)
    {
        var drop = await MongoDrop.OpenAsync(connection, cancel);
        return new ServerStores(
            new GuardedReportStore(new MongoReportStore(drop)), new GuardedDeadDropStore(new MongoDeadDropStore(drop)),
            new GuardedRosterStore(new MongoRosterStore(drop)), new GuardedDayStore(new MongoDayStore(drop)),
            new GuardedSessionStore(new MongoSessionStore(drop)), drop) { Restores = new MongoRestoreStore(drop), Check = new MongoWriteCheck(drop) };
    }

    /// <summary>The embedded default: SQLite in the drop's one folder.</summary>
    /// <exception cref="StoreException">The folder is in use, or holds files of a newer server.</exception>
    public static ServerStores OpenSqlite(DropOptions options)
    {
        var folder = DataFolder.Open(options.DataDirectory);
        SqliteStateStore? state = null;
        SqliteReportStore? reports = null;
        try
        {
            var floor = FloorInBytes(options);
            state = new SqliteStateStore(folder);
            reports = new SqliteReportStore(folder, floor);
            var deadDrops = new SqliteDeadDropStore(folder, floor);
            return new ServerStores(reports, deadDrops, state, state, new MemorySessionStore(), reports, deadDrops, state, folder) { Restores = new SqliteRestoreStore(folder, floor) };
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

    private static MongoConnection Connection(ServerOptions options) =>
        new(MongoSettings.ConnectionString(options.Mongo), options.Mongo.Database, FloorInBytes(options.Drop));

    private static long FloorInBytes(DropOptions options) => (long)options.FreeSpaceFloorInMebibytes << 20;
}
