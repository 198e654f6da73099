using System.Globalization;
using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>What is not a day's own: roster, setup token hash, day keys, and when days end.</summary>
public sealed class SqliteStateStore(DataFolder folder) : IRosterStore, IDayStore, IAsyncDisposable
{
    /// <summary>Its one file.</summary>
    internal const string FileName = "state.sqlite";

    private const int SecondsAnHour = 3600;

    // Beside the kinds of ends: the hour of the last look at the clock.
    private const string Look = "Look";

    private static readonly SqliteSchema Schema = new("state", 1,
        "CREATE TABLE roster(only INTEGER PRIMARY KEY CHECK (only = 1), revision INTEGER NOT NULL, answer BLOB NOT NULL);"
        + "CREATE TABLE setup(only INTEGER PRIMARY KEY CHECK (only = 1), token_hash BLOB NOT NULL);"
        + "CREATE TABLE day_key(day TEXT PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID;"
        + "CREATE TABLE early_end(day TEXT PRIMARY KEY, ends_on TEXT NOT NULL) WITHOUT ROWID;"
        + "CREATE TABLE last_end(kind TEXT PRIMARY KEY, hour INTEGER NOT NULL) WITHOUT ROWID");

    private readonly SqliteFile _file = SqliteFile.Open(folder.File(FileName), Schema);

    public Task<RosterDocument?> ReadAsync(CancellationToken cancel) => _file.ReadAsync(ReadRoster, cancel);

    public Task<RosterOutcome> ReplaceAsync(long expectedRevision, ReadOnlyMemory<byte> answer, CancellationToken cancel) =>
        WriteAsync(connection =>
        {
            if ((ReadRoster(connection)?.Revision ?? 0) != expectedRevision)
                return RosterOutcome.Conflict;
            connection.Run("INSERT OR REPLACE INTO roster VALUES (1, $revision, $answer)",
                ("$revision", expectedRevision + 1), ("$answer", answer.ToArray()));
            return RosterOutcome.Stored;
        });

    public Task<ReadOnlyMemory<byte>?> ReadSetupTokenHashAsync(CancellationToken cancel) => _file.ReadAsync<ReadOnlyMemory<byte>?>(
        connection => connection.Scalar<byte[]>("SELECT token_hash FROM setup") is { } hash ? (ReadOnlyMemory<byte>?)hash : null, cancel);

    public Task WriteSetupTokenHashAsync(ReadOnlyMemory<byte>? hash, CancellationToken cancel) => WriteAsync(connection => hash is { } bytes
        ? connection.Run("INSERT OR REPLACE INTO setup VALUES (1, $hash)", ("$hash", bytes.ToArray()))
        : connection.Run("DELETE FROM setup"));

    public Task<byte[]> ReadOrCreateKeyAsync(DateOnly day, ReadOnlyMemory<byte> candidate, CancellationToken cancel) => WriteAsync(connection =>
    {
        connection.Run("INSERT OR IGNORE INTO day_key VALUES ($day, $key)", ("$day", day.Text()), ("$key", candidate.ToArray()));
        return ReadKey(connection, day)!;
    });

    public Task<byte[]?> ReadKeyAsync(DateOnly day, CancellationToken cancel) => _file.ReadAsync(connection => ReadKey(connection, day), cancel);

    public Task<IReadOnlyList<DateOnly>> ListKeyDaysAsync(CancellationToken cancel) => _file.ReadAsync<IReadOnlyList<DateOnly>>(
        connection => connection.Rows("SELECT day FROM day_key ORDER BY day", row => Day(row, 0)), cancel);

    public Task DestroyKeyAsync(DateOnly day, CancellationToken cancel) =>
        WriteAsync(connection => connection.Run("DELETE FROM day_key WHERE day = $day", ("$day", day.Text())));

    public Task<DateOnly> EndEarlyAsync(DateOnly day, DateOnly endsOn, CancellationToken cancel) => WriteAsync(connection =>
    {
        connection.Run("INSERT OR IGNORE INTO early_end VALUES ($day, $on)", ("$day", day.Text()), ("$on", endsOn.Text()));
        return connection.Rows("SELECT ends_on FROM early_end WHERE day = $day", row => Day(row, 0), ("$day", day.Text()))[0];
    });

    public Task<IReadOnlyDictionary<DateOnly, DateOnly>> ListEarlyEndsAsync(CancellationToken cancel) =>
        _file.ReadAsync<IReadOnlyDictionary<DateOnly, DateOnly>>(
            connection => connection.Rows("SELECT day, ends_on FROM early_end", row => (Day(row, 0), Day(row, 1))).ToDictionary(), cancel);

    public Task ForgetEarlyEndAsync(DateOnly day, CancellationToken cancel) =>
        WriteAsync(connection => connection.Run("DELETE FROM early_end WHERE day = $day", ("$day", day.Text())));

    public async Task LookAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var hour = Hour(now);
        if (await _file.ReadAsync(connection => LastHour(connection, Look), cancel) == hour)
            return;
        await WriteAsync(connection =>
        {
            if (LastHour(connection, Look) is not { } last || hour - last > IDayStore.LongestPauseInHours)
            {
                foreach (var kind in Enum.GetNames<DayEnd>())
                    SetHour(connection, kind, hour + IDayStore.HoldInHours);
            }
            return SetHour(connection, Look, hour);
        });
    }

    public Task<bool> TryClaimEndAsync(DayEnd kind, DateTimeOffset now, CancellationToken cancel) => WriteAsync(connection =>
    {
        var hour = Hour(now);
        var last = LastHour(connection, kind.ToString()) ?? long.MinValue;
        // Hours that come are claims too: of whoever looked after a long pause.
        if (last >= hour && last <= hour + IDayStore.HoldInHours)
            return false;
        SetHour(connection, kind.ToString(), hour);
        // A clock that was set back must not stop days from ending until it has caught up; it waits one hour.
        return last < hour;
    });

    public Task BlurTimesAsync(DateTimeOffset now, CancellationToken cancel) => Task.Run(() => folder.Touch(now), cancel);

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private Task<T> WriteAsync<T>(Func<SqliteConnection, T> write) => _file.WriteAsync(write, CancellationToken.None);

    private static long Hour(DateTimeOffset time) => time.ToUnixTimeSeconds() / SecondsAnHour;

    private static long? LastHour(SqliteConnection connection, string kind) => connection.Rows(
        "SELECT hour FROM last_end WHERE kind = $kind", row => (long?)row.GetInt64(0), ("$kind", kind)).FirstOrDefault();

    private static int SetHour(SqliteConnection connection, string kind, long hour) =>
        connection.Run("INSERT OR REPLACE INTO last_end VALUES ($kind, $hour)", ("$kind", kind), ("$hour", hour));

    private static RosterDocument? ReadRoster(SqliteConnection connection) =>
        connection.Rows("SELECT revision, answer FROM roster", row => new RosterDocument(row.GetInt64(0), row.Bytes(1))).FirstOrDefault();

    private static byte[]? ReadKey(SqliteConnection connection, DateOnly day) =>
        connection.Scalar<byte[]>("SELECT key FROM day_key WHERE day = $day", ("$day", day.Text()));

    private static DateOnly Day(SqliteDataReader row, int column) =>
        DateOnly.ParseExact(row.GetString(column), "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
