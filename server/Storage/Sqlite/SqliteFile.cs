using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>
/// One database file on one connection. Writers that come together are committed together, and after each commit the
/// write-ahead log is emptied: it would keep, in sequence, what was stored in which order.
/// </summary>
internal sealed class SqliteFile : IAsyncDisposable
{
    internal const int WritesPerCommit = 32;

    // Each waiting write holds up to one part in memory.
    private const int WaitingWrites = 16;

    private readonly SqliteConnection _connection;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Channel<Write> _writes = Channel.CreateBounded<Write>(WaitingWrites);
    private readonly Task _writer;

    private SqliteFile(SqliteConnection connection)
    {
        _connection = connection;
        _writer = Task.Run(WriteAsync);
    }

    /// <exception cref="StoreException">Not a file of this server, or of a newer one, or not readable.</exception>
    public static SqliteFile Open(string path, SqliteSchema schema, Action<SqliteConnection>? prepare = null)
    {
        var connection = Connect(path, "WAL");
        try
        {
            schema.Ensure(connection);
            prepare?.Invoke(connection);
            Checkpoint(connection);
            return new SqliteFile(connection);
        }
        catch (SqliteException e) when (!e.IsDiskFull())
        {
            connection.Dispose();
            throw Unreadable(path, e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens the file and closes it: a damaged one, or one of a newer version, is found at the start and not at some request.</summary>
    /// <exception cref="StoreException">Not a file of this server, or of a newer one, or not readable.</exception>
    public static void Check(string path, SqliteSchema schema)
    {
        using var connection = Connect(path, "WAL");
        try
        {
            schema.Ensure(connection);
        }
        catch (SqliteException e)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>A connection with the settings that every file has. Exclusive: no second process, no shared-memory file.</summary>
    /// <remarks>
    /// Exclusive before anything else is asked: SQLite decides with its first look at a file in WAL mode, and would from then on keep the
    /// log's index in a file, "-shm", which says, after the log is emptied too, in which order the last pages were written.
    /// </remarks>
    public static SqliteConnection Connect(string path, string journal)
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
            connection.Open();
            connection.Run(
                $"PRAGMA locking_mode=EXCLUSIVE; PRAGMA page_size=16384; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode={journal}; "
                + "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-2048; PRAGMA foreign_keys=ON");
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            if (e.IsDiskFull())
                throw;
            throw Unreadable(path, e);
        }
    }

    private static StoreException Unreadable(string path, SqliteException e) =>
        new($"{path} cannot be read as a database of this server ({e.Message}); if it is damaged, put back a copy or move it out of the data folder.", e);

    /// <summary>Runs alone on the file. Nothing in <paramref name="read"/> may wait for the network.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            return read(_connection);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Runs within the next group's transaction; returns once that is durable. What throws leaves no trace.</summary>
    /// <exception cref="ChannelClosedException">The file was closed meanwhile.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancel)
    {
        var pending = new Write<T>(write);
        await _writes.Writer.WriteAsync(pending, cancel);
        return await pending.Result;
    }

    public async ValueTask DisposeAsync()
    {
        _writes.Writer.TryComplete();
        await _writer;
        await _gate.WaitAsync();
        await _connection.DisposeAsync();
        _gate.Dispose();
    }

    private async Task WriteAsync()
    {
        var group = new List<Write>(WritesPerCommit);
        while (await _writes.Reader.WaitToReadAsync())
        {
            await _gate.WaitAsync();
            try
            {
                group.Clear();
                Commit(group);
            }
            finally
            {
                _gate.Release();
            }
        }
    }

    private void Commit(List<Write> group)
    {
        // Taken before the transaction begins: where that fails, they are told so, and do not wait for ever.
        while (group.Count < WritesPerCommit && _writes.Reader.TryRead(out var write))
            group.Add(write);
        try
        {
            _connection.Run("BEGIN IMMEDIATE");
            foreach (var write in group)
            {
                _connection.Run("SAVEPOINT one");
                if (!write.TryRun(_connection))
                    _connection.Run("ROLLBACK TO one");
                _connection.Run("RELEASE one");
            }
            _connection.Run("COMMIT");
            Checkpoint(_connection);
        }
#pragma warning disable CA1031 // The loop outlives every failure; each caller of the group is told of it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // A full disk ends the transaction by itself; where it did not, nothing of the group may stay half done.
            TryRollback();
            foreach (var write in group)
                write.Fail(e);
        }
        foreach (var write in group)
            write.Done();
    }

    private void TryRollback()
    {
        try
        {
            _connection.Run("ROLLBACK");
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException)
        {
            // There was no transaction left to roll back.
        }
    }

    private static void Checkpoint(SqliteConnection connection)
    {
        if (connection.Scalar<long>("PRAGMA wal_checkpoint(TRUNCATE)") != 0)
            throw new StoreException($"The write-ahead log of {connection.DataSource} could not be emptied.");
    }

    private abstract class Write
    {
        public abstract bool TryRun(SqliteConnection connection);
        public abstract void Fail(Exception exception);
        public abstract void Done();
    }

    private sealed class Write<T>(Func<SqliteConnection, T> work) : Write
    {
        private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _value;
        private Exception? _exception;

        public Task<T> Result => _source.Task;

        public override bool TryRun(SqliteConnection connection)
        {
            try
            {
                _value = work(connection);
                return true;
            }
#pragma warning disable CA1031 // Whatever it is belongs to the caller of this write, not to its neighbours in the group.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _exception = e;
                return false;
            }
        }

        public override void Fail(Exception exception) => _exception ??= exception;

        public override void Done()
        {
            if (_exception is { } exception)
                _source.SetException(exception);
            else
                _source.SetResult(_value!);
        }
    }
}
