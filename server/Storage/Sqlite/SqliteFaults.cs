using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>
/// What SQLite says, as one sentence for whoever runs the server: which file, what is wrong with it, what to do. What is none of the
/// machine's faults but this program's own stays what it is.
/// </summary>
internal static class SqliteFaults
{
    // https://www.sqlite.org/rescode.html
    private const int NotPermitted = 3;
    private const int ReadOnly = 8;
    private const int InOrOutCode = 10;
    private const int Corrupt = 11;
    private const int FullCode = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>Runs <paramref name="work"/> on the file.</summary>
    /// <exception cref="StoreException">The machine, or the file, is at fault.</exception>
    public static T Naming<T>(string file, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e) when (Of(file, e) is not null)
        {
            throw Of(file, e)!;
        }
    }

    /// <summary>As above, for work without a result.</summary>
    /// <exception cref="StoreException">The machine, or the file, is at fault.</exception>
    public static void Naming(string file, Action work) => Naming(file, () =>
    {
        work();
        return true;
    });

    /// <summary>The sentence, or null.</summary>
    public static StoreException? Of(string file, SqliteException e) => e.SqliteErrorCode switch
    {
        FullCode => Full(file, e),
        Corrupt or NotADatabase => Damaged(file, Reason(e), e),
        InOrOutCode or CannotOpen or ReadOnly or NotPermitted => InOrOut(file, Reason(e), e),
        _ => null,
    };

    /// <summary>Nothing is wrong but that there is no room.</summary>
    public static StoreException Full(string file, Exception inner) =>
        new($"The disk of {file} is full; make room on it, and the server goes on by itself.", inner, isFull: true);

    /// <summary>The machine did not do what it was asked.</summary>
    public static StoreException InOrOut(string file, string reason, Exception inner) =>
        new($"{file} cannot be read or written ({reason}); check the disk, and that the file belongs to the user that the server runs as.", inner);

    /// <summary>A file that has to go from the folder before the server can do without it.</summary>
    public static StoreException Damaged(string file, string reason, Exception? inner = null) =>
        new($"{file} is damaged ({reason}); stop the server, put back a copy of the file, or move it, with the files that are named after it, out of the data folder, and start again.", inner);

    private static string Reason(SqliteException e) => e.Message.Split('\n')[0].TrimEnd('.');
}
