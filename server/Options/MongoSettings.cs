using System.Buffers;
using System.Text;
using MongoDB.Driver;

namespace SecureDrop.Server.Options;

/// <summary>Judges the settings of a MongoDB. No sentence repeats a connection string, which may hold a password.</summary>
internal static class MongoSettings
{
    private const string Key = $"{ServerOptions.Section}:Mongo:{nameof(MongoOptions.ConnectionString)}";
    private const string FileKey = $"{ServerOptions.Section}:Mongo:{nameof(MongoOptions.ConnectionStringFile)}";
    private const string DatabaseKey = $"{ServerOptions.Section}:Mongo:{nameof(MongoOptions.Database)}";

    // https://www.mongodb.com/docs/manual/reference/limits/, for every system that a server may run on.
    private const int LongestDatabaseNameInBytes = 63;
    private static readonly SearchValues<char> NotInDatabaseNames = SearchValues.Create("/\\. \"$*<>:|?\0");
    private const int LargestFileInBytes = 16 * 1024;

    /// <summary>Whether the drop is kept in a MongoDB.</summary>
    public static bool AreSet(MongoOptions options) => !string.IsNullOrEmpty(options.ConnectionString) || !string.IsNullOrEmpty(options.ConnectionStringFile);

    /// <summary>Whether an argument gives the connection string itself, which every user of the machine could read in the list of processes.</summary>
    public static bool IsSecretArgument(string argument) => argument.StartsWith($"--{Key}=", StringComparison.OrdinalIgnoreCase);

    public static string SecretArgument => $"{Key} may hold a password, and a command line can be read by every user of the machine: set it in the environment, or {FileKey}.";

    /// <summary>The connection string, from wherever it is set. Checked before.</summary>
    /// <exception cref="ConfigurationException">The file that holds it cannot be read.</exception>
    public static string ConnectionString(MongoOptions options)
    {
        if (string.IsNullOrEmpty(options.ConnectionStringFile))
            return options.ConnectionString ?? "";
        return TryReadFile(options.ConnectionStringFile, out var text) ? text : throw new ConfigurationException([NotReadable]);
    }

    public static IEnumerable<string> Problems(MongoOptions options)
    {
        if (!AreSet(options))
            yield break;
        if (!string.IsNullOrEmpty(options.ConnectionString) && !string.IsNullOrEmpty(options.ConnectionStringFile))
            yield return $"{Key} and {FileKey} are both set: leave one of them out.";
        else if (!string.IsNullOrEmpty(options.ConnectionStringFile) && !TryReadFile(options.ConnectionStringFile, out _))
            yield return NotReadable;
        else if (!IsConnectionString(ConnectionString(options)))
            yield return $"{(string.IsNullOrEmpty(options.ConnectionString) ? FileKey : Key)} is not a connection string of MongoDB: mongodb://… or mongodb+srv://…, with : / ? # [ ] @ in a password written as %3A and so on.";
        if (options.Database.Length == 0 || Encoding.UTF8.GetByteCount(options.Database) > LongestDatabaseNameInBytes || options.Database.AsSpan().ContainsAny(NotInDatabaseNames))
            yield return $"{DatabaseKey} must be 1 to {LongestDatabaseNameInBytes} bytes without any of / \\ . \" $ * < > : | ? and space.";
        else if (options.Database is "admin" or "local" or "config")
            yield return $"{DatabaseKey} names a database of MongoDB's own; choose another.";
    }

    private static string NotReadable => $"{FileKey} names a file that is missing, empty, longer than {LargestFileInBytes} bytes or not readable by this user.";

    private static bool TryReadFile(string path, out string text)
    {
        text = "";
        try
        {
            if (new FileInfo(path).Length <= LargestFileInBytes)
                text = File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return false;
        }
        return text.Length > 0;
    }

    private static bool IsConnectionString(string text)
    {
        try
        {
            // Frozen, as the client does first: some settings exclude each other, and none of the driver's words about it may be shown.
            _ = MongoClientSettings.FromUrl(new MongoUrl(text)).Freeze();
            return true;
        }
        catch (Exception e) when (e is MongoException or ArgumentException or FormatException or InvalidOperationException or NotSupportedException)
        {
            return false;
        }
    }
}
