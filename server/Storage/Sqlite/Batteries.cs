namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>Loads the native SQLite once.</summary>
internal static class Batteries
{
    static Batteries() => SQLitePCL.Batteries_V2.Init();

    public static void Ensure()
    {
        // The static constructor does the work, once, whoever comes first.
    }
}
