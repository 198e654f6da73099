using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>
/// Statements of a connection that stay prepared: parsing the dozen that one upload takes costs as much as storing its bytes. A
/// connection is used by one thread at a time, and so is this; the connection takes them along when it is closed.
/// </summary>
internal sealed class StatementCache
{
    private const int MostKept = 64;

    private static readonly ConditionalWeakTable<SqliteConnection, StatementCache> Caches = [];
    private readonly Dictionary<string, SqliteCommand> _idle = [];

    public static StatementCache Of(SqliteConnection connection) => Caches.GetOrCreateValue(connection);

    /// <summary>A statement with these values, taken out of the cache while it is in use, so that a nested use gets one of its own.</summary>
    public SqliteCommand Take(SqliteConnection connection, string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_idle.Remove(sql, out var command))
        {
            command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts are constants of this folder; table names in them are built from integers.
            command.CommandText = sql;
#pragma warning restore CA2100
            foreach (var (name, _) in values)
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }
        foreach (var (name, value) in values)
            command.Parameters[name].Value = value ?? DBNull.Value;
        return command;
    }

    /// <summary>For the next use. A statement that failed is disposed of instead.</summary>
    public void Return(string sql, SqliteCommand command)
    {
        // No array is kept from the collector by a statement that waits; SQLite has its own copy until the statement runs again.
        foreach (SqliteParameter parameter in command.Parameters)
            parameter.Value = DBNull.Value;
        if (_idle.Count >= MostKept || !_idle.TryAdd(sql, command))
            command.Dispose();
    }
}
