using System.Net.Sockets;
using System.Text;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Backups;

/// <summary>
/// Hands out a backup while the server runs, over a Unix socket in its data folder: the folder is this process's alone, so nobody else could
/// read it. Whoever may read the folder may ask here, and nobody else. One at a time, with one part in memory; nothing is written down.
/// </summary>
internal sealed class BackupSocket : IAsyncDisposable
{
    private const string Name = "backup.sock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan GreetingWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(200);

    private readonly string _path;
    private readonly Socket _listener;
    private readonly BackupMaker _maker;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private Task _serving = Task.CompletedTask;

    private BackupSocket(string path, Socket listener, BackupMaker maker)
    {
        (_path, _listener, _maker) = (path, listener, maker);
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Begins to listen in a folder that this process holds. Where that cannot be, the server does without, and says so.</summary>
    public static BackupSocket? TryStart(string dataFolder, ServerStores stores, TimeProvider time, ServerLog log)
    {
        var path = PathIn(dataFolder);
        if (!CanBeAddressed(path))
        {
            log.NoBackups($"{path} is longer than the {ListenAddress.LongestSocketPathInBytes} bytes that a socket's path may have");
            return null;
        }
        var listener = NewSocket();
        try
        {
            // The folder's lock is held: whatever is there was left by a server that was killed.
            if (File.Exists(path) && new FileInfo(path).Length == 0)
                File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, OwnerOnly);
            listener.Listen(1);
            return new BackupSocket(path, listener, new BackupMaker(stores, time));
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            listener.Dispose();
            log.NoBackups($"{path} cannot be made a socket");
            return null;
        }
    }

    /// <summary>Where a server with this folder listens.</summary>
    public static string PathIn(string dataFolder) => Path.Combine(Path.GetFullPath(dataFolder), Name);

    /// <summary>Whether a socket may have this path.</summary>
    public static bool CanBeAddressed(string path) => Encoding.UTF8.GetByteCount(path) <= ListenAddress.LongestSocketPathInBytes;

    /// <summary>Connects to the server that runs with this folder.</summary>
    /// <returns>To be disposed; null where none listens.</returns>
    /// <exception cref="BackupException">One does, and does not let this user in.</exception>
    public static async Task<NetworkStream?> TryConnectAsync(string dataFolder, CancellationToken cancel)
    {
        var path = PathIn(dataFolder);
        if (!CanBeAddressed(path))
            return null;
        var socket = NewSocket();
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            var stream = new NetworkStream(socket, ownsSocket: true);
            await stream.WriteAsync(BackupFrames.Greeting, cancel);
            return stream;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            return e.SocketErrorCode == SocketError.AccessDenied
                ? throw new BackupException($"The server that runs with {dataFolder} does not let this user in: run this as the user that the server runs as.", e)
                : null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await _serving;
        File.Delete(_path);
        _stop.Dispose();
    }

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptAsync(_stop.Token);
                if (_serving.IsCompleted)
                    _serving = ServeAsync(client, WriteAsync);
                else
                    await ServeAsync(client, (writer, cancel) => writer.RefuseAsync("Another backup is being made: wait until it is there.", cancel));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // Somebody hung up before being let in; or there are no handles left, and asking again at once would not make any.
                await Task.Delay(TryAgainAfter, CancellationToken.None);
            }
        }
    }

    private async Task ServeAsync(Socket client, Func<BackupFrames.Writer, CancellationToken, Task> answer)
    {
        await using var stream = new NetworkStream(client, ownsSocket: true);
        var writer = new BackupFrames.Writer(stream);
        try
        {
            if (!await IsGreetedAsync(stream))
                await writer.RefuseAsync("The running server is of another version than this command: restart it, then make the backup again.", _stop.Token);
            else
                await answer(writer, _stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Whoever asked is gone, or this server stops: the other side sees that it is broken off.
        }
    }

    private async Task<bool> IsGreetedAsync(NetworkStream stream)
    {
        var greeting = new byte[BackupFrames.Greeting.Length];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        patience.CancelAfter(GreetingWithin);
        await stream.ReadExactlyAsync(greeting, patience.Token);
        return greeting.AsSpan().SequenceEqual(BackupFrames.Greeting.Span);
    }

    private async Task WriteAsync(BackupFrames.Writer writer, CancellationToken cancel)
    {
        try
        {
            await _maker.WriteAsync(writer, cancel);
            await writer.CompleteAsync(cancel);
        }
        catch (Exception e) when (e is StoreException or BackupException)
        {
            await writer.RefuseAsync(e.Message, cancel);
        }
#pragma warning disable CA1031 // Whoever asked is told; a fault of one backup is nothing that a server may end by, and nothing for its log.
        catch (Exception e) when (e is not (OperationCanceledException or IOException))
#pragma warning restore CA1031
        {
            await writer.RefuseAsync($"The backup was broken off ({e.GetType().Name}); nothing of it was left.", cancel);
        }
    }
}
