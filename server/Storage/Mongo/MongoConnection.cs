namespace SecureDrop.Server.Storage.Mongo;

/// <summary>Where a drop's MongoDB is, and how long the server waits for it.</summary>
/// <param name="ConnectionString"><c>mongodb://</c> or <c>mongodb+srv://</c>; may hold a password, so it is never printed.</param>
/// <param name="Database">The database, one a drop.</param>
/// <param name="FreeSpaceFloorInBytes">What is to stay free on the database's disk.</param>
public sealed record MongoConnection(string ConnectionString, string Database, long FreeSpaceFloorInBytes = 0)
{
    /// <summary>
    /// How long one waits for an answer. A write gives up on its majority after half of it, so that the database says what is lacking before
    /// the line is taken for dead: the driver repeats over another what got no answer, and the source would wait twice.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>How long one waits for a member that takes writes: longer than a replica set needs to elect another, which is 10 to 12 s.</summary>
    public static readonly TimeSpan ElectionPatience = TimeSpan.FromSeconds(15);

    /// <summary>How long one waits for a connection to a member.</summary>
    public static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(5);

    /// <summary>Connections of one server to one member.</summary>
    public const int MostConnections = 64;

    /// <summary>A connection string is a secret; so is what a debugger or a log would print of this.</summary>
    public override string ToString() => $"{nameof(MongoConnection)} {{ {nameof(Database)} = {Database} }}";
}
