using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using SecureDrop.Server.Options;

namespace SecureDrop.Server.Hosting;

/// <summary>Kestrel as this server wants it: HTTP/1.1, no name of its own, patient with slow circuits, hard with large headers.</summary>
internal static class Listener
{
    public const int LongestRequestLineInBytes = 2048;
    public const int LargestHeadersInBytes = 16 * 1024;
    public const int MostHeaders = 50;

    // Of what no handler reads yet, and of what no client reads, that much is held for each of thousands of connections.
    private const int BufferSizeInBytes = 16 * 1024;
    private const double SlowestBytesPerSecond = 50;
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);
    private const UnixFileMode OwnerAndGroup =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    public static void Configure(KestrelServerOptions kestrel, ListenAddress address, long largestBodyInBytes, Connections connections)
    {
        kestrel.AddServerHeader = false;
        // Header strings are not kept for the next request on a connection.
        kestrel.DisableStringReuse = true;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = largestBodyInBytes;
        limits.MaxRequestBufferSize = BufferSizeInBytes;
        limits.MaxResponseBufferSize = BufferSizeInBytes;
        // Above the limit the longest waiting make way; this is for the moment it takes them to.
        limits.MaxConcurrentConnections = connections.Most * 2L;
        limits.MaxRequestLineSize = LongestRequestLineInBytes;
        limits.MaxRequestHeadersTotalSize = LargestHeadersInBytes;
        limits.MaxRequestHeaderCount = MostHeaders;
        limits.RequestHeadersTimeout = Grace;
        // The default (240 B/s, 5 s) cuts slow Tor circuits; no minimum at all lets one client hold a place for ever.
        limits.MinRequestBodyDataRate = new MinDataRate(SlowestBytesPerSecond, Grace);
        limits.MinResponseDataRate = new MinDataRate(SlowestBytesPerSecond, Grace);
        if (address.SocketPath is { } path)
            kestrel.ListenUnixSocket(path, Use);
        else
            kestrel.Listen(address.Address!, address.Port, Use);

        void Use(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection => connections.RunAsync(connection, next));
        }
    }

    /// <summary>
    /// The sockets' own buffers, which Kestrel's limits do not reach: a megabyte for every connection, unless set. A thousand clients that
    /// send bodies faster than they are thrown away would fill a gigabyte; what was not read yet may wait on their side.
    /// </summary>
    public static void Configure(SocketTransportOptions sockets)
    {
        sockets.MaxReadBufferSize = BufferSizeInBytes;
        sockets.MaxWriteBufferSize = BufferSizeInBytes;
    }

    /// <summary>
    /// Begins to listen. A Unix socket then lets its group in and nobody else, whatever umask the server was started with: tor
    /// reaches it through a folder that hands its group down, and any other user of the machine who could speak to it would be
    /// indistinguishable from a source.
    /// </summary>
    /// <exception cref="ConfigurationException">The address cannot be listened on.</exception>
    public static async Task StartAsync(WebApplication app, ListenAddress address, string key, CancellationToken cancel)
    {
        try
        {
            await app.StartAsync(cancel);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new ConfigurationException([address.SocketPath is null
                ? $"{key} cannot be listened on: another program has this port, this user may not take it, or the address is not one of this machine's."
                : $"{key} cannot be listened on: the socket's folder is missing, or this user may not write to it."]);
        }
        if (address.SocketPath is { } path && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, OwnerAndGroup);
    }

    /// <summary>Removes a socket that a killed server left; one that answers belongs to a server that runs, and stays.</summary>
    /// <exception cref="ConfigurationException">Something listens there, or the path is not a socket.</exception>
    public static void Probe(ListenAddress address, string key)
    {
        if (address.SocketPath is not { } path || !File.Exists(path))
            return;
        // Connecting to an ordinary file is refused just as to a dead socket: without this, a mistyped path would be unlinked.
        if (new FileInfo(path).Length > 0)
            throw new ConfigurationException([$"{key} names a file that is not a socket; choose another path."]);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            throw new ConfigurationException([$"{key} names a socket on which another server listens; stop that one or choose another path."]);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
        }
        catch (SocketException)
        {
            throw new ConfigurationException([$"{key} names a file that is not a socket of this server; choose another path."]);
        }
    }
}
