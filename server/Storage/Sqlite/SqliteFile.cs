using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>
/// One database file on one connection. Writers that come together are committed together, and after each commit the
/// journal is emptied: it holds what the last ones put out of its place.
/// </summary>
/// <remarks>
/// A rollback journal and no write-ahead log: that would keep, in sequence, what was stored in which order, and everything is written
/// to it first and to its place after. What is new lies at the file's end, of which a rollback journal keeps nothing: a large
/// report is written once. Texts lie beside the file (<see cref="IBeside"/>), and are in no journal.
/// </remarks>
internal sealed class SqliteFile : IAsyncDisposable
{
    /// <summary>Most writes of one commit: what it costs to make one durable is shared by so many.</summary>
    internal const int WritesPerCommit = 64;

    /// <summary>A commit begins no further write beyond this: all that it changes is in memory until then.</summary>
    internal const int BytesPerCommit = 4 << 20;

    /// <summary>SQLite's name of what the remarks say; synchronized after it is emptied too.</summary>
    internal const string Journal = "TRUNCATE";

    private readonly string _path;
    private readonly Func<SqliteConnection> _connect;
    private readonly IBeside? _beside;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Channel<PendingWrite> _writes = Channel.CreateBounded<PendingWrite>(WritesPerCommit);
    private readonly Task _writer;

    // Null after a commit of which nobody knows whether it was one: the next use begins anew from what is on the disk.
    private SqliteConnection? _connection;

    private SqliteFile(string path, Func<SqliteConnection> connect, IBeside? beside)
    {
        (_path, _connect, _beside, _connection) = (path, connect, beside, connect());
        _writer = Task.Run(WriteAsync);
    }

    /// <summary>
    /// Opens a file, or makes it under another name first, so that one that was left empty by a kill, or by a disk that was full, is told
    /// from one that was damaged since.
    /// </summary>
    /// <exception cref="StoreException">Not a file of this server, or of a newer one, or not readable; or the disk is full.</exception>
    public static SqliteFile Open(string path, SqliteSchema schema, Action<SqliteConnection>? prepare = null, IBeside? beside = null)
    {
        if (!File.Exists(path))
            Make(path, schema);
        return new SqliteFile(path, () => Connect(path, schema, prepare), beside);
    }

    /// <summary>
    /// Opens the file and closes it: one that is damaged so that it shows at a glance, or of a newer version, is found at the start and not
    /// at some request.
    /// </summary>
    /// <exception cref="StoreException">Not a file of this server, or of a newer one, or not readable.</exception>
    public static void Check(string path, SqliteSchema schema) => Check(path, schema, _ => true);

    /// <summary>As above, with a question that is asked by the way.</summary>
    /// <exception cref="StoreException">As above.</exception>
    public static T Check<T>(string path, SqliteSchema schema, Func<SqliteConnection, T> ask)
    {
        using var connection = Connect(path);
        return SqliteFaults.Naming(path, () =>
        {
            schema.Ensure(connection);
            return ask(connection);
        });
    }

    private static SqliteConnection Connect(string path, SqliteSchema schema, Action<SqliteConnection>? prepare)
    {
        var connection = Connect(path);
        try
        {
            SqliteFaults.Naming(path, () =>
            {
                schema.Ensure(connection);
                prepare?.Invoke(connection);
            });
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Make(string path, SqliteSchema schema)
    {
        var unfinished = path + DataFolder.Unfinished;
        DataFolder.Remove(unfinished);
        using (var connection = Connect(unfinished))
            SqliteFaults.Naming(unfinished, () => schema.Make(connection));
        try
        {
            File.Move(unfinished, path);
            DataFolder.Remove(unfinished);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{path} cannot be made ({e.Message.TrimEnd('.')}); check the disk, and that the data folder belongs to the user that the server runs as.", e);
        }
    }

    /// <summary>A connection with the settings that every file has. Exclusive: no second process, no shared-memory file.</summary>
    /// <remarks>
    /// Exclusive before anything else is asked: a file that an earlier version left has a write-ahead log, whose index SQLite would keep in a
    /// file of its own, "-shm", and that says in which order the last pages were written. The log goes with the first look.
    /// </remarks>
    public static SqliteConnection Connect(string path, string journal = Journal)
    {
        Batteries.Ensure();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = 0,
        }.ToString());
        try
        {
            SqliteFaults.Naming(path, connection.Open);
            SqliteFaults.Naming(path, () => connection.Run(
                $"PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode={journal}; "
                + "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-2048; PRAGMA foreign_keys=ON"));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs alone on the file. Nothing in <paramref name="read"/> may wait for the network.</summary>
    /// <exception cref="StoreException">The file cannot be read.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            _connection ??= _connect();
            return SqliteFaults.Naming(_path, () => read(_connection));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Runs within the next group's transaction; returns once that is durable. What throws leaves no trace.</summary>
    /// <param name="write">What is done; in its turn, alone on the file.</param>
    /// <param name="cancel">Lets go of it while it still waits for its place.</param>
    /// <param name="sizeInBytes">About so much it will write.</param>
    /// <param name="newcomer">What it will put beside the file.</param>
    /// <exception cref="ChannelClosedException">The file was closed meanwhile.</exception>
    /// <exception cref="StoreException">The file cannot be written, or the disk is full.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancel, int sizeInBytes = 0, Newcomer? newcomer = null)
    {
        var pending = new PendingWrite<T>(write, sizeInBytes, newcomer);
        await _writes.Writer.WriteAsync(pending, cancel);
        try
        {
            return await pending.Result;
        }
        catch (SqliteException e) when (SqliteFaults.Of(_path, e) is not null)
        {
            throw SqliteFaults.Of(_path, e)!;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _writes.Writer.TryComplete();
        await _writer;
        await _gate.WaitAsync();
        if (_connection is not null)
            await _connection.DisposeAsync();
        _gate.Dispose();
    }

    private async Task WriteAsync()
    {
        var (group, next) = (new List<PendingWrite>(WritesPerCommit), new List<PendingWrite>(WritesPerCommit));
        while (group.Count > 0 || await _writes.Reader.WaitToReadAsync())
        {
            await _gate.WaitAsync();
            try
            {
                // Taken before the transaction begins: where that fails, they are told so, and do not wait for ever.
                if (group.Count == 0)
                    Take(group);
                Commit(group, next);
            }
            finally
            {
                _gate.Release();
            }
            group.Clear();
            (group, next) = (next, group);
        }
    }

    private void Take(List<PendingWrite> group)
    {
        var bytes = group.Sum(write => (long)write.SizeInBytes);
        for (; group.Count < WritesPerCommit && bytes < BytesPerCommit && _writes.Reader.TryRead(out var write); bytes += write.SizeInBytes)
            group.Add(write);
    }

    private void Commit(List<PendingWrite> group, List<PendingWrite> next)
    {
        var isCommitting = false;
        try
        {
            _connection ??= _connect();
            MakeRoom(_connection, group);
            _connection.Run("BEGIN IMMEDIATE");
            foreach (var write in group)
            {
                _connection.Run("SAVEPOINT one");
                if (!write.TryRun(_connection))
                    _connection.Run("ROLLBACK TO one");
                _connection.Run("RELEASE one");
            }
            MakeRoomAhead(_connection, next);
            isCommitting = true;
            _beside?.Flush();
            _connection.Run("COMMIT");
        }
#pragma warning disable CA1031 // The loop outlives every failure; each caller of the group is told of it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // A full disk ends the transaction by itself; where it did not, nothing of the group may stay half done. What failed first
            // is why, and not that there was then no transaction any more.
            var cause = group.Select(write => write.Exception).OfType<SqliteException>().FirstOrDefault() ?? e;
            Undo(isCommitting ? e : cause);
            foreach (var write in group)
                write.Fail(cause);
        }
        foreach (var write in group)
            write.Done();
        if (next.Count == 0)
            Rest();
    }

    private void Rest()
    {
        try
        {
            if (_connection is not null)
                _beside?.Rest(_connection);
        }
#pragma warning disable CA1031 // Those who were stored have been told so, and the loop outlives it; tried again at the next rest.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private void MakeRoom(SqliteConnection connection, List<PendingWrite> group)
    {
        if (!Newcomers(group).Any())
            return;
        connection.Run("BEGIN IMMEDIATE");
        _beside!.MakeRoom(connection, Newcomers(group));
        _beside.Flush();
        connection.Run("COMMIT");
    }

    /// <summary>
    /// For those who have come meanwhile, within the commit of those before them: under load that is one commit for each group, and not two.
    /// Where nobody waits no cell is left empty.
    /// </summary>
    private void MakeRoomAhead(SqliteConnection connection, List<PendingWrite> next)
    {
        Take(next);
        if (!Newcomers(next).Any())
            return;
        connection.Run("SAVEPOINT ahead");
        try
        {
            _beside!.MakeRoom(connection, Newcomers(next));
        }
        catch (StoreException)
        {
            // No room, or a cell that cannot be read: no fault of those whose commit it is; those who wait will be told.
            connection.Run("ROLLBACK TO ahead");
        }
        connection.Run("RELEASE ahead");
    }

    private IEnumerable<Newcomer> Newcomers(List<PendingWrite> group) =>
        _beside is null ? [] : group.Select(write => write.Newcomer).OfType<Newcomer>();

    /// <summary>
    /// Room that was lacking is a clear no: the group is undone. After anything else, such as a disk that could not say whether the emptied
    /// journal is on it, the file may hold the group while the list kept in memory does not, and a cell would be read under the id of its
    /// tenant before. So nothing that this connection knows is believed any more.
    /// </summary>
    private void Undo(Exception cause)
    {
        try
        {
            _connection?.Run("ROLLBACK");
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException)
        {
            // There was no transaction left to roll back.
        }
        if ((cause as StoreException ?? (cause is SqliteException sqlite ? SqliteFaults.Of(_path, sqlite) : null)) is { IsFull: true })
            return;
        _connection?.Dispose();
        _connection = null;
    }
}
