using Microsoft.Data.Sqlite;

namespace SecureDrop.Tests.Server.Storage.Forensics;

/// <summary>A data folder as a thief has it: every file as it lay at that moment, under the server's hands.</summary>
internal sealed class StolenFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static StolenFolder Steal(string dataFolder)
    {
        var stolen = new StolenFolder();
        // The lock is held, and empty; of a socket there is nothing on the disk but its name.
        foreach (var path in Directory.EnumerateFiles(dataFolder).Where(path => Path.GetFileName(path) is not ("lock" or "backup.sock")))
        {
            using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var target = File.Create(stolen.File_(Path.GetFileName(path)));
            source.CopyTo(target);
        }
        return stolen;
    }

    public IEnumerable<string> Names => Directory.EnumerateFiles(_folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    public string File_(string name) => _folder.File(name);

    /// <summary>What a statement answers, row by row, to SQLite itself, which may only read.</summary>
    public List<T> Query<T>(string name, string sql, Func<SqliteDataReader, T> read)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = File_(name), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of the tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    public void Dispose() => _folder.Dispose();
}
