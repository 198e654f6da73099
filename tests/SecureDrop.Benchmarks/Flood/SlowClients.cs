using System.Net.Sockets;
using System.Text;
using SecureDrop.Crypto.ProofOfWork;

namespace SecureDrop.Benchmarks.Flood;

/// <summary>How a client is in the way.</summary>
internal enum Slowness
{
    /// <summary>Says nothing.</summary>
    Silent,

    /// <summary>Half of a request's head.</summary>
    HalfARequest,

    /// <summary>A text of which 50 bytes come in a second.</summary>
    TricklesAText,

    /// <summary>A part of which 50 bytes come in a second.</summary>
    TricklesAPart,

    /// <summary>Asks for the page many times and reads nothing.</summary>
    DoesNotReadThePage,

    /// <summary>Asks for the largest dead drop and reads nothing.</summary>
    DoesNotReadADeadDrop,

    /// <summary>All of a text but its last byte.</summary>
    AlmostAText,

    /// <summary>All of a part but its last byte: a megabyte that the server holds.</summary>
    AlmostAPart,

    /// <summary>All of a large form but its last byte.</summary>
    AlmostAForm,
}

/// <summary>
/// Thousands of connections that want nothing but to be in the way. Each is opened again when the server closes it.
/// </summary>
internal sealed class SlowClients(Uri server, IReadOnlyList<string> tickets, string deadDrop, Tally tally)
{
    private const int BytesASecond = 50;
    private const int TextSizeInBytes = 67_195;
    private const int FormSizeInBytes = 16_800_000;
    private static readonly byte[] Zeros = new byte[1 << 16];
    private int _next;

    internal Task RunAsync(int clients, Slowness[] kinds, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, clients).Select(n => Task.Run(async () =>
    {
        while (!stop.IsCancellationRequested)
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
            try
            {
                await socket.ConnectAsync(server.Host, server.Port, stop);
                await HoldAsync(socket, kinds[n % kinds.Length], stop);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Closed by the server, or the end of the flood.
            }

            if (!stop.IsCancellationRequested)
            {
                tally.Broke();
            }
        }
    }, CancellationToken.None)));

    private async Task HoldAsync(Socket socket, Slowness kind, CancellationToken stop)
    {
        bool trickles = kind is Slowness.TricklesAText or Slowness.TricklesAPart;
        bool reads = kind is not (Slowness.DoesNotReadThePage or Slowness.DoesNotReadADeadDrop);
        (string head, int body) = Beginning(kind);
        await socket.SendAsync(Encoding.ASCII.GetBytes(head), stop);
        for (int left = body; left > 0;)
        {
            left -= await socket.SendAsync(Zeros.AsMemory(0, Math.Min(left, Zeros.Length)), stop);
        }

        while (true)
        {
            if (trickles)
            {
                await socket.SendAsync(Zeros.AsMemory(0, BytesASecond), stop);
            }
            // Zero bytes to read without having read them all means that the other side has closed.
            else if (reads && socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), stop);
        }
    }

    /// <summary>What is sent at once: a head, and so many bytes of a body.</summary>
    private (string Head, int Body) Beginning(Slowness kind)
    {
        string ticket = tickets[Interlocked.Increment(ref _next) % tickets.Count];
        string id = Convert.ToHexStringLower(Ticket.UploadId(ticket));
        return kind switch
        {
            Slowness.Silent => ("", 0),
            Slowness.HalfARequest => ("GET /api/v1/roster HTTP/1.1\r\nHost: localhost\r\n", 0),
            Slowness.TricklesAText => (Put(id, ticket, TextSizeInBytes), 0),
            Slowness.TricklesAPart => (Put(id + "/parts/1", ticket, 1 << 20), 0),
            Slowness.DoesNotReadThePage => (string.Concat(Enumerable.Repeat("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 20)), 0),
            Slowness.DoesNotReadADeadDrop => (string.Concat(Enumerable.Repeat($"GET {deadDrop} HTTP/1.1\r\nHost: localhost\r\n\r\n", 4)), 0),
            Slowness.AlmostAText => (Put(id, ticket, TextSizeInBytes), TextSizeInBytes - 1),
            Slowness.AlmostAPart => (Put(id + "/parts/1", ticket, 1 << 20), (1 << 20) - 1),
            _ => ($"POST /plain HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {FormSizeInBytes}\r\n\r\n", FormSizeInBytes - 1),
        };
    }

    private static string Put(string path, string ticket, int length) =>
        $"PUT /api/v1/reports/{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nTicket: {ticket}.00000000\r\nContent-Length: {length}\r\n\r\n";
}
