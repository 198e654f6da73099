using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SecureDrop.Tests.Reviewer.Processes;

/// <summary>
/// A SOCKS5 proxy (RFC 1928: CONNECT, no authentication) that leads every name to one port of this machine. It remembers what it was asked,
/// byte for byte as it came, and is the bad line: it can hold or cut what the server sends.
/// </summary>
internal sealed class SocksProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private CancellationTokenSource _hangUp = new();
    private long _fromServer;
    private long _faultAt = long.MaxValue;
    private bool _faultHolds;
    private TaskCompletionSource _faultReached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SocksProxy()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"socks5h://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Where everything leads.</summary>
    public int TargetPort { get; set; }

    /// <summary>What was asked for: <c>name reviewers.test:80</c>, or <c>address 127.0.0.1:80</c>.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Bytes that the server sent, since the last fault was set.</summary>
    public long BytesFromServer => Interlocked.Read(ref _fromServer);

    /// <summary>From so many bytes on nothing more comes, and the connections stay open.</summary>
    public Task HoldAfter(long bytes) => SetFault(bytes, holds: true);

    /// <summary>After so many bytes all connections end.</summary>
    public Task CutAfter(long bytes) => SetFault(bytes, holds: false);

    /// <summary>A good line again, and counting from nothing.</summary>
    public void Mend() => _ = SetFault(long.MaxValue, holds: false);

    /// <summary>Ends all connections at once, as a server that dies.</summary>
    public async Task HangUpAsync()
    {
        CancellationTokenSource old = Interlocked.Exchange(ref _hangUp, new CancellationTokenSource());
        await old.CancelAsync();
        old.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _hangUp.Dispose();
        _end.Dispose();
    }

    private Task SetFault(long bytes, bool holds)
    {
        _faultReached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _fromServer, 0);
        _faultHolds = holds;
        Interlocked.Exchange(ref _faultAt, bytes);
        return _faultReached.Task;
    }

    private async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (TcpClient server = new())
        {
            try
            {
                NetworkStream near = client.GetStream();
                Asked.Enqueue(await ReadRequestAsync(near));
                await server.ConnectAsync(IPAddress.Loopback, TargetPort, _end.Token);
                await near.WriteAsync(new byte[] { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 }, _end.Token);
                NetworkStream far = server.GetStream();
                using CancellationTokenSource hangUp = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, _hangUp.Token);
                await Task.WhenAny(near.CopyToAsync(far, hangUp.Token), ForwardAsync(far, near, hangUp.Token));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or InvalidDataException)
            {
                // One side went away, as tests make them.
            }
        }
    }

    private async Task<string> ReadRequestAsync(NetworkStream near)
    {
        byte[] head = new byte[2];
        await near.ReadExactlyAsync(head, _end.Token);
        await near.ReadExactlyAsync(new byte[head[1]], _end.Token);
        await near.WriteAsync(new byte[] { 5, 0 }, _end.Token);
        byte[] request = new byte[5];
        await near.ReadExactlyAsync(request, _end.Token);
        bool isName = request[3] == 3;
        byte[] rest = new byte[isName ? request[4] : 3];
        await near.ReadExactlyAsync(rest, _end.Token);
        byte[] port = new byte[2];
        await near.ReadExactlyAsync(port, _end.Token);
        string host = isName ? "name " + Encoding.ASCII.GetString(rest) : $"address {request[4]}.{rest[0]}.{rest[1]}.{rest[2]}";
        return $"{host}:{BinaryPrimitives.ReadUInt16BigEndian(port)}";
    }

    private async Task ForwardAsync(NetworkStream far, NetworkStream near, CancellationToken hangUp)
    {
        byte[] buffer = new byte[16 * 1024];
        int read;
        while ((read = await far.ReadAsync(buffer, _end.Token)) > 0)
        {
            long before = Interlocked.Add(ref _fromServer, read) - read;
            long room = Math.Min(read, Math.Max(Interlocked.Read(ref _faultAt) - before, 0));
            await near.WriteAsync(buffer.AsMemory(0, (int)room), _end.Token);
            if (room < read)
            {
                _faultReached.TrySetResult();
                if (_faultHolds)
                {
                    await Task.Delay(Timeout.Infinite, hangUp);
                }

                return;
            }
        }
    }
}
