using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>The few shapes of statement that the stores use; every value is a parameter, never part of the text.</summary>
internal static class SqliteExtensions
{
    public static int Run(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values) =>
        Use(connection, sql, values, command => command.ExecuteNonQuery());

    public static T? Scalar<T>(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values) =>
        Use(connection, sql, values, command => command.ExecuteScalar() is T value ? value : default);

    public static List<T> Rows<T>(
        this SqliteConnection connection, string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values) =>
        Use(connection, sql, values, command =>
        {
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
                rows.Add(read(reader));
            return rows;
        });

    public static byte[] Bytes(this SqliteDataReader reader, int column) => reader.GetFieldValue<byte[]>(column);

    public static StoredId Id(this SqliteDataReader reader, int column) => StoredId.FromBytes(reader.Bytes(column));

    public static string Text(this DateOnly day) => day.ToString("yyyy-MM-dd");

    private static T Use<T>(
        SqliteConnection connection, string sql, ReadOnlySpan<(string Name, object? Value)> values, Func<SqliteCommand, T> work)
    {
        var cache = StatementCache.Of(connection);
        var command = cache.Take(connection, sql, values);
        try
        {
            var result = work(command);
            cache.Return(sql, command);
            return result;
        }
        catch
        {
            command.Dispose();
            throw;
        }
    }
}
