using System.Diagnostics;
using System.Net.Sockets;

namespace SecureDrop.Benchmarks.Flood;

/// <summary>
/// Requests that come at their own rate, whether or not the ones before are answered: pipelined (RFC 9112, 9.3.2) over raw sockets, so
/// that the flood is as dense as it says and not as the server lets it be. What the server does not read waits in the kernel, and the
/// flood with it.
/// </summary>
/// <param name="server">Where to.</param>
/// <param name="connections">Over so many connections.</param>
/// <param name="perSecond">Requests a second, of all of them together.</param>
/// <param name="most">Requests in all.</param>
/// <param name="request">The bytes of the n-th.</param>
/// <param name="tally">What became of them.</param>
internal sealed class OpenLoop(Uri server, int connections, int perSecond, int most, Func<int, byte[]> request, Tally tally)
{
    private const int MostAtATime = 32;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private int _next = -1;

    internal Task RunAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
    {
        while (!stop.IsCancellationRequested && Volatile.Read(ref _next) < most)
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(server.Host, server.Port, stop);
                await Task.WhenAny(SendAsync(socket, stop), ReadAsync(socket, stop)).Unwrap();
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Closed by the server, or the end of the flood.
            }

            if (!stop.IsCancellationRequested && Volatile.Read(ref _next) < most)
            {
                tally.Broke();
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }, CancellationToken.None)));

    private async Task SendAsync(Socket socket, CancellationToken stop)
    {
        long began = Stopwatch.GetTimestamp();
        double rate = (double)perSecond / connections;
        using MemoryStream together = new();
        // What was due while nothing could be sent is not made up for: a flood that the server slows down stays slowed down.
        for (double due = 1; ; due = Math.Min(due + (Stopwatch.GetElapsedTime(began).TotalSeconds * rate), MostAtATime))
        {
            began = Stopwatch.GetTimestamp();
            int count = 0;
            together.SetLength(0);
            for (; due >= 1; due--)
            {
                int n = Interlocked.Increment(ref _next);
                if (n >= most)
                {
                    break;
                }

                together.Write(request(n));
                count++;
            }

            for (ReadOnlyMemory<byte> rest = together.GetBuffer().AsMemory(0, (int)together.Length); rest.Length > 0;)
            {
                rest = rest[await socket.SendAsync(rest, stop)..];
            }

            tally.Sent(count);
            if (Volatile.Read(ref _next) >= most)
            {
                // Whoever reads ends it.
                await Task.Delay(Timeout.Infinite, stop);
            }

            await Task.Delay(Pause, stop);
        }
    }

    /// <summary>Counts the answers by their first line, and looks at nothing else of them.</summary>
    private async Task ReadAsync(Socket socket, CancellationToken stop)
    {
        byte[] buffer = new byte[16 * 1024];
        int kept = 0;
        while (true)
        {
            int read = await socket.ReceiveAsync(buffer.AsMemory(kept), stop);
            if (read == 0)
            {
                return;
            }

            kept = Count(buffer.AsSpan(0, kept + read));
        }
    }

    /// <returns>How many bytes of the end may be the beginning of a first line; they stand at the buffer's beginning then.</returns>
    private int Count(Span<byte> bytes)
    {
        ReadOnlySpan<byte> start = "HTTP/1.1 "u8;
        int at = 0;
        for (int found; (found = bytes[at..].IndexOf(start)) >= 0 && at + found + start.Length + 3 <= bytes.Length;)
        {
            at += found + start.Length;
            tally.Answered(((bytes[at] - '0') * 100) + ((bytes[at + 1] - '0') * 10) + bytes[at + 2] - '0');
        }

        Span<byte> rest = bytes[Math.Max(at, bytes.Length - start.Length - 2)..];
        rest.CopyTo(bytes);
        return rest.Length;
    }
}
