using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>The version of a file's tables, kept in the file itself; a file of a newer program is refused, never guessed at.</summary>
/// <param name="Kind">What the file holds, in one word.</param>
/// <param name="Version">Of the tables that are made.</param>
/// <param name="Sql">Makes them.</param>
/// <param name="OldestVersion">The oldest that can be read, if not this one only.</param>
internal sealed record SqliteSchema(string Kind, int Version, string Sql, int? OldestVersion = null)
{
    // "SDrp": tells a file of this program from any other SQLite database.
    private const int ApplicationId = 0x53447270;

    /// <summary>Makes the tables in an empty file.</summary>
    public void Make(SqliteConnection connection) =>
        connection.Run($"PRAGMA page_size=16384; PRAGMA auto_vacuum=INCREMENTAL; BEGIN IMMEDIATE; {Sql}; PRAGMA application_id={ApplicationId}; PRAGMA user_version={Version}; COMMIT");

    /// <exception cref="StoreException">The file is empty, somebody else's, or of another version.</exception>
    public void Ensure(SqliteConnection connection)
    {
        var found = connection.Scalar<long>("PRAGMA user_version");
        var application = connection.Scalar<long>("PRAGMA application_id");
        if (found == 0 && application == 0 && connection.Scalar<long>("SELECT count(*) FROM sqlite_master") == 0)
            throw SqliteFaults.Damaged(connection.DataSource, "it is empty");
        if (application != ApplicationId)
            throw new StoreException($"{connection.DataSource} is not a file of this server; move it out of the data folder.");
        if (found > Version)
            throw new StoreException(
                $"{connection.DataSource} was written by a newer version of this server ({Kind} {found}; this one knows {Version}); start that version again.");
        if (found < (OldestVersion ?? Version))
            throw new StoreException($"{connection.DataSource} is of version {found} of {Kind}, which this server can no longer read.");
    }
}
