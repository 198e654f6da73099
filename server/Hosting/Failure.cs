using SecureDrop.Server.Backups;
using SecureDrop.Server.Options;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Hosting;

/// <summary>What ends the program so that whoever started it is to read why: sentences, and an exit code.</summary>
internal static class Failure
{
    /// <summary>A database that went away while it was started on, or a full disk: the same may work in a while.</summary>
    public const int LaterExitCode = 1;

    /// <summary>A setting, or the command line.</summary>
    public const int ConfigurationExitCode = 2;

    /// <summary>The data folder, or the database.</summary>
    public const int StoreExitCode = 3;

    /// <summary>A backup that is refused or broken off.</summary>
    public const int BackupExitCode = 5;

    /// <summary>Whether it is one of these, and not a fault of the program.</summary>
    public static bool Is(Exception e) => e is ConfigurationException or StoreException or BackupException or IOException;

    /// <summary>Says why.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> SayAsync(Exception e, TextWriter errors)
    {
        foreach (var sentence in e is ConfigurationException configuration ? configuration.Problems : [e.Message])
            await errors.WriteLineAsync(sentence);
        return e switch
        {
            ConfigurationException => ConfigurationExitCode,
            BackupException => BackupExitCode,
            StoreException { IsAway: true } or StoreException { IsFull: true } => LaterExitCode,
            _ => StoreExitCode,
        };
    }
}
