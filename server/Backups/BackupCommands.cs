using System.Globalization;
using System.Runtime.InteropServices;
using SecureDrop.Server.Options;
using SecureDrop.Server.Privacy;

namespace SecureDrop.Server.Backups;

/// <summary><c>backup DIR</c> and <c>restore DIR</c> before the settings of the command line: with the same settings as the server's.</summary>
internal static class BackupCommands
{
    private const int Incomplete = 4;
    private const int Refused = 5;

    /// <returns>The exit code; null where the arguments name no command, but a server.</returns>
    public static async Task<int?> TryRunAsync(string[] arguments, TimeProvider time, TextWriter output, TextWriter errors)
    {
        if (arguments is not ["backup" or "restore", ..])
            return null;
        if (arguments.Length < 2 || arguments[1].StartsWith("--", StringComparison.Ordinal))
            throw new ConfigurationException([$"{arguments[0]} needs a folder: {arguments[0]} DIR, and then the settings of the server."]);
        var options = ServerOptionsReader.Load(AppContext.BaseDirectory, arguments[2..]);
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(arguments[1]));
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            var log = new ServerLog(errors);
            var isBackup = arguments[0] == "backup";
            var result = await (isBackup ? BackupRun.ToAsync(options, path, time, log, stop.Token) : RestoreRun.FromAsync(options, path, time, log, stop.Token));
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{(isBackup ? "backed up to" : "restored from")} {path}: {result.Files} files, {result.Bytes} bytes"));
            foreach (var missing in result.Missing)
                await errors.WriteLineAsync(missing);
            return result.Missing.Count == 0 ? 0 : Incomplete;
        }
        catch (BackupException e)
        {
            await errors.WriteLineAsync(e.Message);
            return Refused;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await errors.WriteLineAsync("Stopped; nothing was kept.");
            return Refused;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
