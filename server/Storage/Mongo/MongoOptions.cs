namespace SecureDrop.Server.Storage.Mongo;

/// <summary>Where a drop's MongoDB is, and how long the server waits for it.</summary>
/// <param name="ConnectionString"><c>mongodb://</c> or <c>mongodb+srv://</c>; may hold a password, so it is never printed.</param>
/// <param name="Database">The database, one a drop.</param>
public sealed record MongoOptions(string ConnectionString, string Database)
{
    /// <summary>How long one operation may take, waiting for a server that is gone included, before the source is told to try again.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>A connection string is a secret; so is what a debugger or a log would print of this.</summary>
    public override string ToString() => $"{nameof(MongoOptions)} {{ {nameof(Database)} = {Database} }}";
}
