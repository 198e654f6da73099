using SecureDrop.Server.Backups;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.SourceApi;
using SecureDrop.Server.Storage;

const int ConfigurationExitCode = 2;
const int StoreExitCode = 3;
// For whoever starts it again: a database that went away while it started is back some time.
const int AwayExitCode = 1;

try
{
    if (await BackupCommands.TryRunAsync(args, TimeProvider.System, Console.Out, Console.Error) is { } ended)
        return ended;
    var options = ServerOptionsReader.Load(AppContext.BaseDirectory, args);
    var page = Page.Load(Path.Combine(AppContext.BaseDirectory, "wwwroot"));
    await using var stores = await ServerStores.OpenAsync(options, new ServerLog(Console.Error), TimeProvider.System, CancellationToken.None);
    await using var server = await DropServer.StartAsync(
        options, stores, page, TimeProvider.System, Console.Out, Console.Error, CancellationToken.None);
    await using var backups = BackupSocket.Listen(options, stores, TimeProvider.System, server.Log);
    await server.WaitForShutdownAsync();
    return 0;
}
catch (ConfigurationException e)
{
    foreach (var problem in e.Problems)
        await Console.Error.WriteLineAsync(problem);
    return ConfigurationExitCode;
}
catch (Exception e) when (e is StoreException or IOException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return e is StoreException { IsAway: true } ? AwayExitCode : StoreExitCode;
}
