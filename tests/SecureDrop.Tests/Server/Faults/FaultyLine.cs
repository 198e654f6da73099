using System.Net;
using System.Net.Sockets;

namespace SecureDrop.Tests.Server.Faults;

/// <summary>A line to another port of this machine that can be slow, silent, cut off, or reset in the midst of an answer.</summary>
internal sealed class FaultyLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _target;
    private readonly Task _accepting;
    private readonly Lock _lock = new();
    private readonly HashSet<TcpClient> _open = [];
    private volatile bool _isCut;
    private volatile bool _isSilent;
    private long _resetAfterInBytes = -1;
    private int _delayInMilliseconds;

    public FaultyLine(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Every piece of an answer comes so much later; 0: at once.</summary>
    public void Slow(int delayInMilliseconds) => Volatile.Write(ref _delayInMilliseconds, delayInMilliseconds);

    /// <summary>What is asked arrives, and is done; no answer comes back until <see cref="Mend"/>.</summary>
    public void Silence() => _isSilent = true;

    /// <summary>After so many further bytes of answers, the connection that carries them ends without a last word.</summary>
    public void ResetAfter(long answersInBytes) => Interlocked.Exchange(ref _resetAfterInBytes, answersInBytes);

    /// <summary>All connections end, and no other comes through until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        _isCut = true;
        lock (_lock)
        {
            foreach (var client in _open)
                Reset(client);
        }
    }

    public void Mend()
    {
        _isCut = _isSilent = false;
        Slow(0);
        ResetAfter(-1);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient near)
    {
        using var far = new TcpClient();
        try
        {
            lock (_lock)
                _open.Add(near);
            if (_isCut)
                return;
            await far.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream(), stop.Token), AnswerAsync(near, far, stop.Token));
            await stop.CancelAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One side went away, as this line is made to.
        }
        finally
        {
            lock (_lock)
                _open.Remove(near);
            Reset(near);
        }
    }

    private async Task AnswerAsync(TcpClient near, TcpClient far, CancellationToken cancel)
    {
        var (buffer, from, to) = (new byte[4096], far.GetStream(), near.GetStream());
        for (int read; (read = await from.ReadAsync(buffer, cancel)) > 0;)
        {
            while (_isSilent)
                await Task.Delay(20, cancel);
            if (Volatile.Read(ref _delayInMilliseconds) is > 0 and var delay)
                await Task.Delay(delay, cancel);
            var left = Interlocked.Read(ref _resetAfterInBytes);
            if (left >= 0 && Interlocked.Add(ref _resetAfterInBytes, -read) < 0)
            {
                await to.WriteAsync(buffer.AsMemory(0, (int)Math.Clamp(left, 0, read)), cancel);
                Interlocked.Exchange(ref _resetAfterInBytes, -1);
                return;
            }
            await to.WriteAsync(buffer.AsMemory(0, read), cancel);
        }
    }

    /// <summary>A reset (RST), no orderly end.</summary>
    private static void Reset(TcpClient client)
    {
        try
        {
            // None, once it is disposed.
            client.Client?.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }
        client.Dispose();
    }
}
