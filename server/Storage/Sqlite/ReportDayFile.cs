using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>A day's database and the cells beside it, as one.</summary>
internal sealed class ReportDayFile : IAsyncDisposable
{
    private readonly CellFile _cells;
    private readonly SqliteFile _file;

    private ReportDayFile(string path)
    {
        _cells = new CellFile(path);
        try
        {
            _file = SqliteFile.Open(path, ReportDaySchema.Open, connection => ReportDaySchema.Prepare(new(connection, _cells)), new Beside(_cells));
        }
        catch
        {
            _cells.Dispose();
            throw;
        }
    }

    /// <exception cref="StoreException">Not a file of this server, or of a newer one, or not readable; or the disk is full.</exception>
    public static ReportDayFile Open(string path)
    {
        RequireList(path + CellFile.Suffix);
        return new ReportDayFile(path);
    }

    /// <summary>Cells whose database was moved away: a new one would write over them.</summary>
    /// <exception cref="StoreException">The database of these cells is not there.</exception>
    public static void RequireList(string cells)
    {
        var path = cells[..^CellFile.Suffix.Length];
        if (!File.Exists(path) && File.Exists(cells))
            throw new StoreException($"{cells} holds texts, and {path}, which says what lies where, is missing; stop the server, put that back or move the cells out of the data folder too, and start again.");
    }

    /// <inheritdoc cref="SqliteFile.ReadAsync{T}"/>
    public Task<T> ReadAsync<T>(Func<ReportDay, T> read, CancellationToken cancel) =>
        _file.ReadAsync(connection => read(new(connection, _cells)), cancel);

    /// <inheritdoc cref="SqliteFile.WriteAsync{T}"/>
    /// <param name="write">What is done.</param>
    /// <param name="cancel">Lets go of it while it still waits for its place.</param>
    /// <param name="sizeInBytes">About so much it will write.</param>
    /// <param name="newcomer">The text it will put into a cell.</param>
    public Task<T> WriteAsync<T>(Func<ReportDay, T> write, CancellationToken cancel, int sizeInBytes = 0, Newcomer? newcomer = null) =>
        _file.WriteAsync(connection => write(new(connection, _cells)), cancel, sizeInBytes, newcomer);

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        _cells.Dispose();
    }

    private sealed class Beside(CellFile cells) : IBeside
    {
        public void MakeRoom(SqliteConnection connection, IEnumerable<Newcomer> newcomers) => ReportDayWrites.MakeRoom(new(connection, cells), newcomers);
        public void Flush() => cells.Flush();
        public void Rest(SqliteConnection connection) => ReportDayWrites.Rest(new(connection, cells));
    }
}
