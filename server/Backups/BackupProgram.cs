using System.Globalization;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Backups;

/// <summary>
/// The commands <c>backup DIR</c> and <c>restore DIR</c>, with the settings of the server. Of what they find they print what whoever typed them
/// needs: how much it was, and by what it is known again.
/// </summary>
internal static class BackupProgram
{
    private const string Backup = "backup";
    private const string Restore = "restore";

    /// <summary>The backup is there, but for days that cannot be read, each of which is named.</summary>
    public const int IncompleteExitCode = 4;

    /// <summary>Whether the command line is one of these.</summary>
    public static bool IsAskedFor(IReadOnlyList<string> arguments) => arguments.Count > 0 && arguments[0] is Backup or Restore;

    /// <param name="folder">Where <c>appsettings.json</c> may lie.</param>
    /// <param name="arguments">The command, the folder, and settings.</param>
    /// <param name="output">Gets what was done.</param>
    /// <param name="errors">Gets what was left out.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Somebody wants it to stop.</param>
    /// <returns>The exit code: 0, or <see cref="IncompleteExitCode"/>.</returns>
    /// <exception cref="ConfigurationException">The command line or a setting is wrong.</exception>
    /// <exception cref="BackupException">The backup is.</exception>
    /// <exception cref="StoreException">The store is.</exception>
    public static async Task<int> RunAsync(string folder, IReadOnlyList<string> arguments, TextWriter output, TextWriter errors, TimeProvider time, CancellationToken cancel)
    {
        var command = arguments[0];
        if (arguments.Count < 2 || arguments[1].StartsWith('-') || arguments[1].Length == 0 || arguments[1].Contains('\0'))
            throw new ConfigurationException([$"{command} wants a folder behind it: {command} DIR, and then settings as the server takes them."]);
        var options = ServerOptionsReader.Load(folder, [.. arguments.Skip(2)]);
        try
        {
            return await (command == Backup ? BackUpAsync(arguments[1], options, output, errors, time, cancel) : RestoreAsync(arguments[1], options, output, errors, time, cancel));
        }
        catch (OperationCanceledException e) when (cancel.IsCancellationRequested)
        {
            throw new BackupException(command == Backup
                ? "Stopped; nothing of the backup was left."
                : "Stopped. What was put back so far stays; run the same command again, and it goes on with it.", e);
        }
    }

    private static async Task<int> BackUpAsync(string path, ServerOptions options, TextWriter output, TextWriter errors, TimeProvider time, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var target = NewBackupFolder.Create(path);
        if (await ConnectAsync(options, cancel) is { } server)
        {
            await using (server)
                await BackupFrames.CopyAsync(server, target, cancel);
        }
        else
        {
            await using var stores = await OpenAsync(options, mayBeNew: false, cancel);
            await new BackupMaker(stores, time).WriteAsync(target, cancel);
        }
        await target.CompleteAsync(now);
        var days = target.Files.Where(file => file.File.Content == BackupContent.Reports).Select(file => file.File.Day).ToList();
        await output.WriteLineAsync($"backup: {Path.GetFullPath(path)}");
        await output.WriteLineAsync($"reports: {(days.Count == 0 ? "none yet of a day that is complete" : $"{Number(days.Count)} days, {days[0]:yyyy-MM-dd} to {days[^1]:yyyy-MM-dd}")}");
        await output.WriteLineAsync($"bytes: {Number(target.Files.Sum(file => file.SizeInBytes))}");
        await output.WriteLineAsync($"manifest: {target.ManifestDigest}");
        foreach (var sentence in target.LeftOut)
            await errors.WriteLineAsync(sentence);
        return target.LeftOut.Count == 0 ? 0 : IncompleteExitCode;
    }

    private static async Task<int> RestoreAsync(string path, ServerOptions options, TextWriter output, TextWriter errors, TimeProvider time, CancellationToken cancel)
    {
        var pinned = string.IsNullOrEmpty(options.Drop.DropKey) ? null : MinisignPublicKey.Parse(options.Drop.DropKey);
        var backup = await CheckedBackup.OpenAsync(path, pinned, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), cancel);
        Restored restored;
        await using (var stores = await OpenAsync(options, mayBeNew: true, cancel))
            restored = await new Restorer(stores, options.Retention, time).RestoreAsync(backup, cancel);
        foreach (var file in restored.Ended)
            await errors.WriteLineAsync($"{file.Name} was left out: by this machine's clock, and the settings, its day has ended since.");
        await output.WriteLineAsync($"restored: {Path.GetFullPath(path)}");
        await output.WriteLineAsync($"files: {Number(restored.Days)} of days, {Number(restored.Ended.Count)} left out");
        await output.WriteLineAsync($"manifest: {backup.ManifestDigest}");
        // To be compared with the link: a backup vouches for itself alone.
        await output.WriteLineAsync($"drop: {backup.DropKey.Text}");
        return 0;
    }

    /// <summary>A server that runs holds its folder, and hands out the backup itself. A database is open to several.</summary>
    private static Task<System.Net.Sockets.NetworkStream?> ConnectAsync(ServerOptions options, CancellationToken cancel) => MongoSettings.AreSet(options.Mongo)
        ? Task.FromResult<System.Net.Sockets.NetworkStream?>(null)
        : BackupSocket.TryConnectAsync(options.Drop.DataDirectory, cancel);

    private static async Task<ServerStores> OpenAsync(ServerOptions options, bool mayBeNew, CancellationToken cancel)
    {
        var folder = options.Drop.DataDirectory;
        // A folder or database whose name was mistyped is not to be made by it.
        if (!mayBeNew && !await ServerStores.AreThereAsync(options, cancel))
        {
            throw new BackupException(MongoSettings.AreSet(options.Mongo)
                ? $"There is no drop in the database {options.Mongo.Database}: run this with the server's settings, SecureDrop:Mongo:Database among them."
                : $"There is no drop in {folder}, or this user may not look: run this as the user that the server runs as, with the server's settings.");
        }
        try
        {
            return await ServerStores.OpenNowAsync(options, cancel);
        }
        catch (StoreException e) when (!mayBeNew && !MongoSettings.AreSet(options.Mongo) && !BackupSocket.CanBeAddressed(BackupSocket.PathIn(folder)))
        {
            throw new StoreException($"{e.Message} A server that runs cannot be asked either: the path of its socket, {BackupSocket.PathIn(folder)}, would be longer than {ListenAddress.LongestSocketPathInBytes} bytes.", e);
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
