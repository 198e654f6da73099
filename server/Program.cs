using SecureDrop.Server.Backups;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.SourceApi;

try
{
    if (BackupProgram.IsAskedFor(args))
    {
        using var signals = new StopSignals();
        return await BackupProgram.RunAsync(AppContext.BaseDirectory, args, Console.Out, Console.Error, TimeProvider.System, signals.Token);
    }
    var options = ServerOptionsReader.Load(AppContext.BaseDirectory, args);
    var page = Page.Load(Path.Combine(AppContext.BaseDirectory, "wwwroot"));
    await using var stores = await ServerStores.OpenAsync(options, new ServerLog(Console.Error), TimeProvider.System, CancellationToken.None);
    await using var server = await DropServer.StartAsync(
        options, stores, page, TimeProvider.System, Console.Out, Console.Error, CancellationToken.None);
    await server.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (Failure.Is(e))
{
    return await Failure.SayAsync(e, Console.Error);
}
