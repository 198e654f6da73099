using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>Bytes that lie beside a database, of which its commits say where.</summary>
internal interface IBeside
{
    /// <summary>Called in a commit before that in which the newcomers are stored: one of its own, or that of those before them.</summary>
    void MakeRoom(SqliteConnection connection, IEnumerable<Newcomer> newcomers);

    /// <summary>Makes last what was written beside; before each commit.</summary>
    void Flush();

    /// <summary>Called after a commit behind which nobody waits.</summary>
    void Rest(SqliteConnection connection);
}
