using System.Net.Sockets;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Backups;

/// <summary>
/// Where a running server hands out a backup of its folder, which it holds alone: a socket in that folder, which nobody but its own user
/// can open. One backup at a time; nothing is asked and nothing is taken.
/// </summary>
public sealed class BackupSocket : IAsyncDisposable
{
    private const string FileName = "backup.sock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Socket _socket;
    private readonly string _path;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    private BackupSocket(Socket socket, string path, ServerStores stores, TimeProvider time, ServerLog log)
    {
        (_socket, _path) = (socket, path);
        _serving = Task.Run(() => ServeAsync(stores, time, log));
    }

    /// <summary>Listens; null where there is no folder, or its path is too long for a socket (see <see cref="ListenAddress.LongestSocketPathInBytes"/>).</summary>
    public static BackupSocket? Listen(ServerOptions options, ServerStores stores, TimeProvider time, ServerLog log)
    {
        if (PathOf(options) is not { } path)
            return null;
        // The folder is this process's alone: whatever lies there was left by a kill.
        File.Delete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, OwnerOnly);
            socket.Listen(1);
            return new BackupSocket(socket, path, stores, time, log);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new StoreException($"{path} cannot be made ({e.Message}); the data folder has to be on a file system that has sockets, and to belong to the user that the server runs as.", e);
        }
    }

    /// <summary>A backup from the server that holds the folder; null where none answers.</summary>
    public static NetworkStream? TryConnect(ServerOptions options)
    {
        if (PathOf(options) is not { } path || !File.Exists(path))
            return null;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _serving;
        _stop.Dispose();
        File.Delete(_path);
    }

    private static string? PathOf(ServerOptions options)
    {
        if (string.IsNullOrEmpty(options.Drop.DataDirectory))
            return null;
        var path = Path.GetFullPath(Path.Combine(options.Drop.DataDirectory, FileName));
        return System.Text.Encoding.UTF8.GetByteCount(path) <= ListenAddress.LongestSocketPathInBytes ? path : null;
    }

    private async Task ServeAsync(ServerStores stores, TimeProvider time, ServerLog log)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _socket.AcceptAsync(_stop.Token);
                await using var stream = new NetworkStream(client);
                await BackupRun.SendAsync(stores, time, stream, log, _stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or IOException)
            {
                // Whoever asked left, or the server stops.
            }
        }
    }
}
