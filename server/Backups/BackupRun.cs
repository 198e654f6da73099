using System.IO.Pipelines;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Backups;

/// <summary>Makes a backup: from the server that runs on the folder, or from the store itself where none does, or where it is a database.</summary>
internal static class BackupRun
{
    public static async Task<BackupResult> ToAsync(ServerOptions options, string path, TimeProvider time, ServerLog log, CancellationToken cancel)
    {
        BackupFolder.RequireFree(path);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (BackupSocket.TryConnect(options) is { } server)
        {
            await using (server)
                return await BackupFolder.WriteAsync(server, path, today, cancel);
        }
        await using var stores = await ServerStores.OpenAsync(options, log, time, cancel);
        var pipe = new Pipe();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var sending = Task.Run(async () =>
        {
            await using var output = pipe.Writer.AsStream();
            await SendAsync(stores, time, output, log, stop.Token);
        }, CancellationToken.None);
        try
        {
            await using var input = pipe.Reader.AsStream();
            return await BackupFolder.WriteAsync(input, path, today, cancel);
        }
        finally
        {
            await stop.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Sends it, and where that cannot be done, the reason.</summary>
    public static async Task SendAsync(ServerStores stores, TimeProvider time, Stream output, ServerLog log, CancellationToken cancel)
    {
        try
        {
            await new BackupSource(stores, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), output, cancel).WriteAsync();
        }
        catch (Exception e) when (e is BackupException or StoreException)
        {
            await BackupFrames.WriteAsync(output, BackupFrames.Failed, e.Message, cancel);
        }
#pragma warning disable CA1031 // This program's own fault: said where the others are said, and the backup breaks off. The server goes on.
        catch (Exception e) when (e is not (OperationCanceledException or IOException))
#pragma warning restore CA1031
        {
            log.OwnFault(e);
        }
    }
}
